// What is wrong with a cluster as a whole, in the same words on every page. Pure functions of what is known: what
// nobody reported accuses nobody.
#pragma once

#include <QList>
#include <QString>
#include <optional>

#include "cluster/cluster.h"
#include "widgets/state_mark.h"

namespace vx11::ui::health {

/// One thing that needs a person: a clause without a full stop.
struct Finding {
  Mark mark = Mark::Degraded;
  QString words;
};

/// From this share of its limit on, Redis' memory is a warning.
inline constexpr double memoryMark = 0.8;

/// The instances, with what only the others and Redis tell of one: that it has lost Redis (reason "redis_down"), or
/// keeps its tokens in memory while others share Redis ("other_mode"). A live one is Degraded then.
[[nodiscard]] QList<cluster::InstanceInfo> judged(const QList<cluster::InstanceInfo>& instances,
                                                  const cluster::RedisInfo& redis);

/// Live, Warning, Unreachable or Unknown; of a Redis that is configured.
[[nodiscard]] Mark redisMark(const cluster::RedisInfo& redis, const QList<cluster::InstanceInfo>& instances);
/// Everything wrong with it, the worst first.
[[nodiscard]] QList<Finding> redisFindings(const cluster::RedisInfo& redis,
                                           const QList<cluster::InstanceInfo>& instances);
/// "Redis at 10.4.0.21:6379 does not answer (connection refused)".
[[nodiscard]] QString redisAbsence(const cluster::RedisInfo& redis);
/// "a and c use database 0, b database 1" where the instances don't share one Redis, database and prefix; else empty.
[[nodiscard]] QString redisDifference(const cluster::RedisInfo& redis, const QList<cluster::InstanceInfo>& instances);
/// Used memory as a part of the limit; empty without a limit.
[[nodiscard]] std::optional<double> memoryShare(const cluster::RedisInfo& redis);
/// From here where the console asks Redis itself, else the slowest instance's median; ms.
[[nodiscard]] std::optional<double> roundTrip(const cluster::RedisInfo& redis);
/// How old what is known of Redis is ("12 s old"); empty while it is fresh or was never there.
[[nodiscard]] QString redisAge(const cluster::RedisInfo& redis, qint64 now);
/// Tokens issued meanwhile that wait to be written to Redis; empty where nobody tells.
[[nodiscard]] std::optional<qint64> unwritten(const cluster::RedisInfo& redis);

/// How many tokens live: as many as the list has; where nobody gives a list, the sum of what is reported, or nothing.
[[nodiscard]] std::optional<qint64> liveTokens(cluster::Cluster& cluster);
/// How many streams are open, of all clients, on the instances that answer.
[[nodiscard]] qint64 openStreams(const QList<cluster::InstanceInfo>& instances);

/// "a", "a and b", "a, b and c".
[[nodiscard]] QString nameList(const QStringList& names);

}  // namespace vx11::ui::health
