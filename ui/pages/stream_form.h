// The form that opens streams: where, how many, with what kind of token, from which event on. It says what went wrong
// in itself.
#pragma once

#include <QVariantMap>

#include "cluster/cluster.h"
#include "cluster/streams.h"
#include "widgets/card.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace vx11::ui {

class TextLabel;

class StreamForm : public Card {
  Q_OBJECT
 public:
  /// The cluster has streams, and outlives the form.
  explicit StreamForm(cluster::Cluster& cluster, QWidget* parent = nullptr);
  /// Opens what the form says; nothing where that can't be.
  void open();
  /// Looks at the cluster again: instances, balancer, whether anything can be changed.
  void refresh();
  [[nodiscard]] cluster::StreamSpec spec() const;
  /// Where from on: typed by somebody who chose an event.
  void setLastEventId(const QString& id);
  [[nodiscard]] QVariantMap viewState() const;
  void restoreViewState(const QVariantMap& state);

 Q_SIGNALS:
  void message(const QString& text);

 private:
  void openNow();
  void buildRows();
  void refreshTargets();
  void refreshButton();
  [[nodiscard]] QString whyNot() const;

  cluster::Cluster& cluster_;
  QComboBox* where_;
  QSpinBox* count_;
  QCheckBox* singleUse_;
  QLineEdit* lastEventId_;
  TextLabel* error_;
  QPushButton* open_;
};

}  // namespace vx11::ui
