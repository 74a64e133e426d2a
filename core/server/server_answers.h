// What the master, or each master of a cluster, answered when it was asked for its health, put together.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "redis/health.h"
#include "redis/loop_client.h"
#include "redis/request.h"
#include "redis/topology.h"

namespace vx11::server {

struct ServerAnswers {
  /// Of a cluster the sums, and of what can't be added what is worst or the first one says; nothing: INFO is refused.
  std::optional<redis::Health> health;
  std::vector<redis::DataNode> nodes;
  std::optional<redis::ClusterState> cluster;
  std::optional<std::int64_t> fewest_replicas;  ///< connected to a master, of the one that has the fewest
};

/// The question, for `LoopClient::ask_each`.
[[nodiscard]] redis::Request survey_request(redis::Topology topology);
/// Nothing: nobody answered at all.
[[nodiscard]] std::optional<ServerAnswers> read_answers(std::span<const redis::NodeAnswer> answers,
                                                        redis::Topology topology, std::uint32_t database);
/// Why a part of the question was refused, in Redis' words; empty: none was.
struct Refusals {
  std::string refused;      ///< INFO: readiness depends on it
  std::string unavailable;  ///< what is only shown to people
};
[[nodiscard]] Refusals refusals_in(std::span<const redis::NodeAnswer> answers);

}  // namespace vx11::server
