// LocalCluster's ears: what its processes do and say, for cards, log and time axis.
#include <algorithm>
#include <utility>

#include "cluster/local_cluster_live.h"
#include "cluster/local_cluster_log.h"
#include "cluster/service_log.h"

namespace vx11::cluster::local {
namespace {

using State = NodeInfo::State;
constexpr int portTries = 5;

bool isPortTaken(const QString& reason) { return reason.contains(QStringLiteral("in use")); }

}  // namespace

void LocalCluster::onChanged(int number) {
  const NodeInfo info = supervisor_.nodes()[number];
  const State before = std::exchange(node(number).state, info.state);
  tellChange(info, before);
  if (info.kind == NodeInfo::Kind::Instance) {
    tellInstanceOf(info, before);
    if (info.state == State::Starting && info.pid != 0) readyTimer_.start();
  } else if (info.state == State::Running) {
    node(number).served = true;
    startWaiting();
  }
  // Later: a node is started anew when it has told everybody that it failed.
  if (info.state == State::Failed)
    QMetaObject::invokeMethod(
        this, [this, number] { onFailed(number); }, Qt::QueuedConnection);
}

void LocalCluster::tellChange(const NodeInfo& info, State before) {
  const QVariantMap pid{{QStringLiteral("pid"), info.pid}}, reason{{QStringLiteral("reason"), info.reason}};
  switch (info.state) {
    case State::Starting:
      if (info.pid != 0) log(Severity::Info, info.name, QStringLiteral("process_started"), pid);
      return;
    case State::Running:
      if (before == State::Paused) log(Severity::Info, info.name, QStringLiteral("process_resumed"), pid);
      return;
    case State::Paused:
      return log(Severity::Warning, info.name, QStringLiteral("process_paused"), pid);
    case State::Stopping:
      return log(Severity::Info, info.name, QStringLiteral("process_stopping"), pid);
    case State::Stopped:
      return log(Severity::Warning, info.name, QStringLiteral("process_stopped"), reason);
    case State::Failed:
      return log(Severity::Error, info.name, QStringLiteral("process_failed"), reason);
  }
}

void LocalCluster::tellInstanceOf(const NodeInfo& info, State before) {
  switch (info.state) {
    case State::Starting:
      return tellInstance(info.slot, InstanceState::Starting, QStringLiteral("starting"));
    case State::Running: {
      const QUrl url(QStringLiteral("http://127.0.0.1:%1").arg(node(info.slot).port));
      // Where it was before, its client stays: jobs may be under way.
      if (instances()[info.slot].url == url) return LiveCluster::retryNow();
      connectInstance(info.slot, url, principals_.front());
      return greet();
    }
    case State::Paused:
      return tellInstance(info.slot, InstanceState::Paused, QStringLiteral("paused"));
    case State::Stopping:
      if (!info.reason.isEmpty()) return;  // killed: it drains nothing
      return tellInstance(info.slot, InstanceState::Draining, QStringLiteral("draining"));
    case State::Stopped:
      return tellInstance(info.slot, InstanceState::Stopped, QStringLiteral("stopped"));
    case State::Failed:
      // One that crashed is found unreachable, as anybody else finds it.
      if (before == State::Running || before == State::Paused) return LiveCluster::retryNow();
      return tellInstance(info.slot, InstanceState::Stopped, QStringLiteral("start_failed"));
  }
}

void LocalCluster::greet() {
  const QList<NodeInfo>& nodes = supervisor_.nodes();
  const bool allServe = std::all_of(nodes.begin(), nodes.end(), [](const NodeInfo& one) {
    return one.kind != NodeInfo::Kind::Instance || one.state == State::Running;
  });
  if (acquaintance_ && allServe) acquaintance_->begin();
}

void LocalCluster::onFailed(int number) {
  const NodeInfo info = supervisor_.nodes()[number];
  Node& mine = node(number);
  if (info.state != State::Failed || mine.served) return;
  const bool isRedis = info.kind != NodeInfo::Kind::Instance;
  if (isPortTaken(info.reason) && ++mine.tries < portTries) return supervisor_.node(number).start();
  const QString sentence = tr("%1 could not start: %2").arg(info.name, info.reason);
  if (isRedis) return giveUp(sentence);
  if (opened_) Q_EMIT startFailed(sentence);
}

void LocalCluster::onLines(int number, const QList<QByteArray>& lines) {
  const NodeInfo info = supervisor_.nodes()[number];
  const bool starts = info.state == State::Starting;
  for (const QByteArray& line : lines) {
    if (auto entry = parseServiceLog(line)) {
      if (entry->severity != Severity::Debug) journal().add(*std::move(entry));
    } else if (const auto redis = parseRedisLine(line)) {
      // Its advice at start is for those who run it for good.
      if (!starts && redis->severity != Severity::Debug)
        log(redis->severity, info.name, QStringLiteral("process_said"), {{QStringLiteral("message"), redis->text}});
    } else if (!line.trimmed().isEmpty() && !starts) {
      log(Severity::Info, info.name, QStringLiteral("process_said"),
          {{QStringLiteral("message"), QString::fromUtf8(line)}});
    }
    if (info.kind != NodeInfo::Kind::Instance) hearRedis(number, info, line);
  }
}

void LocalCluster::hearRedis(int number, const NodeInfo& info, const QByteArray& line) {
  const bool isSentinel = info.kind == NodeInfo::Kind::Sentinel;
  if (isSentinel) redis_->hear(line);
  if (!isSentinel && LocalRedis::saysCopied(line)) {
    ++copies_;
    startWaiting();
  }
  const bool isReady = isSentinel ? LocalRedis::saysWatching(line) : saysReady(line);
  if (info.state == State::Starting && isReady) supervisor_.node(number).setReady();
}

}  // namespace vx11::cluster::local
