// Redis, and the mode's drain window, as several answers show them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/redis_view.h"
#include "api/service_metrics.h"
#include "store/mode_switch.h"

namespace vx11::api {

/// "closed", "half_open", "open".
[[nodiscard]] std::string_view to_string(redis::BreakerState state) noexcept;
/// Appends `,"draining":` and an object, or null.
void append_draining(std::string& out, const std::optional<store::ModeSwitch::Draining>& draining);
/// Appends the members of an object that begins with `"configured"`, without its braces: what cache-stats shows.
void append_redis_summary(std::string& out, const RedisStatus& status);
/// Appends `,"nodes":[…]` and all else that is known of servers, replicas, sentinels and failovers.
void append_redis_servers(std::string& out, const RedisStatus& status);
/// Appends the members of what a failover tells: how many there were, when the last one was, and from where to where.
void append_failovers(std::string& out, const RedisStatus& status, bool first = false);
/// Appends the rest of what is known, for those who look after Redis.
void append_redis_details(std::string& out, const RedisStatus& status, const ServiceMetrics& metrics);
/// Appends `,"name":{…}` with count and, when there was any, p50, p95 and p99 in ms.
void append_latency(std::string& out, std::string_view name, const LatencyWindow& window, bool first = false);

}  // namespace vx11::api
