#include "cluster/embedded_server.h"

#include <QElapsedTimer>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "server/instance.h"

namespace vx11::cluster {
namespace {
constexpr qsizetype maxPendingLines = 1000;
/// A stop waits 300 ms for balancers before it ends the streams. For more than a few hundred this isn't enough.
constexpr std::chrono::milliseconds goodbyeWait{1000};
}  // namespace

/// What the instance's threads and ours share; lives as long as either.
struct EmbeddedServer::Link {
  std::mutex mutex;
  std::condition_variable ended;
  EmbeddedServer* owner = nullptr;  ///< null once it is gone
  bool posted = false, hasStopped = false;
  // News for the owner's thread:
  std::unique_ptr<server::Instance> instance;
  double startupMs = 0;
  bool isStarted = false, isDraining = false, isStopped = false;
  std::optional<std::string> failure;
  QList<QByteArray> lines;

  /// Call with the mutex held.
  void post() {
    if (owner == nullptr || std::exchange(posted, true)) return;
    QMetaObject::invokeMethod(
        owner, [target = owner] { target->onNews(); }, Qt::QueuedConnection);
  }
  void addLine(std::string_view line) {
    if (line.find(R"("level":"debug")") != std::string_view::npos) return;
    const std::lock_guard lock(mutex);
    if (lines.size() >= maxPendingLines) return;  // a storm: what the journal holds would be pushed out by it anyway
    lines.append(QByteArray(line.data(), static_cast<qsizetype>(line.size())));
    post();
  }
  void onDraining() {
    const std::lock_guard lock(mutex);
    isDraining = true;
    post();
  }
  void onStopped() {
    const std::lock_guard lock(mutex);
    hasStopped = isStopped = true;
    ended.notify_all();
    post();
  }
};

EmbeddedServer::EmbeddedServer(config::Settings settings, std::vector<std::uint16_t> ports, const Clock& clock,
                               Random& random, QObject* parent)
    : QObject(parent), link_(std::make_shared<Link>()) {
  link_->owner = this;
  starter_ = std::jthread([link = link_, settings = std::move(settings), ports = std::move(ports), &clock, &random] {
    QElapsedTimer timer;
    timer.start();
    std::string why = "no port was given";
    for (const std::uint16_t port : ports) {
      config::Settings attempt = settings;
      attempt.listen.port = port;
      auto instance = server::Instance::start(std::move(attempt),
                                              {clock, random, [link](std::string_view line) { link->addLine(line); }});
      if (instance.has_value()) {
        (*instance)->on_draining([link] { link->onDraining(); });
        (*instance)->on_stopped([link] { link->onStopped(); });
        const std::lock_guard lock(link->mutex);
        link->instance = std::move(*instance);
        link->startupMs = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        link->isStarted = true;
        link->post();
        return;
      }
      why = std::move(instance).error();
      if (why.find("in use") == std::string::npos) break;
    }
    const std::lock_guard lock(link->mutex);
    link->failure = std::move(why);
    link->post();
  });
}

EmbeddedServer::~EmbeddedServer() {
  {
    const std::lock_guard lock(link_->mutex);
    link_->owner = nullptr;
  }
  starter_.join();
  std::unique_ptr<server::Instance> instance;
  {
    const std::lock_guard lock(link_->mutex);
    instance = std::move(link_->instance);
  }
  instance.reset();  // without the lock: its last log lines take it
}

void EmbeddedServer::drain() {
  std::unique_lock lock(link_->mutex);
  if (!link_->instance || link_->hasStopped) return;
  server::Instance* const instance = link_->instance.get();
  lock.unlock();  // its first words take it
  instance->drain("the console");
}

void EmbeddedServer::sayGoodbye() {
  drain();
  std::unique_lock lock(link_->mutex);
  if (!link_->instance) return;
  link_->ended.wait_for(lock, goodbyeWait, [this] { return link_->hasStopped; });
}

void EmbeddedServer::onNews() {
  std::unique_lock lock(link_->mutex);
  link_->posted = false;
  const bool isStarted = std::exchange(link_->isStarted, false), isDraining = std::exchange(link_->isDraining, false);
  const bool isStopped = std::exchange(link_->isStopped, false);
  const auto failure = std::exchange(link_->failure, std::nullopt);
  const auto lines = std::exchange(link_->lines, {});
  const QUrl url(isStarted ? QString::fromStdString(link_->instance->url()) : QString());
  const quint16 port = isStarted ? link_->instance->port() : quint16{0};
  const double startupMs = link_->startupMs;
  lock.unlock();

  if (!lines.isEmpty()) Q_EMIT logged(lines);
  if (isStarted) Q_EMIT started(url, port, startupMs);
  if (failure) Q_EMIT failed(QString::fromStdString(*failure));
  if (isDraining) Q_EMIT draining();
  if (isStopped) Q_EMIT stopped();  // the last: the receiver may delete us
}

}  // namespace vx11::cluster
