// Redis as the console knows it: told by the instances, or by Redis itself where the profile has its URL.
#pragma once

#include <QList>
#include <QString>
#include <optional>

#include "cluster/redis_servers.h"

namespace vx11::cluster {

struct RedisSlowCommand {
  qint64 at = 0;  ///< unix seconds
  double tookMs = 0;
  QString command;
};

/// How one instance sees it.
struct RedisSeenBy {
  int slot = 0;
  std::optional<bool> up;
  QString breaker, address, prefix, lastError;
  std::optional<int> database;
  std::optional<double> roundTripP50, roundTripP99;  ///< ms
  std::optional<double> feedAgeMs;
  std::optional<qint64> unwritten, denied;
  friend bool operator==(const RedisSeenBy&, const RedisSeenBy&) = default;
};

/// A field that nobody reported is empty: unknown is never zero.
struct RedisInfo {
  enum class Source { None, Instance, Direct };

  bool configured = false;  ///< some instance, or the profile, has one
  std::optional<bool> up;   ///< by `source`; empty: not known yet
  Source source = Source::None;
  QString sourceName;      ///< the instance's id, or "redis"
  qint64 answeredAt = -1;  ///< console clock (ms) of the last INFO; -1: never
  QString address, error;  ///< `error`: the last one's sentence; empty while all is well

  QString version, mode, role, policy;
  std::optional<qint64> uptimeSec, usedMemory, maxMemory, clients, blockedClients, maxClients, opsPerSec;
  std::optional<qint64> evictedKeys, expiredKeys, rejectedConnections, keys;
  std::optional<double> hitRatio;  ///< of the keyspace, 0 to 1
  std::optional<qint64> replicas, replicationLagBytes, rdbChangesSinceSave, rdbLastSaveAt;
  std::optional<bool> masterLinkUp, rdbLastSaveOk, aofEnabled, aofLastWriteOk, loading;
  std::optional<double> roundTripMs;  ///< from here; only with Source::Direct
  std::optional<qint64> slowLogLength;
  QList<RedisSlowCommand> slowLog;
  QList<RedisSeenBy> seenBy;
  RedisServers servers;

  /// Nothing where nothing was looked for yet.
  [[nodiscard]] static std::optional<double> ratioOf(qint64 hits, qint64 misses) {
    if (hits + misses <= 0) return std::nullopt;
    return static_cast<double>(hits) / static_cast<double>(hits + misses);
  }
  /// Every policy but noeviction takes live tokens away without a word.
  [[nodiscard]] bool mayEvict() const { return !policy.isEmpty() && policy != QLatin1String("noeviction"); }
};

}  // namespace vx11::cluster
