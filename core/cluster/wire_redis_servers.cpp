#include "cluster/wire_redis_servers.h"

#include "cluster/json_fields.h"

namespace vx11::cluster::wire {
namespace {

constexpr qsizetype longestText = 200, longestSlots = 2000, longestError = 300;
constexpr qsizetype mostNodes = 1000, mostSentinels = 100;

QString text(const QJsonObject& object, QStringView name, qsizetype longest = longestText) {
  return json::text(object, name).value_or(QString()).left(longest);
}

RedisServers::Topology topologyOf(const QString& word) {
  if (word == QLatin1String("single")) return RedisServers::Topology::Single;
  if (word == QLatin1String("sentinel")) return RedisServers::Topology::Sentinel;
  if (word == QLatin1String("cluster")) return RedisServers::Topology::Cluster;
  return RedisServers::Topology::Unknown;
}

RedisNode nodeOf(const QJsonObject& object) {
  RedisNode node;
  node.id = text(object, u"id");
  node.address = text(object, u"address");
  node.role = text(object, u"role");
  node.master = text(object, u"master");
  node.state = text(object, u"state");
  node.linkUp = json::flag(object, u"link_up");
  node.lagBytes = json::count(object, u"lag_bytes");
  node.lagSec = json::count(object, u"lag_s");
  node.slotRanges = text(object, u"slots", longestSlots);
  node.usedMemory = json::count(object, u"used_memory");
  node.opsPerSec = json::count(object, u"ops_per_sec");
  node.keys = json::count(object, u"keys");
  return node;
}

RedisSentinel sentinelOf(const QJsonObject& object) {
  RedisSentinel sentinel;
  sentinel.address = text(object, u"address");
  sentinel.up = json::flag(object, u"up").value_or(false);
  sentinel.error = text(object, u"error", longestError);
  sentinel.master = text(object, u"master");
  sentinel.masterState = text(object, u"master_state");
  sentinel.quorum = json::count(object, u"quorum");
  sentinel.otherSentinels = json::count(object, u"other_sentinels");
  sentinel.replicas = json::count(object, u"replicas");
  sentinel.canFailOver = json::flag(object, u"can_fail_over");
  return sentinel;
}

/// One without an address is nothing that could be shown.
template <typename One>
QList<One> listOf(const QJsonArray& array, One (*read)(const QJsonObject&), qsizetype most) {
  QList<One> all;
  for (const QJsonValue& value : array) {
    if (all.size() >= most) break;
    if (One one = read(value.toObject()); !one.address.isEmpty()) all.append(std::move(one));
  }
  return all;
}

}  // namespace

RedisServers redisServers(const QJsonObject& redis) {
  RedisServers servers;
  servers.topology = topologyOf(text(redis, u"topology"));
  servers.masterName = text(redis, u"master_name");
  servers.nodes = listOf(redis.value(u"nodes").toArray(), nodeOf, mostNodes);
  servers.sentinels = listOf(redis.value(u"sentinels").toArray(), sentinelOf, mostSentinels);
  if (const QJsonValue told = redis.value(u"cluster"); told.isObject()) {
    const QJsonObject cluster = told.toObject();
    servers.state = RedisClusterState{text(cluster, u"state"),
                                      json::count(cluster, u"slots_assigned"),
                                      json::count(cluster, u"slots_ok"),
                                      json::count(cluster, u"slots_failing"),
                                      json::count(cluster, u"known_nodes"),
                                      json::count(cluster, u"size"),
                                      json::count(cluster, u"epoch")};
  }
  servers.failovers = json::count(redis, u"failovers");
  if (const auto at = json::number(redis, u"last_failover_at")) servers.lastFailoverAt = static_cast<qint64>(*at);
  servers.lastFailover = text(redis, u"last_failover");
  servers.partly = json::flag(redis, u"partly").value_or(false);
  servers.refused = text(redis, u"refused", longestError);
  servers.wait = json::count(redis, u"wait");
  servers.fewestReplicas = json::count(redis, u"fewest_replicas");
  servers.waitShortfalls = json::count(redis, u"wait_shortfalls");
  return servers;
}

}  // namespace vx11::cluster::wire
