#include "cluster/instance_monitor.h"

#include <algorithm>

namespace vx11::cluster {
namespace {

/// Whether a status says that the internal calls don't exist there.
bool isMissing(const Failure& failure) {
  return failure.kind == Failure::Kind::Http && (failure.httpStatus == 404 || failure.httpStatus == 405);
}
bool isAnswer(const Failure& failure) {
  return failure.kind == Failure::Kind::Http || failure.kind == Failure::Kind::BadAnswer;
}

}  // namespace

InstanceMonitor::InstanceMonitor(int slot, const QString& name, std::function<qint64()> now, Random& random,
                                 QObject* parent)
    : QObject(parent), now_(std::move(now)), connection_(now_(), random) {
  info_.slot = slot;
  info_.id = name;
  timer_.setSingleShot(true);
  connect(&timer_, &QTimer::timeout, this, &InstanceMonitor::poll);
}

InstanceMonitor::~InstanceMonitor() { call_.cancel(); }

void InstanceMonitor::setClient(InstanceClient* client) {
  call_.cancel();
  timer_.stop();
  client_ = client;
  if (client == nullptr) return;
  connection_.forgetCalls();
  info_.url = client->origin();
  if (info_.id.isEmpty()) info_.id = info_.url.authority();
  Q_EMIT changed();
  poll();
}

void InstanceMonitor::setAttention(Attention attention) {
  if (std::exchange(attention_, attention) == attention || client_ == nullptr || call_.active()) return;
  scheduleNext();
}

void InstanceMonitor::pollNow() {
  if (client_ != nullptr && connection_.pollDelay(attention_)) poll();
}

void InstanceMonitor::tell(InstanceState state, const QString& reason) {
  if (state == InstanceState::Stopped) {
    call_.cancel();
    timer_.stop();
  }
  apply(connection_.toldThat(now_(), state, reason));
}

bool InstanceMonitor::watchable() const {
  return connection_.reachable() && connection_.internalCalls() && connection_.state() != InstanceState::Draining &&
         connection_.reason() != QStringLiteral("refused_principal");
}

void InstanceMonitor::poll() {
  timer_.stop();
  if (call_.active() || client_ == nullptr) return;
  pollBeganAt_ = now_();
  if (!connection_.internalCalls() || !client_->hasPrincipal()) {
    askHealth();
    return;
  }
  call_ = client_->stats([this](const Answer<wire::Stats>& stats) {
    if (stats.has_value()) onStats(*stats);
    else if (isMissing(stats.error())) askHealth();
    else onFailure(stats.error());
  });
}

void InstanceMonitor::askHealth() {
  call_ = client_->health([this](const Answer<wire::Health>& health) {
    if (health.has_value()) onHealth(*health);
    else if (isAnswer(health.error())) onHealth({});  // alive is who answers anything
    else onFailure(health.error());
  });
}

void InstanceMonitor::setIdentity(const QString& id, const QString& version, const QString& mode) {
  info_.answeredAt = now_();
  info_.answeredWhen = QDateTime::currentDateTime();
  if (!id.isEmpty()) info_.id = id;
  info_.version = version;
  const QString before = std::exchange(info_.mode, mode);
  if (!before.isEmpty() && !mode.isEmpty() && before != mode) Q_EMIT modeChanged(before, mode);
}

void InstanceMonitor::onStats(const wire::Stats& stats) {
  setIdentity(stats.instanceId, stats.version, stats.mode);
  take(stats);
  takeRates(stats);
  apply(connection_.answered(now_(), stats.state,
                             redis_ ? redis_->trouble(stats.mode, stats.modeDraining) : QString()));
  sample();
  scheduleNext();
}

void InstanceMonitor::onHealth(const wire::Health& health) {
  setIdentity(health.instanceId, health.version, health.mode);
  info_.liveTokens = health.liveTokens;
  apply(connection_.answeredHealthOnly(now_()));
  sample();
  scheduleNext();
}

void InstanceMonitor::onFailure(const Failure& failure) {
  if (isAnswer(failure)) {
    info_.answeredAt = now_();
    info_.answeredWhen = QDateTime::currentDateTime();
    apply(connection_.answeredBadly(now_(), failure));
  } else {
    apply(connection_.failed(now_(), failure));
  }
  continues_ = false;
  scheduleNext();
}

void InstanceMonitor::take(const wire::Stats& stats) {
  info_.liveTokens = stats.active;
  info_.streams = stats.streamsOpen;
  info_.issuedTotal = stats.issued;
  info_.acceptedTotal = stats.accepted;
  info_.refusedTotal = stats.refused;
  info_.checkedTotal.reset();
  if (stats.accepted && stats.refused) {
    info_.checkedTotal = *stats.accepted + *stats.refused + stats.cannotTell.value_or(0);
  }
  info_.expiredTotal = stats.expired;
  info_.revokedTotal = stats.revoked;
  info_.localHitsTotal = stats.localHits;
  info_.localMissesTotal = stats.localMisses;
  info_.cacheBytes = stats.cacheBytes;
  info_.maxTokens = stats.maxTokens;
  info_.issueLatency = stats.issueLatency;
  info_.localCheckLatency = stats.localCheckLatency;
  info_.redisCheckLatency = stats.redisCheckLatency;
  info_.tokenStreamsTotal = stats.tokenStreams;
  info_.principalStreamsTotal = stats.principalStreams;
  info_.checkLatency = stats.localCheckLatency ? stats.localCheckLatency : stats.redisCheckLatency;
  info_.streamLatency = stats.streamLatency;
  info_.uptimeSec = stats.uptimeSec;
  info_.startupMs = stats.startupMs;
  info_.ttlSec = stats.ttlSec;
  info_.maxTtlSec = stats.maxTtlSec;
  info_.redisConfigured = stats.redisConfigured;
  redis_ = stats.redis;
  if (redis_) redis_->seen.slot = info_.slot;
}

void InstanceMonitor::takeRates(const wire::Stats& stats) {
  const double startedAt = stats.startedAt.value_or(-1), uptime = stats.uptimeSec.value_or(-1);
  const bool another = startedAt_ >= 0 && startedAt >= 0 && std::abs(startedAt - startedAt_) > 1;
  const bool wentBack = uptime >= 0 && uptime < uptime_;
  if (another || wentBack) {
    for (Rate* rate : {&issueRate_, &checkRate_, &refusedRate_, &hitRate_, &missRate_, &acceptedRate_}) rate->reset();
    Q_EMIT restarted();
  }
  startedAt_ = startedAt;
  uptime_ = uptime;
  // The instance's own clock says when it counted; the way of the answer doesn't blur the rate then.
  const double at = uptime >= 0 ? uptime : static_cast<double>(now_()) / 1000;
  info_.issueRate = issueRate_.update(at, info_.issuedTotal);
  info_.checkRate = checkRate_.update(at, info_.checkedTotal);
  info_.refusedRate = refusedRate_.update(at, info_.refusedTotal);
  info_.localHitRate = hitRate_.update(at, info_.localHitsTotal);
  info_.localMissRate = missRate_.update(at, info_.localMissesTotal);
  // What was accepted and was no local hit, Redis knew.
  info_.redisHitRate.reset();
  if (const auto accepted = acceptedRate_.update(at, info_.acceptedTotal); info_.redisConfigured.value_or(false)) {
    if (accepted && info_.localHitRate) info_.redisHitRate = std::max(0.0, *accepted - *info_.localHitRate);
  }
  info_.hitRatio.reset();
  if (info_.localHitRate && info_.localMissRate && *info_.localHitRate + *info_.localMissRate > 0) {
    info_.hitRatio = *info_.localHitRate / (*info_.localHitRate + *info_.localMissRate);
  }
}

void InstanceMonitor::sample() {
  Values values;
  const auto add = [&values](Metric metric, const auto& value) {
    if (value) values.emplace_back(metric, static_cast<double>(*value));
  };
  add(Metric::LiveTokens, info_.liveTokens);
  add(Metric::OpenStreams, info_.streams);
  add(Metric::IssueRate, info_.issueRate);
  add(Metric::CheckRate, info_.checkRate);
  add(Metric::RefusedRate, info_.refusedRate);
  add(Metric::LocalHitRate, info_.localHitRate);
  add(Metric::RedisHitRate, info_.redisHitRate);
  add(Metric::LocalMissRate, info_.localMissRate);
  if (info_.localMissRate) {
    values.emplace_back(Metric::MissRate, std::max(0.0, *info_.localMissRate - info_.redisHitRate.value_or(0)));
  }
  add(Metric::HitRatio, info_.hitRatio);
  if (const auto& latency = info_.checkLatency) {
    values.insert(values.end(), {{Metric::CheckP50, latency->p50}, {Metric::CheckP95, latency->p95},
                                 {Metric::CheckP99, latency->p99}});
  }
  Q_EMIT sampled(values, std::exchange(continues_, true));
}

void InstanceMonitor::apply(const ConnectionState::Step& step) {
  const bool drains = step.stateChanged && connection_.state() == InstanceState::Draining;
  info_.state = connection_.state();
  info_.reason = connection_.reason();
  info_.unreachableSince = connection_.unreachableSince();
  info_.attempts = connection_.attempts();
  info_.internalCalls = connection_.internalCalls() && (client_ == nullptr || client_->hasPrincipal());
  info_.nextAttemptAt = -1;
  if (step.change == ConnectionState::Change::Connected || step.change == ConnectionState::Change::Back) {
    Q_EMIT connected(step.afterMs, step.change == ConnectionState::Change::Back);
  } else if (step.change == ConnectionState::Change::Lost) {
    Q_EMIT lost(info_.reason);
  }
  if (drains) Q_EMIT drainBegan();
  Q_EMIT changed();
}

void InstanceMonitor::scheduleNext() {
  const auto delay = connection_.pollDelay(attention_);
  if (!delay) return;
  const qint64 now = now_();
  // Regular polls keep their beat; retries wait after the failure.
  const qint64 at = (connection_.attempts() > 0 ? now : pollBeganAt_) + delay->count();
  timer_.start(static_cast<int>(std::max<qint64>(0, at - now)));
  if (connection_.attempts() > 0 && info_.nextAttemptAt != at) {
    info_.nextAttemptAt = at;
    Q_EMIT changed();
  }
}

}  // namespace vx11::cluster
