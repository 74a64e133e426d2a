// Publishes one event: its name, its data, one button. What the service would refuse is said before it is sent.
#pragma once

#include <QPointer>
#include <QWidget>

#include "cluster/cluster.h"

class QLineEdit;
class QPushButton;

namespace vx11::ui {

class StreamPublish : public QWidget {
  Q_OBJECT
 public:
  /// The cluster outlives the box.
  explicit StreamPublish(cluster::Cluster& cluster, QWidget* parent = nullptr);
  /// Which instance takes it; -1: the first that is live.
  void setSlot(int slot) { slot_ = slot; }
  void publish();
  void refresh();

  /// The data as typed: JSON where it is some, else a text.
  [[nodiscard]] static QJsonValue dataOf(const QString& typed);
  /// Why the service would not take an event of that name; empty: it would.
  [[nodiscard]] static QString whyNotName(const QString& name);

 Q_SIGNALS:
  void message(const QString& text);

 private:
  void send(const cluster::PublishSpec& spec);

  cluster::Cluster& cluster_;
  QLineEdit* name_;
  QLineEdit* data_;
  QPushButton* publish_;
  QPointer<cluster::PublishJob> job_;
  int slot_ = -1;
};

}  // namespace vx11::ui
