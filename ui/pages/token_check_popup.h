// The small window that checks a token somebody has: pasted, masked, asked of every instance, and forgotten on closing.
#pragma once

#include <QFrame>
#include <QPointer>

#include "cluster/cluster.h"

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace vx11::ui {

class TextLabel;

class TokenCheckPopup : public QFrame {
  Q_OBJECT
 public:
  explicit TokenCheckPopup(cluster::Cluster& cluster, QWidget* parent = nullptr);
  void openUnder(const QWidget* anchor);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void check();
  void add(const cluster::CheckAnswer& answer);
  void clearAnswers();
  void refresh();

  cluster::Cluster& cluster_;
  QLineEdit* field_;
  QPushButton* check_;
  TextLabel* note_;
  QVBoxLayout* answers_;
  QPointer<cluster::CheckJob> job_;
};

}  // namespace vx11::ui
