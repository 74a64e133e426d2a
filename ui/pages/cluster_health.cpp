#include "pages/cluster_health.h"

#include <QCoreApplication>
#include <algorithm>

#include "pages/redis_group.h"
#include "widgets/format.h"

namespace vx11::ui::health {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::health)
};

using cluster::InstanceInfo;
using cluster::InstanceState;
using cluster::RedisInfo;
using cluster::RedisSeenBy;

constexpr qint64 staleAfterMs = 5'000;
constexpr qsizetype mostNames = 3;

bool shares(const QString& mode) { return mode == QStringLiteral("hybrid") || mode == QStringLiteral("redis"); }

bool answers(const InstanceInfo& info) {
  return info.state == InstanceState::Live || info.state == InstanceState::Degraded ||
         info.state == InstanceState::Draining;
}

const RedisSeenBy* seenBy(const RedisInfo& redis, int slot) {
  const auto found = std::find_if(redis.seenBy.begin(), redis.seenBy.end(),
                                  [slot](const RedisSeenBy& seen) { return seen.slot == slot; });
  return found == redis.seenBy.end() ? nullptr : &*found;
}

/// Who uses what, in the order of the instances: "a and c use database 0, b database 1"; empty when all use the same.
template <typename ValueOf>
QString differing(const RedisInfo& redis, const QList<InstanceInfo>& instances, const QString& noun, ValueOf valueOf) {
  QList<std::pair<QString, QStringList>> users;
  for (const InstanceInfo& info : instances) {
    const RedisSeenBy* seen = seenBy(redis, info.slot);
    const QString value = seen != nullptr && shares(info.mode) ? valueOf(*seen) : QString();
    if (value.isEmpty()) continue;
    const auto same = std::find_if(users.begin(), users.end(), [&](const auto& user) { return user.first == value; });
    if (same != users.end())
      same->second << info.id;
    else
      users.append({value, {info.id}});
  }
  if (users.size() < 2) return {};
  QStringList parts;
  for (const auto& [value, names] : users) {
    const QString who = names.size() > mostNames ? Words::tr("%1 instances").arg(names.size()) : nameList(names);
    const QString what = noun.isEmpty() ? value : QStringLiteral("%1 %2").arg(noun, value);
    parts << (!parts.isEmpty()    ? Words::tr("%1 %2", "instances, what they use").arg(who, what)
              : names.size() == 1 ? Words::tr("%1 uses %2").arg(who, what)
                                  : Words::tr("%1 use %2").arg(who, what));
  }
  return parts.join(QStringLiteral(", "));
}

}  // namespace

QString nameList(const QStringList& names) {
  if (names.size() < 2) return names.value(0);
  return Words::tr("%1 and %2").arg(names.mid(0, names.size() - 1).join(QStringLiteral(", ")), names.last());
}

QList<InstanceInfo> judged(const QList<InstanceInfo>& instances, const RedisInfo& redis) {
  const bool shared = std::any_of(instances.begin(), instances.end(), [](const InstanceInfo& info) {
    return info.state == InstanceState::Live && shares(info.mode);
  });
  QList<InstanceInfo> judgedOnes = instances;
  for (InstanceInfo& info : judgedOnes) {
    if (info.state != InstanceState::Live) continue;
    const RedisSeenBy* seen = seenBy(redis, info.slot);
    const bool lost = shares(info.mode) && seen != nullptr && seen->up == false;
    const bool apart = shared && info.mode == QStringLiteral("memory");
    if (!lost && !apart) continue;
    info.state = InstanceState::Degraded;
    info.reason = lost ? QStringLiteral("redis_down") : QStringLiteral("other_mode");
  }
  return judgedOnes;
}

Mark redisMark(const RedisInfo& redis, const QList<InstanceInfo>& instances) {
  if (!redis.up) return Mark::Unknown;
  if (!*redis.up) return Mark::Unreachable;
  return redisFindings(redis, instances).isEmpty() ? Mark::Live : Mark::Warning;
}

QList<Finding> redisFindings(const RedisInfo& redis, const QList<InstanceInfo>& instances) {
  if (!redis.configured) return {};
  QList<Finding> findings;
  if (redis.up == false && !redis::isPartly(redis)) findings.append({Mark::Degraded, redisAbsence(redis)});
  if (const QString difference = redisDifference(redis, instances); !difference.isEmpty())
    findings.append({Mark::Degraded, difference});
  for (const auto& finding : redis::groupFindings(redis))
    findings.append({finding.mark == Mark::Unreachable ? Mark::Degraded : finding.mark, finding.clause});
  if (redis.up.value_or(false)) {
    if (redis.mayEvict())
      findings.append({Mark::Degraded, Words::tr("Redis may evict live tokens (%1)").arg(redis.policy)});
    if (memoryShare(redis).value_or(0) >= memoryMark)
      findings.append({Mark::Degraded, Words::tr("Redis memory is over its 80 % mark")});
    if (redis.loading.value_or(false)) findings.append({Mark::Degraded, Words::tr("Redis is loading its data")});
  }
  return findings;
}

QString redisAbsence(const RedisInfo& redis) {
  const QString who = redis.address.isEmpty() ? Words::tr("Redis") : Words::tr("Redis at %1").arg(redis.address);
  QString why = redis.error.trimmed();
  while (why.endsWith(u'.')) why.chop(1);
  why.replace(u'_', u' ');
  if (why == QStringLiteral("it doesn't answer")) why = Words::tr("no answer in time");  // which would say it twice
  return why.isEmpty() ? Words::tr("%1 does not answer").arg(who) : Words::tr("%1 does not answer (%2)").arg(who, why);
}

QString redisDifference(const RedisInfo& redis, const QList<InstanceInfo>& instances) {
  // A group's master is another for a moment where one instance has noticed a failover before the next; of a cluster
  // each names its seeds.
  const QString address = redis.servers.isGroup()
                              ? QString()
                              : differing(redis, instances, {}, [](const RedisSeenBy& seen) { return seen.address; });
  if (!address.isEmpty()) return address;
  const QString database = differing(redis, instances, Words::tr("database"), [](const RedisSeenBy& seen) {
    return seen.database ? QString::number(*seen.database) : QString();
  });
  if (!database.isEmpty()) return database;
  return differing(redis, instances, Words::tr("prefix"), [](const RedisSeenBy& seen) { return seen.prefix; });
}

std::optional<double> memoryShare(const RedisInfo& redis) {
  if (!redis.usedMemory || redis.maxMemory.value_or(0) <= 0) return std::nullopt;
  return static_cast<double>(*redis.usedMemory) / static_cast<double>(*redis.maxMemory);
}

std::optional<double> roundTrip(const RedisInfo& redis) {
  if (redis.roundTripMs) return redis.roundTripMs;
  std::optional<double> slowest;
  for (const RedisSeenBy& seen : redis.seenBy) {
    if (seen.roundTripP50) slowest = std::max(slowest.value_or(0), *seen.roundTripP50);
  }
  return slowest;
}

QString redisAge(const RedisInfo& redis, qint64 now) {
  if (redis.answeredAt < 0 || now - redis.answeredAt <= staleAfterMs) return {};
  return format::age((now - redis.answeredAt) / 1000);
}

std::optional<qint64> liveTokens(cluster::Cluster& cluster) {
  if (cluster.tokens().updatedAt() >= 0) return cluster.tokens().liveCount();
  std::optional<qint64> sum;
  for (const InstanceInfo& info : cluster.instances()) {
    if (answers(info) && info.liveTokens) sum = sum.value_or(0) + *info.liveTokens;
  }
  return sum;
}

qint64 openStreams(const QList<InstanceInfo>& instances) {
  qint64 sum = 0;
  for (const InstanceInfo& info : instances) {
    if (answers(info)) sum += info.streams.value_or(0);
  }
  return sum;
}

std::optional<qint64> unwritten(const RedisInfo& redis) {
  std::optional<qint64> sum;
  for (const RedisSeenBy& seen : redis.seenBy) {
    if (seen.unwritten) sum = sum.value_or(0) + *seen.unwritten;
  }
  return sum;
}

}  // namespace vx11::ui::health
