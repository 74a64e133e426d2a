#include "pages/alert_words.h"

#include <QCoreApplication>
#include <QFile>
#include <algorithm>
#include <cmath>

#include "cluster/cluster.h"

namespace vx11::ui::alerts {
namespace {

using cluster::Alert;
using cluster::AlertKind;
using cluster::Cluster;
using cluster::InstanceInfo;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::Alerts)
};

const InstanceInfo* instanceOf(const Alert& alert, const Cluster& cluster) {
  const auto& instances = cluster.instances();
  const auto found = std::find_if(instances.begin(), instances.end(),
                                  [&](const InstanceInfo& info) { return info.slot == alert.key.slot; });
  return found == instances.end() ? nullptr : &*found;
}

QString modeAmongOthers(const Alert& alert, const Cluster& cluster) {
  const InstanceInfo* own = instanceOf(alert, cluster);
  if (own == nullptr || own->mode.isEmpty()) return {};
  for (const InstanceInfo& other : cluster.instances()) {
    if (other.slot == own->slot || other.mode.isEmpty() || other.mode == own->mode) continue;
    return Words::tr("It runs in %1 mode, others in %2.").arg(own->mode, other.mode);
  }
  return {};
}

QString memoryEnds(const Cluster& cluster) {
  const auto& redis = cluster.redis();
  return redis.mayEvict() ? Words::tr("At 100 % Redis drops live tokens (%1).").arg(redis.policy)
                          : Words::tr("At 100 % issuing answers 503.");
}

QString consequence(const Alert& alert, const Cluster& cluster) {
  switch (alert.key.kind) {
    case AlertKind::InstanceDown: {
      const InstanceInfo* info = instanceOf(alert, cluster);
      return info != nullptr && info->mode == QStringLiteral("memory")
                 ? Words::tr("The tokens that only it knows can't be checked.")
                 : Words::tr("Its streams are cut; the others go on.");
    }
    case AlertKind::RedisDown: return Words::tr("Tokens seen before are accepted, for others the answer is 503.");
    case AlertKind::RedisMemory: return memoryEnds(cluster);
    case AlertKind::IssueRate: return Words::tr("More than planned: growth, or a client in a loop.");
    case AlertKind::LiveTokens: return Words::tr("More than rate and TTL explain.");
    case AlertKind::Refusals: {
      const QString mode = modeAmongOthers(alert, cluster);
      return mode.isEmpty() ? Words::tr("Tokens it doesn't know, or somebody guesses.") : mode;
    }
    case AlertKind::PrincipalStreams: return Words::tr("They live long and open everything; streams need tokens.");
    case AlertKind::IssueLatency: return Words::tr("Every client waits for its token.");
    case AlertKind::LocalCheckLatency: return Words::tr("It is short of CPU.");
    case AlertKind::RedisCheckLatency: return Words::tr("Each token not seen before waits for Redis.");
    case AlertKind::StreamLatency: return Words::tr("Streams open late.");
  }
  return {};
}

/// A figure that somebody chose: without digits that say nothing.
QString limit(AlertKind kind, double value) {
  const bool whole = value == std::floor(value);
  if (!whole || cluster::alertRule(kind).unit != cluster::AlertUnit::PerSecond) return figure(kind, value);
  return Words::tr("%1/s").arg(format::count(static_cast<qint64>(value)));
}

QString over(const Alert& alert, const QString& lasted) {
  if (cluster::alertRule(alert.key.kind).unit == cluster::AlertUnit::None) return Words::tr("Down for %1.").arg(lasted);
  return Words::tr("Over %1 for %2.").arg(limit(alert.key.kind, alert.threshold), lasted);
}

/// It fires on for a while: what is well for a moment may not be over.
QString clearAgain(const Alert& alert) {
  const QString lasted = format::duration(*alert.clearMs / 1000);
  const QString whole = format::duration(cluster::AlertProgress::clearAfterMs / 1000);
  if (cluster::alertRule(alert.key.kind).unit == cluster::AlertUnit::None)
    return Words::tr("Back for %1. Ends after %2.").arg(lasted, whole);
  return Words::tr("Below %1 again for %2. Ends after %3.").arg(limit(alert.key.kind, alert.threshold), lasted, whole);
}

QString redisTitle(const Alert& alert, const Cluster& cluster) {
  if (alert.clearMs) return Words::tr("Redis was down");
  const auto instances = cluster.instances().size();
  const auto away = static_cast<qsizetype>(alert.value);
  return away > 0 && away < instances ? Words::tr("Redis out of reach of %1 of %2 instances").arg(away).arg(instances)
                                      : Words::tr("Redis down");
}

}  // namespace

QString title(const Alert& alert, const Cluster& cluster) {
  const QString value = figure(alert.key.kind, alert.value);
  switch (alert.key.kind) {
    case AlertKind::InstanceDown:
      return alert.clearMs ? Words::tr("%1 was down").arg(alert.instance) : Words::tr("%1 is down").arg(alert.instance);
    case AlertKind::RedisDown: return redisTitle(alert, cluster);
    case AlertKind::RedisMemory: return Words::tr("Redis memory %1").arg(value);
    case AlertKind::IssueRate: return Words::tr("Issue rate %1 on %2").arg(value, alert.instance);
    case AlertKind::LiveTokens: return Words::tr("%1 live tokens on %2").arg(value, alert.instance);
    case AlertKind::Refusals: return Words::tr("Refusals %1 on %2").arg(value, alert.instance);
    case AlertKind::PrincipalStreams: return Words::tr("Principals open %1 of streams").arg(value);
    case AlertKind::IssueLatency:
    case AlertKind::LocalCheckLatency:
    case AlertKind::RedisCheckLatency:
    case AlertKind::StreamLatency:
      return Words::tr("%1 %2 on %3").arg(cluster::alertName(alert.key.kind), value, alert.instance);
  }
  return {};
}

QString sentence(const Alert& alert, const Cluster& cluster, int forSec) {
  const qint64 now = cluster.now();
  const QString lasted = format::duration(std::max<qint64>(0, now - alert.since) / 1000);
  if (!alert.firing) return Words::tr("%1 Fires after %2.").arg(over(alert, lasted), format::duration(forSec));
  if (alert.clearMs) return clearAgain(alert);
  return QStringLiteral("%1 %2").arg(over(alert, lasted), consequence(alert, cluster));
}

Mark mark(const Alert& alert) {
  if (!alert.firing) return Mark::Waiting;
  return alert.severity() == cluster::AlertSeverity::Critical ? Mark::Fail : Mark::Warning;
}

QString note(const Alert& alert, qint64 now) {
  if (alert.silenced) {
    return alert.silencedUntil
               ? Words::tr("silenced for %1").arg(format::duration((*alert.silencedUntil - now + 999) / 1000))
               : Words::tr("silenced until resolved");
  }
  if (alert.acknowledged) return Words::tr("acknowledged");
  return alert.known ? QString() : Words::tr("not told now");
}

QString figure(AlertKind kind, double value) {
  switch (cluster::alertRule(kind).unit) {
    case cluster::AlertUnit::None: return {};
    case cluster::AlertUnit::Ratio: return format::ratio(value);
    case cluster::AlertUnit::PerSecond: return format::rate(value);
    case cluster::AlertUnit::Factor: return format::count(static_cast<qint64>(value));
    case cluster::AlertUnit::Milliseconds: return format::latency(value);
  }
  return {};
}

QString ruleSentence(AlertKind kind) {
  switch (kind) {
    case AlertKind::InstanceDown: return Words::tr("An instance does not answer");
    case AlertKind::RedisDown: return Words::tr("An instance does not reach Redis");
    case AlertKind::RedisMemory: return Words::tr("Redis memory, of its limit; only with a limit set");
    case AlertKind::IssueRate: return Words::tr("Tokens issued a second by an instance: the planned rate");
    case AlertKind::LiveTokens: return Words::tr("Live tokens of an instance, times planned rate × TTL");
    case AlertKind::Refusals: return Words::tr("Tokens refused a second by an instance");
    case AlertKind::PrincipalStreams: return Words::tr("Streams opened with a principal, of the last 5 min");
    case AlertKind::IssueLatency: return Words::tr("Time to issue, 95 of 100");
    case AlertKind::LocalCheckLatency: return Words::tr("Time to check without Redis, 95 of 100");
    case AlertKind::RedisCheckLatency: return Words::tr("Time to check through Redis, 95 of 100");
    case AlertKind::StreamLatency: return Words::tr("Time to open a stream, 95 of 100");
  }
  return {};
}

QString runbook(AlertKind kind) {
  QFile file(QStringLiteral(":/runbooks/%1.md").arg(QLatin1String(cluster::alertRule(kind).key)));
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QString countWords(const cluster::AlertWatch* watch) {
  const int firing = watch != nullptr ? watch->firingCount() : 0;
  if (firing > 0) return firing == 1 ? Words::tr("1 alert") : Words::tr("%1 alerts").arg(firing);
  const int pending = watch != nullptr ? watch->pendingCount() : 0;
  return pending > 0 ? Words::tr("%1 pending").arg(pending) : Words::tr("No alerts");
}

}  // namespace vx11::ui::alerts
