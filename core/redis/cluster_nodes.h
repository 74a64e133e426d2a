// What a cluster's node knows of the others: the texts of CLUSTER NODES and CLUSTER INFO, read into values.
#pragma once

#include <string_view>
#include <vector>

#include "redis/address.h"
#include "redis/topology.h"

namespace vx11::redis {

/// One a line, in its order; lines that aren't understood, and nodes that nobody can reach (noaddr), are left out.
/// `state`: "online"; "handshake"; "suspected" (fail?: some think that it failed); "failed" (most masters do);
/// whether a replica is in step its own INFO tells, not this. A node without a host is the one that was `asked`.
[[nodiscard]] std::vector<DataNode> read_cluster_nodes(std::string_view text, const Address& asked);
/// Never fails on text it doesn't know.
[[nodiscard]] ClusterState read_cluster_info(std::string_view text);

}  // namespace vx11::redis
