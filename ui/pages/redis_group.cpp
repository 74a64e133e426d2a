#include "pages/redis_group.h"

#include <QCoreApplication>
#include <QMap>
#include <algorithm>

#include "pages/cluster_health.h"
#include "widgets/format.h"

namespace vx11::ui::redis {
namespace {

using cluster::RedisInfo;
using cluster::RedisNode;
using cluster::RedisSentinel;
using cluster::RedisServers;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::redis)
};

constexpr qint64 farBehind = 1 << 20;  // bytes; a token takes a few hundred
constexpr qint64 oldAfterSec = 3;      // replicas acknowledge once a second
constexpr qsizetype mostNamed = 3;
constexpr qint64 allSlots = 16'384;

/// What to do about "NOREPLICAS Not enough good replicas to write.", where the words alone don't say it.
QString cureOfRefusal(const QString& words) {
  if (words.startsWith(QStringLiteral("NOREPLICAS")))
    return Words::tr("It takes no writes until enough replicas follow it (min-replicas-to-write): see to them.");
  if (words.startsWith(QStringLiteral("OOM")))
    return Words::tr("Its memory is full: give it more (maxmemory), or look who else fills it.");
  if (words.startsWith(QStringLiteral("MISCONF")))
    return Words::tr("It takes no writes while it can’t save to its disk: look at its log, and at the disk.");
  if (words.startsWith(QStringLiteral("READONLY")))
    return Words::tr("It is a replica: the instances’ Redis URL has to name the master.");
  if (words.startsWith(QStringLiteral("NOPERM")))
    return Words::tr("The user of the instances lacks a right; packaging/redis/users.acl has all it needs.");
  return {};
}

/// "NOPERM this user has no permissions to run the 'xread' command".
void addOwnWords(QList<GroupFinding>& findings, const RedisServers& servers) {
  if (!servers.refused.isEmpty()) {
    QString words = servers.refused;
    while (words.endsWith(u'.')) words.chop(1);
    findings.append({"refused", Mark::Warning, Words::tr("Redis refuses a command: %1").arg(words),
                     cureOfRefusal(servers.refused)});
  }
  const qint64 wanted = servers.wait.value_or(0);
  if (servers.fewestReplicas && *servers.fewestReplicas < wanted)
    findings.append(
        {"wait", Mark::Warning,
         Words::tr("Writes wait for %1 replicas, and a master has %2").arg(wanted).arg(*servers.fewestReplicas),
         Words::tr("Tokens are issued with \"degraded\":true: they would be lost with that master.")});
}

QString names(const QStringList& addresses) {
  if (addresses.size() <= mostNamed) return health::nameList(addresses);
  return Words::tr("%1 and %2 others").arg(addresses.first()).arg(addresses.size() - 1);
}

template <typename List, typename Predicate>
QStringList addressesOf(const List& all, Predicate wanted) {
  QStringList found;
  for (const auto& one : all)
    if (wanted(one)) found << one.address;
  return found;
}

void addMaster(QList<GroupFinding>& findings, const RedisServers& servers) {
  const auto says = [&](const char* state) {
    return std::any_of(servers.sentinels.begin(), servers.sentinels.end(),
                       [&](const RedisSentinel& one) { return one.up && one.masterState == QLatin1String(state); });
  };
  const QString master = masterBySentinels(servers);
  if (says("failing over"))
    findings.append({"failing-over", Mark::Unreachable,
                     Words::tr("The sentinels replace the master %1, which is down").arg(master),
                     Words::tr("It takes seconds; until then instances answer for what they have seen themselves.")});
  else if (says("down"))
    findings.append({"master-down", Mark::Unreachable,
                     Words::tr("The sentinels agree that the master %1 is down").arg(master),
                     Words::tr("They choose a replica that takes over.")});
  else if (says("suspected"))
    findings.append({"master-suspected", Mark::Warning, Words::tr("A sentinel doesn’t reach the master %1").arg(master),
                     Words::tr("When enough of them don’t, a replica takes over.")});
}

void addSentinels(QList<GroupFinding>& findings, const RedisServers& servers) {
  const auto& all = servers.sentinels;
  if (all.isEmpty()) return;
  const auto silent = addressesOf(all, [](const RedisSentinel& one) { return !one.up; });
  if (silent.size() == all.size()) {
    findings.append({"sentinels", Mark::Warning, Words::tr("No sentinel answers"),
                     Words::tr("All goes on with the master as it is; if it fails now, nobody replaces it.")});
    return;
  }
  QMap<QString, int> masters;
  for (const RedisSentinel& one : all)
    if (one.up && !one.master.isEmpty()) ++masters[one.master];
  if (masters.size() > 1) {
    findings.append({"disagree", Mark::Warning,
                     Words::tr("The sentinels don’t agree on the master: %1").arg(names(masters.keys())),
                     Words::tr("In a failover that is so for a moment; if it lasts, the network is split.")});
  }
  const auto strangers = addressesOf(all, [](const RedisSentinel& one) { return one.up && one.master.isEmpty(); });
  if (!strangers.isEmpty()) {
    findings.append({"strangers", Mark::Warning,
                     Words::tr("%1 doesn’t know the master \"%2\"").arg(names(strangers), servers.masterName),
                     Words::tr("Its \"sentinel monitor\" line names another, or is missing.")});
  }
  if (std::any_of(all.begin(), all.end(), [](const RedisSentinel& one) { return one.up && one.canFailOver == false; }))
    findings.append({"quorum", Mark::Warning, Words::tr("The sentinels are too few for a failover"),
                     Words::tr("If the master fails now, nobody replaces it.")});
  if (!silent.isEmpty()) {
    findings.append({"sentinel", Mark::Warning,
                     silent.size() == 1 ? Words::tr("The sentinel %1 does not answer").arg(silent.first())
                                        : Words::tr("The sentinels %1 do not answer").arg(names(silent)),
                     Words::tr("%1 of %2 are left.").arg(all.size() - silent.size()).arg(all.size())});
  }
}

void addReplicas(QList<GroupFinding>& findings, const RedisServers& servers) {
  const auto& nodes = servers.nodes;
  const auto lost = addressesOf(nodes, [](const RedisNode& node) { return node.isReplica() && isLost(node); });
  const auto cut = addressesOf(
      nodes, [](const RedisNode& node) { return node.isReplica() && !isLost(node) && node.linkUp == false; });
  const auto slow = addressesOf(nodes, [](const RedisNode& node) { return node.isReplica() && isSlow(node); });
  const QString behind = Words::tr("If it took over now, what came since would be missing.");
  if (!lost.isEmpty())
    findings.append({"replica-lost", Mark::Warning,
                     lost.size() == 1 ? Words::tr("The replica %1 is down").arg(lost.first())
                                      : Words::tr("The replicas %1 are down").arg(names(lost)),
                     lost.size() == 1 ? Words::tr("It can’t take over.") : Words::tr("They can’t take over.")});
  if (!cut.isEmpty())
    findings.append({"replica-link", Mark::Warning,
                     cut.size() == 1 ? Words::tr("The replica %1 has lost its master").arg(cut.first())
                                     : Words::tr("The replicas %1 have lost their master").arg(names(cut)),
                     behind});
  if (!slow.isEmpty())
    findings.append({"replica-slow", Mark::Warning,
                     slow.size() == 1 ? Words::tr("The replica %1 is behind").arg(slow.first())
                                      : Words::tr("The replicas %1 are behind").arg(names(slow)),
                     behind});
  // A master forgets who left it; the sentinels don't.
  qint64 expected = 0;
  for (const RedisSentinel& one : servers.sentinels) expected = std::max(expected, one.replicas.value_or(0));
  const auto known = std::count_if(nodes.begin(), nodes.end(), [](const auto& node) { return node.isReplica(); });
  if (known > 0 && expected > known)
    findings.append({"replica-missing", Mark::Warning,
                     expected - known == 1
                         ? Words::tr("A replica that the sentinels know is not connected")
                         : Words::tr("%1 replicas that the sentinels know are not connected").arg(expected - known),
                     Words::tr("Fewer can take over when the master fails.")});
  const bool hasReplica = std::any_of(nodes.begin(), nodes.end(), [](const auto& node) { return node.isReplica(); });
  if (servers.topology == RedisServers::Topology::Sentinel && !nodes.isEmpty() && !hasReplica)
    findings.append({"no-replica", Mark::Warning, Words::tr("The master has no replica"),
                     Words::tr("If it fails, nobody can take over.")});
}

void addShards(QList<GroupFinding>& findings, const RedisServers& servers) {
  const auto masters = [&](auto wanted) {
    return addressesOf(servers.nodes, [&](const RedisNode& node) { return !node.isReplica() && wanted(node); });
  };
  const auto lost = masters([](const RedisNode& node) { return isLost(node) && !node.slotRanges.isEmpty(); });
  const auto gone = masters([](const RedisNode& node) { return isLost(node) && node.slotRanges.isEmpty(); });
  const auto suspected = masters([](const RedisNode& node) { return node.state == QLatin1String("suspected"); });
  if (!lost.isEmpty())
    findings.append({"shard-lost", Mark::Unreachable,
                     lost.size() == 1 ? Words::tr("The master %1 is down").arg(lost.first())
                                      : Words::tr("The masters %1 are down").arg(names(lost)),
                     Words::tr("What lies in its slots can’t be told (503) until a replica takes over.")});
  const bool failed = servers.state && servers.state->state == QLatin1String("fail");
  const qint64 assigned = servers.state ? servers.state->slotsAssigned.value_or(allSlots) : allSlots;
  if (assigned < allSlots)
    findings.append(
        {"slots", Mark::Unreachable,
         Words::tr("%1 of %2 slots belong to nobody").arg(format::count(allSlots - assigned), format::count(allSlots)),
         Words::tr("redis-cli --cluster fix assigns them.")});
  else if (failed && lost.isEmpty())
    findings.append({"cluster", Mark::Unreachable, Words::tr("The cluster says that it is down"),
                     Words::tr("It serves nothing until each slot has a master that most others reach.")});
  if (!suspected.isEmpty())
    findings.append({"shard-suspected", Mark::Warning,
                     Words::tr("%1 is not reached by a part of the others").arg(names(suspected)),
                     Words::tr("When most masters say so, a replica takes over.")});
  if (!gone.isEmpty())
    findings.append({"shard-gone", Mark::Warning, Words::tr("%1 is down and has been replaced").arg(names(gone)),
                     Words::tr("It comes back as a replica, or is forgotten by CLUSTER FORGET.")});
}

}  // namespace

bool isPartly(const RedisInfo& info) {
  const auto findings = groupFindings(info);
  return info.servers.partly && !findings.isEmpty() && findings.first().mark == Mark::Unreachable;
}

bool isLost(const RedisNode& node) {
  return node.state == QLatin1String("failed") || node.state == QLatin1String("down");
}

bool isSlow(const RedisNode& replica) {
  const bool old = replica.lagSec.value_or(0) >= oldAfterSec || replica.lagBytes.value_or(0) > farBehind;
  return old && !isLost(replica) && replica.linkUp != false;
}

QString masterBySentinels(const RedisServers& servers) {
  QMap<QString, int> votes;
  for (const RedisSentinel& one : servers.sentinels)
    if (one.up && !one.master.isEmpty()) ++votes[one.master];
  const auto most = std::max_element(votes.cbegin(), votes.cend());
  return most == votes.cend() ? QString() : most.key();
}

QList<GroupFinding> groupFindings(const RedisInfo& info) {
  QList<GroupFinding> findings;
  const RedisServers& servers = info.servers;
  if (servers.topology == RedisServers::Topology::Sentinel) addMaster(findings, servers);
  if (servers.topology == RedisServers::Topology::Cluster) addShards(findings, servers);
  if (servers.topology == RedisServers::Topology::Sentinel) addSentinels(findings, servers);
  if (servers.isGroup()) addReplicas(findings, servers);
  addOwnWords(findings, servers);
  std::stable_sort(findings.begin(), findings.end(), [](const GroupFinding& a, const GroupFinding& b) {
    return a.mark == Mark::Unreachable && b.mark != Mark::Unreachable;
  });
  return findings;
}

QString groupCounts(const RedisInfo& info) {
  const RedisServers& servers = info.servers;
  if (!servers.isGroup()) return {};
  if (servers.nodes.isEmpty() && servers.sentinels.isEmpty()) return Words::tr("its servers are unknown");
  const auto replicas =
      std::count_if(servers.nodes.begin(), servers.nodes.end(), [](const RedisNode& node) { return node.isReplica(); });
  const auto lost = std::count_if(servers.nodes.begin(), servers.nodes.end(),
                                  [](const RedisNode& node) { return node.isReplica() && isLost(node); });
  const QString followers = lost > 0        ? Words::tr("%1 of %2 replicas").arg(replicas - lost).arg(replicas)
                            : replicas == 1 ? Words::tr("1 replica")
                                            : Words::tr("%1 replicas").arg(replicas);
  if (servers.topology == RedisServers::Topology::Sentinel) {
    const auto all = servers.sentinels.size();
    const auto up = std::count_if(servers.sentinels.begin(), servers.sentinels.end(),
                                  [](const RedisSentinel& one) { return one.up; });
    const QString sentinels = up < all   ? Words::tr("%1 of %2 sentinels").arg(up).arg(all)
                              : all == 1 ? Words::tr("1 sentinel")
                                         : Words::tr("%1 sentinels").arg(all);
    return Words::tr("%1, %2", "2 replicas, 3 sentinels").arg(followers, sentinels);
  }
  const auto masters = std::count_if(servers.nodes.begin(), servers.nodes.end(), [](const RedisNode& node) {
    return !node.isReplica() && !(isLost(node) && node.slotRanges.isEmpty());
  });
  const QString leaders = masters == 1 ? Words::tr("1 master") : Words::tr("%1 masters").arg(masters);
  return Words::tr("%1, %2", "3 masters, 3 replicas").arg(leaders, followers);
}

QString groupLine(const RedisInfo& info) {
  const RedisServers& servers = info.servers;
  if (!servers.isGroup()) return {};
  if (servers.topology == RedisServers::Topology::Cluster) return Words::tr("Cluster: %1").arg(groupCounts(info));
  const QString master = info.address.isEmpty() ? masterBySentinels(servers) : info.address;
  const QString who = master.isEmpty() ? Words::tr("master unknown") : Words::tr("master %1").arg(master);
  return Words::tr("Sentinel: %1, %2").arg(who, groupCounts(info));
}

}  // namespace vx11::ui::redis
