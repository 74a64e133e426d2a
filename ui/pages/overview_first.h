// The Overview before the first token: the running server, how to reach it, and four first steps.
#pragma once

#include "pages/overview_local.h"

namespace vx11::ui {

class AlertsCard;
class FirstSteps;

/// A card that only says why it is empty.
[[nodiscard]] Card* quietCard(const QString& title, const QString& icon, const QString& sentence);
[[nodiscard]] Card* redisNotUsedCard();

class FirstStartView : public QWidget {
  Q_OBJECT
 public:
  FirstStartView(const Services& services, int revealMs, QWidget* parent = nullptr);
  void display(const cluster::InstanceInfo& info, const overview::Look& look);
  void hidePrincipal();
  [[nodiscard]] FirstSteps* steps() const { return steps_; }
  [[nodiscard]] LocalServerCard* server() const { return server_; }
  [[nodiscard]] ShellCard* shell() const { return shell_; }

 private:
  LocalServerCard* server_;
  ShellCard* shell_;
  FirstSteps* steps_;
  AlertsCard* alerts_;
  cluster::Cluster& cluster_;
};

}  // namespace vx11::ui
