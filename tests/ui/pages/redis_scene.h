// Redis as a Sentinel group and as a cluster, well and in every kind of trouble, for tests of what the pages say of it
// and for looking at them.
#pragma once

#include "cluster_scene.h"

namespace vx11::ui::testing {

using cluster::RedisClusterState;
using cluster::RedisNode;
using cluster::RedisSentinel;
using cluster::RedisServers;

inline RedisNode masterNode(const QString& address, const QString& slots = {}) {
  RedisNode node;
  node.address = address;
  node.role = QStringLiteral("master");
  node.state = QStringLiteral("online");
  node.linkUp = true;
  node.slotRanges = slots;
  node.keys = 428;
  node.usedMemory = 1'468'006;
  node.opsPerSec = 58;
  return node;
}

inline RedisNode replicaNode(const QString& address, const QString& master) {
  RedisNode node;
  node.address = address;
  node.role = QStringLiteral("replica");
  node.master = master;
  node.state = QStringLiteral("online");
  node.linkUp = true;
  node.lagBytes = 0;
  node.lagSec = 0;
  return node;
}

inline RedisSentinel sentinelThatSees(const QString& address, const QString& master) {
  RedisSentinel one;
  one.address = address;
  one.up = true;
  one.master = master;
  one.masterState = QStringLiteral("ok");
  one.quorum = one.otherSentinels = one.replicas = 2;
  one.canFailOver = true;
  return one;
}

inline const QString firstServer = QStringLiteral("10.4.0.21:6379"), secondServer = QStringLiteral("10.4.0.22:6379"),
                     thirdServer = QStringLiteral("10.4.0.23:6379");

/// A master, two replicas, three sentinels; nothing wrong.
inline RedisInfo sentinelGroup(int instances = 3) {
  RedisInfo redis = healthyRedis(instances);
  redis.address = firstServer;
  for (RedisSeenBy& seen : redis.seenBy) seen.address = firstServer;
  redis.replicas = 2;
  RedisServers& servers = redis.servers;
  servers.topology = RedisServers::Topology::Sentinel;
  servers.masterName = QStringLiteral("mymaster");
  servers.nodes = {masterNode(firstServer), replicaNode(secondServer, firstServer),
                   replicaNode(thirdServer, firstServer)};
  for (const int host : {31, 32, 33})
    servers.sentinels << sentinelThatSees(QStringLiteral("10.4.0.%1:26379").arg(host), firstServer);
  servers.toldAt = sceneNow;
  servers.failovers = 0;
  return redis;
}

/// Three masters with a replica each; nothing wrong.
inline RedisInfo redisCluster(int instances = 3) {
  RedisInfo redis = healthyRedis(instances);
  redis.address = QStringLiteral("10.4.0.41:6379,10.4.0.42:6379");
  redis.mode = QStringLiteral("cluster");
  RedisServers& servers = redis.servers;
  servers.topology = RedisServers::Topology::Cluster;
  const QStringList slots{QStringLiteral("0-5460"), QStringLiteral("5461-10922"), QStringLiteral("10923-16383")};
  for (int i = 0; i < 3; ++i) {
    const QString master = QStringLiteral("10.4.0.%1:6379").arg(41 + i);
    servers.nodes << masterNode(master, slots[i]) << replicaNode(QStringLiteral("10.4.0.%1:6379").arg(51 + i), master);
  }
  servers.state = RedisClusterState{QStringLiteral("ok"), 16'384, 16'384, 0, 6, 3, 6};
  servers.toldAt = sceneNow;
  servers.failovers = 0;
  return redis;
}

inline void makeMasterFailOver(RedisInfo& redis) {
  makeDown(redis);
  redis.servers.nodes[0].state = QStringLiteral("down");
  for (RedisSentinel& one : redis.servers.sentinels) one.masterState = QStringLiteral("failing over");
}

inline void makeFailedOver(RedisInfo& redis, const QDateTime& wall) {
  redis.address = secondServer;
  for (RedisSeenBy& seen : redis.seenBy) seen.address = secondServer;
  redis.seenBy[0].address = firstServer;  // it has not noticed yet
  redis.servers.nodes = {masterNode(secondServer), replicaNode(thirdServer, secondServer)};
  for (RedisSentinel& one : redis.servers.sentinels) one.master = secondServer;
  redis.servers.failovers = 1;
  redis.servers.lastFailoverAt = wall.toSecsSinceEpoch() - 12;
  redis.servers.lastFailover = QStringLiteral("%1 to %2").arg(firstServer, secondServer);
}

inline void makeSilent(RedisSentinel& one) {
  one = {};
  one.address = QStringLiteral("10.4.0.33:26379");
  one.error = QStringLiteral("connection refused");
}

}  // namespace vx11::ui::testing
