// How the window hears of alerts, and what it does then.
#include <algorithm>

#include "cluster/alert_watch.h"
#include "pages/alerts_view.h"
#include "platform/settings_store.h"
#include "shell/alert_notices.h"
#include "shell/main_window.h"
#include "shell/status_bar.h"

namespace vx11::ui {

void MainWindow::connectAlerts() {
  const auto& profile = cluster_.profile();
  const QString key = profile.id.isEmpty() ? profile.name : profile.id;
  alerts_->restore(settings_.alertState(key));
  connect(alerts_.get(), &cluster::AlertWatch::stateChanged, this,
          [this, key] { settings_.setAlertState(key, alerts_->state()); });
  connect(alerts_.get(), &cluster::AlertWatch::asked, this, [this](const cluster::AlertKey& asked) {
    openAlerts();
    dock_->alerts()->choose(asked);
  });
  connect(&notifier_, &Notifier::opened, this, [this] {
    showNormal();
    raise();
    activateWindow();
    openAlerts();
  });
  new AlertNotices(
      cluster_, *alerts_, notifier_, [this] { return settings_.preferences().notifies; }, {}, this);

  on(QStringLiteral("alerts.acknowledge"), [this] {
    const QString said = dock_->alerts()->acknowledge();
    if (!said.isEmpty()) statusBar_->showMessage(said);
  });
  const auto refresh = [this] {
    const auto& alerts = alerts_->alerts();
    const bool any = std::any_of(alerts.begin(), alerts.end(),
                                 [](const cluster::Alert& alert) { return alert.firing && !alert.acknowledged; });
    actions_.setReason(QStringLiteral("alerts.acknowledge"), any ? QString() : tr("No alert fires that nobody has seen"));
  };
  connect(alerts_.get(), &cluster::AlertWatch::changed, this, refresh);
  refresh();
}

void MainWindow::openAlerts() { dock_->open(Dock::Part::Alerts); }

}  // namespace vx11::ui
