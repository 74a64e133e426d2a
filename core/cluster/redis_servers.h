// Who is there behind the name Redis: servers, sentinels, shards. As an instance tells it, or as it was found from
// here.
#pragma once

#include <QList>
#include <QString>
#include <optional>

namespace vx11::cluster {

/// A master, one of its replicas, or a node of a cluster.
struct RedisNode {
  QString id;       ///< a cluster's, 40 hex digits; else empty
  QString address;  ///< "10.0.0.1:6379"
  QString role;     ///< "master", "replica"
  QString master;   ///< a replica's: the address of its master
  QString state;    ///< "online", "sync", "handshake", "suspected", "failed", "down"
  std::optional<bool> linkUp;
  std::optional<qint64> lagBytes, lagSec;
  QString slotRanges;  ///< "0-5460 10923-11000"
  std::optional<qint64> usedMemory, opsPerSec, keys;
  [[nodiscard]] bool isReplica() const { return role == QLatin1String("replica"); }
  friend bool operator==(const RedisNode&, const RedisNode&) = default;
};

/// What one sentinel says.
struct RedisSentinel {
  QString address;
  bool up = false;
  QString error;        ///< a sentence while it isn't up, or doesn't know the master
  QString master;       ///< as it sees it; empty: unknown to it
  QString masterState;  ///< "ok", "suspected", "down", "failing over"
  std::optional<qint64> quorum, otherSentinels, replicas;
  std::optional<bool> canFailOver;
  friend bool operator==(const RedisSentinel&, const RedisSentinel&) = default;
};

/// What a cluster says of itself.
struct RedisClusterState {
  QString state;  ///< "ok", "fail"
  std::optional<qint64> slotsAssigned, slotsOk, slotsFailing, knownNodes, size, epoch;
  friend bool operator==(const RedisClusterState&, const RedisClusterState&) = default;
};

/// A field that nobody reported is empty: unknown is never zero.
struct RedisServers {
  enum class Topology { Unknown, Single, Sentinel, Cluster };

  Topology topology = Topology::Unknown;
  QString masterName;  ///< Sentinel's
  QList<RedisNode> nodes;
  QList<RedisSentinel> sentinels;
  std::optional<RedisClusterState> state;  ///< a cluster's
  qint64 toldAt = -1;                      ///< console clock (ms) of nodes and sentinels; -1: never
  std::optional<qint64> failovers;         ///< counted by who tells
  qint64 lastFailoverAt = -1;              ///< unix seconds
  QString lastFailover;                    ///< "127.0.0.1:6379 to 127.0.0.1:6380"
  bool partly = false;                     ///< of a cluster that isn't up: some of its masters answer
  QString refused;                         ///< why a command is refused, in Redis' words; empty: none is
  /// Replicas that a write shall reach (--redis-wait), and those of the master that has the fewest.
  std::optional<qint64> wait, fewestReplicas;
  std::optional<qint64> waitShortfalls;  ///< writes that fewer replicas had in time

  [[nodiscard]] bool isGroup() const { return topology == Topology::Sentinel || topology == Topology::Cluster; }
};

}  // namespace vx11::cluster
