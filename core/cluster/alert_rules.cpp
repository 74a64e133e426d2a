#include "cluster/alert_rules.h"

#include <algorithm>
#include <utility>

namespace vx11::cluster {
namespace {

using Verdict = AlertReading::Verdict;

constexpr qint64 rateWindowMs = 60'000;
constexpr qint64 shortestRateMs = 10'000;  // over less, three calls at once are a rate
constexpr double clearPart = 0.9;

AlertReading compared(AlertReading reading, double value) {
  reading.value = value;
  reading.verdict = value > reading.threshold                ? Verdict::Over
                    : value <= clearPart * reading.threshold ? Verdict::Clear
                                                             : Verdict::Between;
  return reading;
}

AlertReading compared(const AlertReading& reading, const std::optional<double>& value) {
  return value ? compared(reading, *value) : reading;
}

AlertReading notUsed(AlertReading reading) {
  reading.verdict = Verdict::NotUsed;
  return reading;
}

std::optional<double> rate(const AlertWindow& samples, int slot, InstanceSample::Counter counter) {
  const auto increase = samples.increase(slot, counter, rateWindowMs);
  if (!increase || increase->overMs < shortestRateMs) return std::nullopt;
  return increase->by * 1000 / static_cast<double>(increase->overMs);
}

/// A latency that wasn't needed for a minute has no p95.
AlertReading latency(const AlertReading& reading, const InstanceSample& instance, const std::optional<double>& p95) {
  return !p95 && instance.measures ? notUsed(reading) : compared(reading, p95);
}

AlertReading liveTokens(AlertReading reading, const InstanceSample& instance, double plannedRate) {
  if (!instance.liveTokens || !instance.ttlSec) return reading;
  reading.threshold *= plannedRate * *instance.ttlSec;
  return compared(reading, static_cast<double>(*instance.liveTokens));
}

AlertReading ofInstance(AlertReading reading, const AlertWindow& samples, const InstanceSample& instance,
                        const AlertThresholds& thresholds) {
  switch (reading.kind) {
    case AlertKind::InstanceDown:
      return instance.up ? compared(reading, *instance.up ? 0.0 : 1.0) : reading;
    case AlertKind::IssueRate: return compared(reading, rate(samples, instance.slot, &InstanceSample::issued));
    case AlertKind::Refusals: return compared(reading, rate(samples, instance.slot, &InstanceSample::refused));
    case AlertKind::LiveTokens: return liveTokens(reading, instance, thresholds.of(AlertKind::IssueRate).value);
    case AlertKind::IssueLatency: return latency(reading, instance, instance.issueP95);
    case AlertKind::LocalCheckLatency: return latency(reading, instance, instance.localCheckP95);
    case AlertKind::RedisCheckLatency: return latency(reading, instance, instance.redisCheckP95);
    case AlertKind::StreamLatency: return latency(reading, instance, instance.streamP95);
    case AlertKind::RedisDown:
    case AlertKind::RedisMemory:
    case AlertKind::PrincipalStreams: break;
  }
  return reading;
}

AlertReading redisMemory(const AlertReading& reading, const RedisSample& redis) {
  if (!redis.usedMemory || !redis.maxMemory) return reading;
  if (*redis.maxMemory == 0) return notUsed(reading);
  return compared(reading, static_cast<double>(*redis.usedMemory) / static_cast<double>(*redis.maxMemory));
}

/// Of the streams opened in the last five minutes on all instances that tell.
AlertReading principalStreams(const AlertReading& reading, const AlertWindow& samples) {
  bool told = false;
  double byPrincipal = 0, all = 0;
  for (const InstanceSample& instance : samples.newest().instances) {
    const auto ofPrincipals =
        samples.increase(instance.slot, &InstanceSample::principalStreams, AlertWindow::lengthMs);
    const auto ofTokens = samples.increase(instance.slot, &InstanceSample::tokenStreams, AlertWindow::lengthMs);
    if (!ofPrincipals || !ofTokens) continue;
    told = true;
    byPrincipal += ofPrincipals->by;
    all += ofPrincipals->by + ofTokens->by;
  }
  if (!told) return reading;
  return all > 0 ? compared(reading, byPrincipal / all) : notUsed(reading);
}

AlertReading ofWhole(const AlertReading& reading, const AlertWindow& samples) {
  const RedisSample& redis = samples.newest().redis;
  if (reading.kind == AlertKind::PrincipalStreams) return principalStreams(reading, samples);
  if (!redis.configured) return notUsed(reading);
  if (reading.kind == AlertKind::RedisMemory) return redisMemory(reading, redis);
  return redis.away ? compared(reading, static_cast<double>(*redis.away)) : reading;
}

bool isOfWhole(AlertKind kind) {
  return kind == AlertKind::RedisDown || kind == AlertKind::RedisMemory || kind == AlertKind::PrincipalStreams;
}

}  // namespace

QList<AlertReading> judge(const AlertWindow& samples, const AlertThresholds& thresholds) {
  QList<AlertReading> readings;
  const auto& instances = samples.newest().instances;
  for (const AlertRule& rule : alertRules()) {
    const AlertThreshold& threshold = thresholds.of(rule.kind);
    const AlertReading blank{rule.kind, -1, Verdict::Unknown, std::nullopt, threshold.value};
    if (isOfWhole(rule.kind)) {
      readings.append(threshold.on ? ofWhole(blank, samples) : notUsed(blank));
      continue;
    }
    for (const InstanceSample& instance : instances) {
      AlertReading reading = blank;
      reading.slot = instance.slot;
      readings.append(threshold.on ? ofInstance(reading, samples, instance, thresholds) : notUsed(reading));
    }
  }
  return readings;
}

AlertProgress advance(AlertProgress progress, const AlertReading& reading, qint64 at, int forSec) {
  using Stage = AlertProgress::Stage;
  // What nobody told counts for nothing: neither towards firing nor towards clearing.
  if (reading.verdict == Verdict::Unknown) {
    progress.lastAt = -1;
    return progress;
  }
  if (reading.verdict == Verdict::NotUsed) return {};
  const qint64 passed = progress.lastAt < 0 ? 0 : std::min(at - progress.lastAt, AlertProgress::longestGapMs);
  progress.lastAt = at;
  if (reading.verdict == Verdict::Over) {
    progress.clear = false;
    if (progress.stage == Stage::Firing) return progress;
    progress.overMs = progress.stage == Stage::Pending ? progress.overMs + passed : 0;
    progress.stage = progress.overMs >= qint64{forSec} * 1000 ? Stage::Firing : Stage::Pending;
    return progress;
  }
  if (progress.stage != Stage::Firing) return {};
  progress.clearMs = std::exchange(progress.clear, reading.verdict == Verdict::Clear) ? progress.clearMs + passed : 0;
  return progress.clear && progress.clearMs >= AlertProgress::clearAfterMs ? AlertProgress{} : progress;
}

}  // namespace vx11::cluster
