// From settings to connections: where Redis is, and who connects as what.
#pragma once

#include <string>

#include "config/settings.h"
#include "redis/options.h"

namespace vx11::server {

[[nodiscard]] redis::Topology redis_topology(const config::Settings& settings);
/// The server, the sentinels, or the cluster's nodes that were named: "10.0.0.1:7000,10.0.0.2:7000".
[[nodiscard]] std::string seed_addresses(const config::Settings& settings);
/// Sentinel's name for the group; empty for other topologies.
[[nodiscard]] std::string master_name(const config::Settings& settings);
/// `purpose` becomes part of the name that CLIENT LIST shows: "vx11:<instance>:<purpose>".
[[nodiscard]] redis::Options redis_options(const config::Settings& settings, const std::string& instance_id,
                                           const std::string& purpose);

}  // namespace vx11::server
