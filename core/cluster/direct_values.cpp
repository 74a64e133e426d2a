#include "cluster/direct_values.h"

namespace vx11::cluster::direct {
namespace {

QString slotsText(const std::vector<redis::SlotRange>& ranges) {
  QStringList texts;
  for (const redis::SlotRange& range : ranges)
    texts << (range.first == range.last ? QString::number(range.first)
                                        : QStringLiteral("%1-%2").arg(range.first).arg(range.last));
  return texts.join(u' ');
}

}  // namespace

void readHealth(const redis::Health& health, RedisInfo& info) {
  info.version = QString::fromStdString(health.version);
  info.mode = QString::fromStdString(health.mode);
  info.role = QString::fromStdString(health.role);
  info.policy = QString::fromStdString(health.maxmemory_policy);
  info.uptimeSec = health.uptime_s;
  info.usedMemory = health.used_memory;
  info.maxMemory = health.maxmemory;
  info.clients = health.connected_clients;
  info.blockedClients = health.blocked_clients;
  info.maxClients = health.max_clients;
  info.opsPerSec = health.ops_per_sec;
  info.evictedKeys = health.evicted_keys;
  info.expiredKeys = health.expired_keys;
  info.rejectedConnections = health.rejected_connections;
  info.keys = health.keys;
  info.hitRatio = RedisInfo::ratioOf(health.keyspace_hits, health.keyspace_misses);
  info.replicas = health.connected_replicas;
  info.replicationLagBytes = health.replication_lag_bytes;
  info.rdbChangesSinceSave = health.rdb_changes_since_save;
  info.rdbLastSaveAt = health.rdb_last_save_at;
  info.masterLinkUp = health.master_link_up;
  info.rdbLastSaveOk = health.rdb_last_save_ok;
  info.aofEnabled = health.aof_enabled;
  info.aofLastWriteOk = health.aof_last_write_ok;
  info.loading = health.loading;
  if (health.slow_log_length) info.slowLogLength = *health.slow_log_length;
  for (const redis::SlowCommand& slow : health.slow_log)
    info.slowLog.append({slow.at, static_cast<double>(slow.took_us) / 1000, QString::fromStdString(slow.command)});
}

QList<RedisNode> nodesOf(const std::vector<redis::DataNode>& nodes) {
  QList<RedisNode> all;
  for (const redis::DataNode& node : nodes) {
    RedisNode& one = all.emplace_back();
    one.id = QString::fromStdString(node.id);
    one.address = QString::fromStdString(node.address);
    one.role = QString::fromStdString(node.role);
    one.master = QString::fromStdString(node.master);
    one.state = QString::fromStdString(node.state);
    one.linkUp = node.link_up;
    one.lagBytes = node.lag_bytes;
    one.lagSec = node.lag_s;
    one.slotRanges = slotsText(node.slots);
    one.usedMemory = node.used_memory;
    one.opsPerSec = node.ops_per_sec;
    one.keys = node.keys;
  }
  return all;
}

QList<RedisSentinel> sentinelsOf(const std::vector<redis::SentinelView>& views) {
  QList<RedisSentinel> all;
  for (const redis::SentinelView& view : views) {
    RedisSentinel& one = all.emplace_back();
    one.address = QString::fromStdString(view.address);
    one.up = view.up;
    one.error = QString::fromStdString(view.error);
    one.master = QString::fromStdString(view.master);
    one.masterState = QString::fromStdString(view.master_state);
    one.quorum = view.quorum;
    one.otherSentinels = view.other_sentinels;
    one.replicas = view.replicas;
    one.canFailOver = view.can_fail_over;
  }
  return all;
}

std::optional<RedisClusterState> stateOf(const std::optional<redis::ClusterState>& state) {
  if (!state) return std::nullopt;
  return RedisClusterState{QString::fromStdString(state->state),
                           state->slots_assigned,
                           state->slots_ok,
                           state->slots_failing,
                           state->known_nodes,
                           state->size,
                           state->epoch};
}

}  // namespace vx11::cluster::direct
