// The balancer of a profile that has one, as a small card: its address, and where to see how it routes.
#pragma once

#include <QUrl>

#include "widgets/card.h"

namespace vx11::ui {

class ElidedLabel;

class BalancerCard : public Card {
  Q_OBJECT
 public:
  explicit BalancerCard(QWidget* parent = nullptr);
  void display(const QUrl& address);

 Q_SIGNALS:
  void testRequested();

 private:
  ElidedLabel* address_;
};

}  // namespace vx11::ui
