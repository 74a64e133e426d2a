// From settings to connections: where Redis is, and who connects as what.
#pragma once

#include <string>

#include "config/settings.h"
#include "redis/options.h"

namespace vx11::server {

/// "127.0.0.1:6379", without credentials.
[[nodiscard]] std::string redis_address(const config::Settings& settings);
/// `purpose` becomes part of the name that CLIENT LIST shows: "vx11:<instance>:<purpose>".
[[nodiscard]] redis::Options redis_options(const config::Settings& settings, const std::string& instance_id,
                                           const std::string& purpose);

}  // namespace vx11::server
