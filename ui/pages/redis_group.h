// What is wrong with a Sentinel group or a cluster behind Redis, in the same words on every page, and what there is of
// it in one line. Pure functions of what is known: what nobody reported accuses nobody.
#pragma once

#include <QList>
#include <QString>

#include "cluster/redis_info.h"
#include "widgets/state_mark.h"

namespace vx11::ui::redis {

/// One thing that needs a person.
struct GroupFinding {
  const char* key = "";
  Mark mark = Mark::Warning;
  QString clause;   ///< without a full stop
  QString meaning;  ///< a sentence
};

/// Worst first.
[[nodiscard]] QList<GroupFinding> groupFindings(const cluster::RedisInfo& info);

/// "Sentinel: master 127.0.0.1:6380, 2 replicas, 3 sentinels", "Cluster: 3 masters, 3 replicas"; empty for one server.
[[nodiscard]] QString groupLine(const cluster::RedisInfo& info);

/// The same without who the master is: "2 replicas, 3 sentinels"; "1 of 2 replicas, 3 sentinels" while one is down.
[[nodiscard]] QString groupCounts(const cluster::RedisInfo& info);

/// Not up, but its other masters answer, and what is missing is known.
[[nodiscard]] bool isPartly(const cluster::RedisInfo& info);
/// Whether it doesn't keep up with its master: its link stands, but what it acknowledged is old or far behind.
[[nodiscard]] bool isSlow(const cluster::RedisNode& replica);
/// Nobody reaches it, or it said that it failed.
[[nodiscard]] bool isLost(const cluster::RedisNode& node);
/// The address most sentinels that answer name; empty: none does.
[[nodiscard]] QString masterBySentinels(const cluster::RedisServers& servers);

}  // namespace vx11::ui::redis
