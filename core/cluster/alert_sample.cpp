#include "cluster/alert_sample.h"

#include <algorithm>

#include "cluster/cluster.h"

namespace vx11::cluster {
namespace {

constexpr qint64 keepEveryMs = 5'000, infoIsOldMs = 60'000;

std::optional<bool> isUp(InstanceState state) {
  switch (state) {
    case InstanceState::Live:
    case InstanceState::Degraded:
    case InstanceState::Draining: return true;
    case InstanceState::Paused:
    case InstanceState::Stopped:
    case InstanceState::Unreachable: return false;
    case InstanceState::Unknown:
    case InstanceState::Starting: break;
  }
  return std::nullopt;
}

std::optional<double> p95(const std::optional<Quantiles>& quantiles) {
  return quantiles ? std::optional(quantiles->p95) : std::nullopt;
}

InstanceSample sampleOf(const InstanceInfo& info) {
  InstanceSample sample;
  sample.slot = info.slot;
  sample.id = info.id;
  sample.up = isUp(info.state);
  // One that answers without its figures (a wrong principal, say) leaves those from before on the screen.
  const bool toldNow = sample.up.value_or(false) && !info.reason.startsWith(QStringLiteral("http_")) &&
                       info.reason != QStringLiteral("refused_principal") &&
                       info.reason != QStringLiteral("bad_answer");
  if (!toldNow) return sample;
  sample.liveTokens = info.liveTokens;
  sample.ttlSec = info.ttlSec;
  if (!info.internalCalls) return sample;
  sample.issued = info.issuedTotal;
  sample.refused = info.refusedTotal;
  sample.tokenStreams = info.tokenStreamsTotal;
  sample.principalStreams = info.principalStreamsTotal;
  sample.measures = info.uptimeSec.has_value();
  sample.issueP95 = p95(info.issueLatency);
  sample.localCheckP95 = p95(info.localCheckLatency);
  sample.redisCheckP95 = p95(info.redisCheckLatency);
  sample.streamP95 = p95(info.streamLatency);
  return sample;
}

bool answers(const QList<InstanceSample>& instances, int slot) {
  return std::any_of(instances.begin(), instances.end(), [slot](const InstanceSample& instance) {
    return instance.slot == slot && instance.up.value_or(false);
  });
}

RedisSample sampleOf(const RedisInfo& info, const QList<InstanceSample>& instances, qint64 now) {
  RedisSample sample;
  sample.configured = info.configured;
  if (!info.configured) return sample;
  for (const RedisSeenBy& seen : info.seenBy) {
    if (!seen.up || !answers(instances, seen.slot)) continue;
    sample.away = sample.away.value_or(0) + (*seen.up ? 0 : 1);
  }
  if (!sample.away && info.source == RedisInfo::Source::Direct && info.up) sample.away = *info.up ? 0 : 1;
  if (info.up.value_or(true) && info.answeredAt >= 0 && now - info.answeredAt <= infoIsOldMs) {
    sample.usedMemory = info.usedMemory;
    sample.maxMemory = info.maxMemory;
  }
  return sample;
}

const InstanceSample* find(const AlertSample& sample, int slot) {
  const auto found = std::find_if(sample.instances.begin(), sample.instances.end(),
                                  [slot](const InstanceSample& instance) { return instance.slot == slot; });
  return found == sample.instances.end() ? nullptr : &*found;
}

}  // namespace

AlertSample sampleOf(const Cluster& cluster) {
  AlertSample sample{.at = cluster.now(), .instances = {}, .redis = {}};
  sample.instances.reserve(cluster.instances().size());
  for (const InstanceInfo& info : cluster.instances()) sample.instances.append(sampleOf(info));
  sample.redis = sampleOf(cluster.redis(), sample.instances, sample.at);
  return sample;
}

void AlertWindow::add(AlertSample sample) {
  newest_ = std::move(sample);
  if (kept_.empty() || newest_.at - kept_.back().at >= keepEveryMs) kept_.push_back(newest_);
  while (newest_.at - kept_.front().at > lengthMs) kept_.pop_front();
}

std::optional<AlertWindow::Increase> AlertWindow::increase(int slot, InstanceSample::Counter counter,
                                                           qint64 withinMs) const {
  const InstanceSample* now = find(newest_, slot);
  if (now == nullptr || !(now->*counter)) return std::nullopt;
  Increase increase;
  std::optional<qint64> before;
  qint64 firstAt = 0;
  const auto step = [&](qint64 at, const InstanceSample* instance) {
    if (instance == nullptr || !(instance->*counter) || newest_.at - at > withinMs) return;
    const qint64 total = *(instance->*counter);
    if (!before) {
      firstAt = at;
    } else {
      increase.by += static_cast<double>(total >= *before ? total - *before : total);
    }
    before = total;
  };
  for (const AlertSample& sample : kept_) step(sample.at, find(sample, slot));
  step(newest_.at, now);
  increase.overMs = newest_.at - firstAt;
  if (increase.overMs <= 0) return std::nullopt;
  return increase;
}

}  // namespace vx11::cluster
