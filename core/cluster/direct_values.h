// What the core's client reads of Redis, as the values that the console keeps. Pure functions.
#pragma once

#include <optional>
#include <vector>

#include "cluster/redis_info.h"
#include "redis/health.h"
#include "redis/topology.h"

namespace vx11::cluster::direct {

void readHealth(const redis::Health& health, RedisInfo& info);
[[nodiscard]] QList<RedisNode> nodesOf(const std::vector<redis::DataNode>& nodes);
[[nodiscard]] QList<RedisSentinel> sentinelsOf(const std::vector<redis::SentinelView>& views);
[[nodiscard]] std::optional<RedisClusterState> stateOf(const std::optional<redis::ClusterState>& state);

}  // namespace vx11::cluster::direct
