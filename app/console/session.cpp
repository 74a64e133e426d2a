#include "console/session.h"

#include <QElapsedTimer>
#include <QEvent>
#include <algorithm>
#include <utility>

#include "cluster/local_server.h"
#include "cluster/remote_cluster.h"
#include "console/demo_traffic.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/profiles.h"

namespace vx11::console {
namespace {

constexpr int paintedWithinMs = 2000;  // a window that nobody can see is never painted
constexpr int lookAgainMs = 50;
constexpr qint64 leaveWithinMs = 3000;  // more than ending some hundred streams takes

bool hasStreams(const cluster::Cluster& cluster) {
  const auto& all = cluster.instances();
  return std::any_of(all.begin(), all.end(), [](const auto& info) { return info.streams.value_or(0) > 0; });
}

bool isDraining(const cluster::Cluster& cluster) {
  const auto& all = cluster.instances();
  return std::any_of(all.begin(), all.end(),
                     [](const auto& info) { return info.state == cluster::InstanceState::Draining; });
}

}  // namespace

/// Goes from the last to the first: each uses those above it.
struct Session::Stage {
  std::unique_ptr<cluster::Cluster> cluster;
  std::unique_ptr<ui::MainWindow> window;
  std::unique_ptr<DemoTraffic> traffic;
  QElapsedTimer leaving;  ///< since the window went

  /// From the second call on, whether nobody is waited for any more.
  bool leave() {
    if (!leaving.isValid()) {
      leaving.start();
      traffic.reset();
      window.reset();
      if (!hasStreams(*cluster) || !cluster->hasServerToStop()) return true;
      cluster->stopServer();
      return false;  // it tells of it later
    }
    return !isDraining(*cluster) || leaving.hasExpired(leaveWithinMs);
  }
};

Session::Session(const Given& given, ui::ThemeManager& themes, ui::SettingsStore& settings, ui::Profiles& profiles)
    : given_(given), themes_(themes), settings_(settings), profiles_(profiles) {
  dropLeft_.setSingleShot(true);
  connect(&dropLeft_, &QTimer::timeout, this, &Session::dropLeft);
  connect(&profiles, &ui::Profiles::openRequested, this, &Session::open);
}

Session::~Session() = default;

cluster::Cluster& Session::cluster() const { return *stage_->cluster; }

ui::MainWindow& Session::window() const { return *stage_->window; }

void Session::open(const cluster::Profile& profile) {
  if (!stage_) return replace(profile);
  window().leave([this, profile] { replace(profile); });
}

void Session::closeNow() { window().closeNow(); }

std::unique_ptr<cluster::Cluster> Session::openCluster(const cluster::Profile& profile) const {
  switch (profile.kind) {
    case cluster::ProfileKind::LocalServer:
      break;
    case cluster::ProfileKind::LocalCluster: {
      cluster::LocalClusterOptions several = given_.localCluster;
      if (!given_.instancesGiven) several.instances = settings_.preferences().localInstances;
      if (!given_.traffic && several.redisServers == 1)
        several.redisServers = settings_.preferences().localRedisServers;
      return cluster::openLocalCluster(several);
    }
    case cluster::ProfileKind::RemoteCluster: {
      const ui::ProfileSecrets secrets = profiles_.secretsOf(profile);
      return cluster::openRemoteCluster(profile, secrets.principal, secrets.redisPassword, secrets.sentinelPassword);
    }
  }
  cluster::LocalServerOptions options;
  options.firstPort = given_.localCluster.firstPort;
  return cluster::openLocalServer(options);
}

void Session::replace(const cluster::Profile& profile) {
  if (stage_) {
    window().setEnabled(false);
    window().remember();
  }
  auto next = std::make_unique<Stage>();
  next->cluster = openCluster(profile);
  next->window = std::make_unique<ui::MainWindow>(*next->cluster, themes_, settings_, profiles_);
  if (given_.traffic && profile.kind == cluster::ProfileKind::LocalCluster) {
    next->traffic = std::make_unique<DemoTraffic>(*next->cluster);
    connect(next->traffic.get(), &DemoTraffic::streamsChanged, next->window.get(), &ui::MainWindow::setOwnStreams);
  }
  if (!stage_ && given_.size.isValid()) next->window->resize(given_.size);
  // Restoring makes room for a frame, which a window at the top of a screen without frames would jump by.
  if (stage_ && window().windowState() == Qt::WindowNoState) next->window->setGeometry(window().geometry());
  std::swap(stage_, next);
  if (!next) return window().show();

  left_.push_back(std::move(next));
  window().installEventFilter(this);
  dropLeft_.start(paintedWithinMs);
  window().show();
  window().activateWindow();
}

bool Session::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Paint && watched == stage_->window.get()) {
    watched->removeEventFilter(this);
    dropLeft_.start(0);  // after this frame
  }
  return QObject::eventFilter(watched, event);
}

void Session::dropLeft() {
  if (left_.empty()) return;
  std::erase_if(left_, [](const auto& stage) { return stage->leave(); });
  if (left_.empty()) return Q_EMIT opened();
  dropLeft_.start(lookAgainMs);
}

}  // namespace vx11::console
