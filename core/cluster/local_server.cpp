#include "cluster/local_server.h"

#include <algorithm>
#include <utility>

#include "cluster/embedded_server.h"
#include "cluster/live_cluster.h"
#include "cluster/local_principals.h"
#include "cluster/service_log.h"

namespace vx11::cluster {
namespace {

constexpr int portsToTry = 21;

std::vector<std::uint16_t> portsFrom(quint16 first) {
  std::vector<std::uint16_t> ports;
  for (int port = first; first != 0 && port < first + portsToTry && port <= 0xffff; ++port) {
    ports.push_back(static_cast<std::uint16_t>(port));
  }
  ports.push_back(0);
  return ports;
}

config::Settings settingsOf(const LocalServerOptions& options, const std::vector<Secret>& principals) {
  config::Settings settings;
  settings.listen.host = "127.0.0.1";
  settings.mode = "memory";
  settings.instance_id = "local";
  settings.threads = 2;
  settings.principals = principals;
  settings.allowed_hosts = {"127.0.0.1", "localhost", "[::1]"};  // against DNS rebinding
  settings.max_tokens = static_cast<std::uint64_t>(std::max(options.maxTokens, 1));
  settings.ttl = std::chrono::seconds(std::max(options.ttlSec, 1));
  settings.max_ttl = std::max(settings.max_ttl, settings.ttl);
  return settings;
}

/// Before LiveCluster, which holds references to it.
struct Surroundings {
  SystemClock systemClock;
  SystemRandom systemRandom;
};

class LocalServer final : private Surroundings, public LiveCluster {
 public:
  explicit LocalServer(const LocalServerOptions& options)
      : LiveCluster(localProfile(), systemClock, systemRandom),
        options_(options),
        principals_(findLocalPrincipals(systemRandom)) {
    addInstance(QStringLiteral("local"));
    start();
  }

  ~LocalServer() override {
    if (server_ && instances().first().streams.value_or(0) > 0) server_->sayGoodbye();
  }

  [[nodiscard]] Secret localPrincipal() const override { return principals_.front(); }

  void retryNow() override {
    if (server_)
      LiveCluster::retryNow();
    else
      start();
  }

  [[nodiscard]] bool hasServerToStop() const override {
    const InstanceState state = instances().first().state;
    return server_ && state != InstanceState::Starting && state != InstanceState::Draining;
  }

  void stopServer() override {
    if (canChange() && hasServerToStop()) server_->drain();
  }

 private:
  static Profile localProfile() {
    Profile profile;
    profile.name = tr("Local server");
    return profile;
  }

  void start() {
    tellInstance(0, InstanceState::Starting, QStringLiteral("starting"));
    server_ = std::make_unique<EmbeddedServer>(settingsOf(options_, principals_), portsFrom(options_.firstPort),
                                               systemClock, systemRandom);
    connect(server_.get(), &EmbeddedServer::logged, this, [this](const QList<QByteArray>& lines) {
      for (const QByteArray& line : lines) {
        if (auto entry = parseServiceLog(line)) journal().add(*std::move(entry));
      }
    });
    connect(server_.get(), &EmbeddedServer::started, this, [this](const QUrl& url, quint16 port, double startupMs) {
      log(Severity::Info, instances().first().id, QStringLiteral("server_started"),
          {{QStringLiteral("url"), url.toString()},
           {QStringLiteral("port"), port},
           {QStringLiteral("startup_ms"), startupMs}});
      mark(TimeMark::Kind::ServerStarted, instances().first().id, url.toString());
      connectInstance(0, url, principals_.front());
    });
    connect(server_.get(), &EmbeddedServer::failed, this, [this](const QString& sentence) {
      log(Severity::Error, instances().first().id, QStringLiteral("start_failed"),
          {{QStringLiteral("text"), sentence}});
      dismiss(QStringLiteral("start_failed"));
      Q_EMIT startFailed(sentence);
    });
    connect(server_.get(), &EmbeddedServer::draining, this,
            [this] { tellInstance(0, InstanceState::Draining, QStringLiteral("draining")); });
    connect(server_.get(), &EmbeddedServer::stopped, this, [this] {
      log(Severity::Warning, instances().first().id, QStringLiteral("server_stopped"), {});
      dismiss(QStringLiteral("stopped"));
    });
  }

  void dismiss(const QString& reason) {
    // We are called by it; should we go before the event loop does it, it goes with us.
    server_->setParent(this);
    server_.release()->deleteLater();
    tellInstance(0, InstanceState::Stopped, reason);
  }

  LocalServerOptions options_;
  std::vector<Secret> principals_;
  std::unique_ptr<EmbeddedServer> server_;
};

}  // namespace

std::unique_ptr<Cluster> openLocalServer(const LocalServerOptions& options) {
  return std::make_unique<LocalServer>(options);
}

}  // namespace vx11::cluster
