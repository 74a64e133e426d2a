#include "ctl/commands/redis_servers.h"

#include <QDateTime>
#include <QJsonArray>
#include <QLocale>
#include <algorithm>

#include "cluster/words.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::RedisNode;
using cluster::RedisSentinel;
using cluster::RedisServers;

QString word(RedisServers::Topology topology) {
  switch (topology) {
    case RedisServers::Topology::Unknown:
      return {};
    case RedisServers::Topology::Single:
      return QStringLiteral("single");
    case RedisServers::Topology::Sentinel:
      return QStringLiteral("sentinel");
    case RedisServers::Topology::Cluster:
      return QStringLiteral("cluster");
  }
  return {};
}

QJsonObject toJson(const RedisNode& node) {
  return {{QStringLiteral("id"), orNull(node.id)},
          {QStringLiteral("address"), node.address},
          {QStringLiteral("role"), orNull(node.role)},
          {QStringLiteral("master"), orNull(node.master)},
          {QStringLiteral("state"), orNull(node.state)},
          {QStringLiteral("link_up"), orNull(node.linkUp)},
          {QStringLiteral("lag_bytes"), orNull(node.lagBytes)},
          {QStringLiteral("lag_s"), orNull(node.lagSec)},
          {QStringLiteral("slots"), orNull(node.slotRanges)},
          {QStringLiteral("used_memory"), orNull(node.usedMemory)},
          {QStringLiteral("ops_per_sec"), orNull(node.opsPerSec)},
          {QStringLiteral("keys"), orNull(node.keys)}};
}

QJsonObject toJson(const RedisSentinel& one) {
  return {{QStringLiteral("address"), one.address},
          {QStringLiteral("up"), one.up},
          {QStringLiteral("error"), orNull(one.error)},
          {QStringLiteral("master"), orNull(one.master)},
          {QStringLiteral("master_state"), orNull(one.masterState)},
          {QStringLiteral("quorum"), orNull(one.quorum)},
          {QStringLiteral("other_sentinels"), orNull(one.otherSentinels)},
          {QStringLiteral("replicas"), orNull(one.replicas)},
          {QStringLiteral("can_fail_over"), orNull(one.canFailOver)}};
}

QJsonValue toJson(const std::optional<cluster::RedisClusterState>& state) {
  if (!state) return {};
  return QJsonObject{{QStringLiteral("state"), orNull(state->state)},
                     {QStringLiteral("slots_assigned"), orNull(state->slotsAssigned)},
                     {QStringLiteral("slots_ok"), orNull(state->slotsOk)},
                     {QStringLiteral("slots_failing"), orNull(state->slotsFailing)},
                     {QStringLiteral("known_nodes"), orNull(state->knownNodes)},
                     {QStringLiteral("size"), orNull(state->size)},
                     {QStringLiteral("epoch"), orNull(state->epoch)}};
}

template <typename List>
QJsonArray arrayOf(const List& list) {
  QJsonArray array;
  for (const auto& one : list) array.append(toJson(one));
  return array;
}

bool isLost(const RedisNode& node) {
  return node.state == QStringLiteral("failed") || node.state == QStringLiteral("down");
}

Tone toneOf(const RedisNode& node) {
  if (isLost(node)) return Tone::Bad;
  return node.state == QStringLiteral("online") && node.linkUp.value_or(true) ? Tone::Good : Tone::Doubtful;
}

QString stateOf(const RedisNode& node) {
  if (node.isReplica() && node.linkUp == false && !isLost(node)) return tr("link down");
  return node.state.isEmpty() ? tr("unknown") : node.state;
}

QString behind(const RedisNode& node) {
  if (!node.isReplica()) return {};
  QStringList parts;
  if (node.lagSec) parts << tr("%1 s").arg(*node.lagSec);
  if (node.lagBytes) parts << QLocale::c().formattedDataSize(*node.lagBytes);
  return parts.isEmpty() ? QStringLiteral("–") : parts.join(QStringLiteral(", "));
}

}  // namespace

void addServers(QJsonObject& document, const cluster::Cluster& cluster) {
  const RedisServers& servers = cluster.redis().servers;
  const auto age =
      servers.toldAt < 0 ? std::nullopt : std::optional(static_cast<double>(cluster.now() - servers.toldAt) / 1000);
  const QJsonValue last =
      servers.lastFailoverAt < 0 ? QJsonValue(QJsonValue::Null) : QJsonValue(servers.lastFailoverAt);
  document.insert(QStringLiteral("topology"), orNull(word(servers.topology)));
  document.insert(QStringLiteral("master_name"), orNull(servers.masterName));
  document.insert(QStringLiteral("topology_age_sec"), orNull(age));
  document.insert(QStringLiteral("nodes"), arrayOf(servers.nodes));
  document.insert(QStringLiteral("sentinels"), arrayOf(servers.sentinels));
  document.insert(QStringLiteral("cluster"), toJson(servers.state));
  document.insert(QStringLiteral("failovers"), orNull(servers.failovers));
  document.insert(QStringLiteral("last_failover_at"), last);
  document.insert(QStringLiteral("last_failover"), orNull(servers.lastFailover));
  document.insert(QStringLiteral("partly"), servers.partly);
  document.insert(QStringLiteral("refused"), orNull(servers.refused));
  document.insert(QStringLiteral("wait"), orNull(servers.wait));
  document.insert(QStringLiteral("fewest_replicas"), orNull(servers.fewestReplicas));
  document.insert(QStringLiteral("wait_shortfalls"), orNull(servers.waitShortfalls));
}

void addServers(Table& table, const RedisServers& servers) {
  if (!servers.isGroup()) return;
  const bool sentinel = servers.topology == RedisServers::Topology::Sentinel;
  table.add(
      {{tr("topology")}, {sentinel ? tr("sentinel, master \"%1\"").arg(servers.masterName) : word(servers.topology)}});
  if (const auto& state = servers.state) {
    const bool ok = state->state == QStringLiteral("ok");
    table.add(
        {{tr("cluster")},
         {tr("%1, %2 of 16384 slots served").arg(state->state, counted(state->slotsOk)), ok ? Tone::Good : Tone::Bad}});
  }
  if (!servers.failovers) return;
  const QString count = counted(servers.failovers);
  const qint64 ago = QDateTime::currentSecsSinceEpoch() - servers.lastFailoverAt;
  table.add({{tr("failovers")},
             {servers.lastFailoverAt < 0
                  ? count
                  : tr("%1, the last %2 ago, %3")
                        .arg(count, lasting(static_cast<double>(std::max<qint64>(0, ago))), servers.lastFailover)}});
  if (servers.waitShortfalls.value_or(0) > 0)
    table.add(
        {{tr("too few replicas")}, {tr("for %1 writes in time").arg(counted(servers.waitShortfalls)), Tone::Doubtful}});
}

Table redisNodes(const RedisServers& servers) {
  using enum Table::Side;
  const bool cluster = servers.topology == RedisServers::Topology::Cluster;
  Table table({{tr("SERVER")},
               {tr("ROLE")},
               {tr("STATE")},
               {tr("BEHIND"), Right},
               {tr("KEYS"), Right},
               {cluster ? tr("SLOTS") : QString()}});
  if (!servers.isGroup() && servers.nodes.size() < 2) return table;
  const auto add = [&table](const RedisNode& node) {
    table.add({{node.isReplica() ? QStringLiteral("  %1").arg(node.address) : node.address},
               {node.role},
               {stateOf(node), toneOf(node)},
               {behind(node)},
               {counted(node.keys)},
               {node.slotRanges}});
  };
  const auto isMaster = [](const RedisNode& node) { return !node.isReplica(); };
  for (const RedisNode& master : servers.nodes) {
    if (!isMaster(master)) continue;
    add(master);
    for (const RedisNode& node : servers.nodes)
      if (node.isReplica() && node.master == master.address) add(node);
  }
  for (const RedisNode& node : servers.nodes) {
    const bool known = std::any_of(servers.nodes.begin(), servers.nodes.end(),
                                   [&](const RedisNode& one) { return isMaster(one) && one.address == node.master; });
    if (node.isReplica() && !known) add(node);
  }
  return table;
}

Table redisSentinels(const RedisServers& servers) {
  using enum Table::Side;
  Table table({{tr("SENTINEL")},
               {tr("ANSWERS")},
               {tr("MASTER")},
               {tr("SEEN AS")},
               {tr("QUORUM"), Right},
               {tr("OTHERS"), Right},
               {tr("REPLICAS"), Right},
               {tr("CAN FAIL OVER")}});
  const auto yesNo = [](const std::optional<bool>& value) {
    return !value ? QStringLiteral("–") : *value ? tr("yes") : tr("no");
  };
  for (const RedisSentinel& one : servers.sentinels)
    table.add({{one.address},
               {yesNo(one.up), one.up ? Tone::Plain : Tone::Bad},
               {one.master.isEmpty() ? one.error : one.master},
               {one.masterState, one.masterState == QStringLiteral("ok") ? Tone::Plain : Tone::Doubtful},
               {counted(one.quorum)},
               {counted(one.otherSentinels)},
               {counted(one.replicas)},
               {yesNo(one.canFailOver), one.canFailOver == false ? Tone::Bad : Tone::Plain}});
  return table;
}

QStringList serverWarnings(const RedisServers& servers) {
  QStringList lost, cut, silent;
  for (const RedisNode& node : servers.nodes) {
    if (isLost(node))
      lost.append(node.address);
    else if (node.isReplica() && node.linkUp == false)
      cut.append(node.address);
  }
  for (const RedisSentinel& one : servers.sentinels)
    if (!one.up) silent.append(one.address);
  QStringList warnings;
  if (!servers.refused.isEmpty()) warnings.append(tr("Redis refuses a command: %1").arg(servers.refused));
  if (servers.fewestReplicas && *servers.fewestReplicas < servers.wait.value_or(0))
    warnings.append(
        tr("writes wait for %1 replicas, and a master has %2").arg(*servers.wait).arg(*servers.fewestReplicas));
  if (!lost.isEmpty()) warnings.append(tr("down: %1").arg(cluster::words::joined(lost)));
  if (!cut.isEmpty()) warnings.append(tr("without a link to its master: %1").arg(cluster::words::joined(cut)));
  if (!silent.isEmpty() && silent.size() == servers.sentinels.size())
    warnings.append(tr("no sentinel answers: if the master fails now, nobody replaces it"));
  else if (!silent.isEmpty())
    warnings.append(tr("no answer from the sentinel %1").arg(cluster::words::joined(silent)));
  return warnings;
}

}  // namespace vx11::ctl
