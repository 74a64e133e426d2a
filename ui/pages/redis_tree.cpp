#include "pages/redis_tree.h"

#include <QCoreApplication>
#include <algorithm>
#include <numeric>

#include "pages/redis_group.h"
#include "widgets/format.h"

namespace vx11::ui::redis {
namespace {

using cluster::RedisInfo;
using cluster::RedisNode;
using cluster::RedisSentinel;
using cluster::RedisServers;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::RedisTopology)
};

constexpr qsizetype mostRows = 32, mostRanges = 2;

struct State {
  Mark mark;
  QString word;
};

State stateOf(const RedisNode& node) {
  if (node.state == QLatin1String("failed")) return {Mark::Unreachable, Words::tr("Failed")};
  if (node.state == QLatin1String("down")) return {Mark::Unreachable, Words::tr("Down")};
  if (node.state == QLatin1String("suspected")) return {Mark::Degraded, Words::tr("Suspected")};
  if (node.isReplica() && node.linkUp == false) return {Mark::Degraded, Words::tr("Link down")};
  if (node.state == QLatin1String("handshake")) return {Mark::Starting, Words::tr("Joins")};
  if (node.state == QLatin1String("sync")) return {Mark::Starting, Words::tr("Copies")};
  if (node.isReplica() && isSlow(node)) return {Mark::Degraded, Words::tr("Slow")};
  if (!node.isReplica() && node.linkUp == false) return {Mark::Degraded, Words::tr("Link down")};
  if (node.state == QLatin1String("online")) return {Mark::Live, markWord(Mark::Live)};
  return {Mark::Unknown, markWord(Mark::Unknown)};
}

QString lagWords(const RedisNode& node) {
  QStringList parts;
  if (node.lagSec) parts << Words::tr("lag %1").arg(format::duration(node.lagSec));
  if (node.lagBytes) parts << Words::tr("%1 behind").arg(format::bytes(node.lagBytes));
  return parts.isEmpty() ? Words::tr("lag unknown") : parts.join(QStringLiteral(", "));
}

QString loadWords(const RedisNode& node) {
  QStringList parts;
  if (node.keys) parts << Words::tr("%1 keys").arg(format::count(node.keys));
  if (node.usedMemory) parts << format::bytes(node.usedMemory);
  if (node.opsPerSec) parts << Words::tr("%1 commands/s").arg(format::count(node.opsPerSec));
  return parts.join(QStringLiteral(", "));
}

TreeBox replicaBox(const RedisNode& node) {
  const State state = stateOf(node);
  return {state.mark,
          Words::tr("Replica"),
          state.word,
          node.address,
          isLost(node) ? Words::tr("not reached") : lagWords(node),
          loadWords(node)};
}

/// The server that the instances speak to, by its INFO: more than the node list knows of it.
TreeBox serverBox(const RedisInfo& info, const QString& title, bool stale) {
  const Mark mark = !info.up ? Mark::Unknown : !*info.up ? Mark::Unreachable : stale ? Mark::Unknown : Mark::Live;
  return {mark, title, markWord(mark), info.address, Words::tr("%1 commands/s").arg(format::count(info.opsPerSec)), {}};
}

TreeBox ifStale(TreeBox box, bool stale) {
  if (!stale || box.mark == Mark::Unreachable) return box;
  box.mark = Mark::Unknown;
  box.state = markWord(Mark::Unknown);
  return box;
}

Tree singleTree(const RedisInfo& info, bool stale) {
  TreeRow row;
  const bool replica = info.role == QLatin1String("slave") || info.role == QLatin1String("replica");
  if (replica) {
    const Mark link = !info.masterLinkUp ? Mark::Unknown : *info.masterLinkUp ? Mark::Live : Mark::Unreachable;
    row.master = {link,
                  Words::tr("Master"),
                  markWord(link),
                  {},
                  info.masterLinkUp == false ? Words::tr("link down") : Words::tr("seen by its replica"),
                  {}};
    row.replicas << serverBox(info, Words::tr("Replica"), stale);
    return {{row}, 0, {}, {}, {}, {}};
  }
  for (const RedisNode& node : info.servers.nodes)
    if (node.isReplica()) row.replicas << ifStale(replicaBox(node), stale);
  const qint64 count = info.replicas.value_or(0);
  row.master = serverBox(
      info, info.role.isEmpty() || (count == 0 && row.replicas.isEmpty()) ? Words::tr("Redis") : Words::tr("Master"),
      stale);
  if (row.replicas.isEmpty() && count > 0) {  // who tells their number doesn't always name them
    RedisNode slowest;
    slowest.lagBytes = info.replicationLagBytes;
    const Mark mark = row.master.mark != Mark::Live ? Mark::Unknown : isSlow(slowest) ? Mark::Degraded : Mark::Live;
    const QString behind = info.replicationLagBytes ? Words::tr("%1 behind").arg(format::bytes(slowest.lagBytes))
                                                    : Words::tr("lag unknown");
    row.replicas << TreeBox{
        mark, count == 1 ? Words::tr("Replica") : Words::tr("%1 replicas").arg(count), markWord(mark),
        {},   count == 1 ? behind : Words::tr("the slowest %1").arg(behind),           {}};
  }
  return {{row}, 0, {}, {}, {}, {}};
}

/// What the sentinels say of the master counts over what was last heard of it.
TreeBox groupMaster(const RedisInfo& info, bool stale) {
  TreeBox box = serverBox(info, Words::tr("Master"), stale);
  const QString bySentinels = masterBySentinels(info.servers);
  if (box.address.isEmpty()) box.address = bySentinels;
  const auto says = [&](const char* state) {
    return std::any_of(info.servers.sentinels.begin(), info.servers.sentinels.end(), [&](const RedisSentinel& one) {
      return one.up && one.master == box.address && one.masterState == QLatin1String(state);
    });
  };
  if (says("failing over"))
    return {
        Mark::Unreachable, box.title, Words::tr("Failing over"), box.address, Words::tr("a replica takes over"), {}};
  if (says("down"))
    return {Mark::Unreachable, box.title, Words::tr("Down"), box.address, Words::tr("the sentinels agree"), {}};
  if (!bySentinels.isEmpty() && bySentinels != box.address && box.mark == Mark::Unreachable)
    box.line = Words::tr("replaced by %1").arg(bySentinels);
  else if (says("suspected") && box.mark == Mark::Live) {
    box.mark = Mark::Degraded;
    box.state = Words::tr("Suspected");
  }
  return box;
}

TreeBox sentinelBox(const RedisSentinel& one, const QString& master, bool stale) {
  TreeBox box{Mark::Live, one.address, Words::tr("answers"), {}, {}, {}};
  if (!one.up) {
    box.mark = stale ? Mark::Unknown : Mark::Unreachable;
    box.state = Words::tr("no answer");
    box.tip = one.error;
  } else if (one.master.isEmpty()) {
    box.mark = Mark::Degraded;
    box.state = Words::tr("doesn’t know the master");
    box.tip = one.error;
  } else {
    if (one.master != master) {
      box.mark = Mark::Degraded;
      box.state = Words::tr("names another master");
    }
    QStringList tip{Words::tr("master %1, %2").arg(one.master, one.masterState)};
    if (one.quorum) tip << Words::tr("quorum %1").arg(*one.quorum);
    if (one.otherSentinels) tip << Words::tr("%1 other sentinels").arg(*one.otherSentinels);
    if (one.replicas) tip << Words::tr("%1 replicas").arg(*one.replicas);
    if (one.canFailOver == false) tip << Words::tr("too few for a failover: %1").arg(one.error);
    box.tip = tip.join(QStringLiteral(", "));
  }
  return stale && box.mark == Mark::Live ? ifStale(box, true) : box;
}

void addSentinels(Tree& tree, const RedisServers& servers, bool stale) {
  const QString master = masterBySentinels(servers);
  qsizetype agree = 0;
  std::optional<qint64> quorum;
  for (const RedisSentinel& one : servers.sentinels) {
    tree.sentinels << sentinelBox(one, master, stale);
    agree += one.up && !master.isEmpty() && one.master == master ? 1 : 0;
    if (one.quorum) quorum = one.quorum;
  }
  const qsizetype all = servers.sentinels.size();
  tree.foot = Words::tr("Sentinels");
  const QString agreement = agree == all ? Words::tr("all agree") : Words::tr("%1 of %2 agree").arg(agree).arg(all);
  tree.footDetail = all == 0 ? Words::tr("unknown")
                    : quorum ? Words::tr("quorum %1 of %2, %3").arg(*quorum).arg(all).arg(agreement)
                             : agreement;
}

Tree sentinelTree(const RedisInfo& info, bool staleMaster, bool stale) {
  Tree tree;
  TreeRow row;
  row.master = groupMaster(info, staleMaster);
  for (const RedisNode& node : info.servers.nodes) {
    // The one that is to take over is told as a replica until it is the master.
    if (node.isReplica() && node.address != row.master.address) row.replicas << ifStale(replicaBox(node), stale);
  }
  tree.rows << row;
  addSentinels(tree, info.servers, stale);
  return tree;
}

qint64 lowestSlot(const RedisNode& node) {
  const QString first = node.slotRanges.section(u' ', 0, 0).section(u'-', 0, 0);
  return first.isEmpty() ? 1 << 20 : first.toLongLong();
}

Tree clusterTree(const RedisInfo& info, bool stale) {
  QList<RedisNode> masters;
  for (const RedisNode& node : info.servers.nodes)
    if (!node.isReplica()) masters << node;
  std::stable_sort(masters.begin(), masters.end(),
                   [](const auto& a, const auto& b) { return lowestSlot(a) < lowestSlot(b); });
  const auto knows = [&](const QString& address) {
    return std::any_of(masters.begin(), masters.end(), [&](const auto& one) { return one.address == address; });
  };
  for (const RedisNode& node : info.servers.nodes) {
    if (!node.isReplica() || knows(node.master)) continue;
    RedisNode unknown;  // a replica of a master that nobody names
    unknown.address = node.master;
    masters << unknown;
  }
  Tree tree;
  for (const RedisNode& master : masters) {
    const State state = stateOf(master);
    TreeRow row;
    const QString slots = slotWords(master.slotRanges);
    QStringList tip{master.slotRanges.isEmpty() ? QString() : Words::tr("slots %1").arg(master.slotRanges),
                    loadWords(master)};
    tip.removeAll(QString());
    const QString line = master.keys ? Words::tr("%1, %2 keys").arg(slots, format::count(master.keys)) : slots;
    row.master = ifStale(
        {state.mark, Words::tr("Master"), state.word, master.address, line, tip.join(QStringLiteral(", "))}, stale);
    for (const RedisNode& node : info.servers.nodes)
      if (node.isReplica() && node.master == master.address) row.replicas << ifStale(replicaBox(node), stale);
    tree.rows << row;
  }
  if (tree.rows.size() > mostRows) {
    std::stable_sort(tree.rows.begin(), tree.rows.end(), [](const TreeRow& a, const TreeRow& b) {
      return isTrouble(a.master.mark) && !isTrouble(b.master.mark);
    });
    tree.leftOut = tree.rows.size() - mostRows;
    tree.rows.resize(mostRows);
  }
  if (tree.rows.isEmpty()) tree.rows << TreeRow{serverBox(info, Words::tr("Cluster"), stale), {}};
  tree.foot = Words::tr("Cluster");
  if (const auto& state = info.servers.state) {
    const QString word =
        state->state == QLatin1String("ok") ? Words::tr("state ok") : Words::tr("state %1").arg(state->state);
    tree.footDetail = Words::tr("%1, %2 of 16,384 slots served, %3 nodes")
                          .arg(word, format::count(state->slotsOk), format::count(state->knownNodes));
  } else {
    tree.footDetail = Words::tr("state unknown");
  }
  return tree;
}

QString failoverWords(const RedisInfo& info, const Look& look) {
  const RedisServers& servers = info.servers;
  if (!servers.failovers) return {};
  if (*servers.failovers == 0) return Words::tr("no failover seen");
  const QString count = *servers.failovers == 1 ? Words::tr("1 failover")
                                                : Words::tr("%1 failovers").arg(format::count(servers.failovers));
  if (servers.lastFailoverAt < 0) return count;
  const qint64 ago = std::max<qint64>(0, look.wall.toSecsSinceEpoch() - servers.lastFailoverAt);
  return Words::tr("%1, the last %2 ago").arg(count, format::duration(ago));
}

}  // namespace

QString slotWords(const QString& slots) {
  const QStringList ranges = slots.split(u' ', Qt::SkipEmptyParts);
  if (ranges.isEmpty()) return Words::tr("no slots");
  if (ranges.size() <= mostRanges) {
    QString shown = ranges.join(QStringLiteral(", "));
    return Words::tr("slots %1").arg(shown.replace(u'-', QChar(0x2013)));
  }
  const qint64 count = std::accumulate(ranges.begin(), ranges.end(), qint64{0}, [](qint64 sum, const QString& range) {
    const qint64 first = range.section(u'-', 0, 0).toLongLong(), last = range.section(u'-', -1).toLongLong();
    return sum + last - first + 1;
  });
  return Words::tr("%1 slots in %2 ranges").arg(format::count(count)).arg(ranges.size());
}

Tree treeOf(const RedisInfo& info, const Look& look) {
  const bool stale = isStale(info, look);
  // Who no longer reaches the master may still see the others.
  const bool oldServers = info.servers.toldAt < 0 ? stale : look.now - info.servers.toldAt > serversStaleAfterMs;
  if (!info.servers.isGroup()) return singleTree(info, stale);
  Tree tree = info.servers.topology == RedisServers::Topology::Sentinel ? sentinelTree(info, stale, oldServers)
                                                                        : clusterTree(info, oldServers);
  tree.failovers = failoverWords(info, look);
  return tree;
}

QString Tree::words() const {
  QStringList said;
  const auto add = [&said](const TreeBox& box) {
    said << QStringLiteral("%1 %2: %3, %4").arg(box.title, box.address, box.state, box.line).simplified();
  };
  for (const TreeRow& row : rows) {
    add(row.master);
    for (const TreeBox& box : row.replicas) add(box);
  }
  if (!foot.isEmpty()) said << QStringLiteral("%1: %2").arg(foot, footDetail);
  for (const TreeBox& box : sentinels) said << QStringLiteral("%1 %2").arg(box.title, box.state);
  if (!failovers.isEmpty()) said << failovers;
  return said.join(QStringLiteral("; "));
}

}  // namespace vx11::ui::redis
