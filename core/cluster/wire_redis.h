// What instances say of Redis and of each other, read into plain values; as strict as wire.h. No I/O.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QUrl>
#include <optional>
#include <vector>

#include "cluster/redis_info.h"
#include "cluster/types.h"

namespace vx11::cluster::wire {

/// The part "redis" of cache-stats; `seen.slot` is left to the caller.
struct RedisSummary {
  RedisSeenBy seen;
  std::optional<bool> following;  ///< the feed that instances tell each other by

  /// Why an instance in this mode isn't all it should be: "redis_down", "feed_stale"; empty: nothing is wrong.
  [[nodiscard]] QString trouble(const QString& mode, bool draining) const;
};

/// GET redis: of `info` what an instance can know.
struct RedisReport {
  RedisInfo info;
  std::optional<qint64> healthAgeMs;   ///< since Redis itself was asked; empty: it never answered
  std::optional<qint64> serversAgeMs;  ///< since nodes and sentinels were looked at; empty: never
};

/// One of GET instances.
struct Neighbour {
  QString id;
  /// As it advertises itself: http or https, without credentials. Empty: it fell silent, and nobody knows it any more.
  QUrl url;
  qint64 silentMs = 0;  ///< since it last wrote itself into the registry, when that has lapsed
};
struct Neighbours {
  std::vector<Neighbour> all;
  bool byRegistry = false;   ///< the registry itself was asked
  qint64 rememberedMs = -1;  ///< else the age of what it said last; -1: the instance knows itself only
};

/// Nothing where no Redis is configured.
[[nodiscard]] std::optional<RedisSummary> redisSummary(const QJsonObject& redis,
                                                       const std::optional<Quantiles>& roundTrip);
[[nodiscard]] std::optional<RedisReport> parseRedis(const QByteArray& body);
/// An entry that can't be used is left out.
[[nodiscard]] std::optional<Neighbours> parseNeighbours(const QByteArray& body);

}  // namespace vx11::cluster::wire
