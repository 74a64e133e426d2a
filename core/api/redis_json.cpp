#include "api/redis_json.h"

#include <chrono>

#include "api/token_json.h"
#include "observe/json_text.h"

namespace vx11::api {

namespace {

template <typename Rep, typename Period>
[[nodiscard]] double fractional_ms(std::chrono::duration<Rep, Period> value) noexcept {
  return std::chrono::duration<double, std::milli>(value).count();
}

void append_slow_log(std::string& out, const redis::Health& health) {
  if (health.slow_log_length) append_member(out, "slow_log_length", *health.slow_log_length);
  if (!health.slow_log_refused.empty()) append_member(out, "slow_log_unavailable", health.slow_log_refused);
  if (!health.slow_log_length || !health.slow_log_refused.empty()) return append_null(out, "slow_log");
  out += R"(,"slow_log":[)";
  for (bool first = true; const redis::SlowCommand& slow : health.slow_log) {
    out += first ? "{" : ",{";
    first = false;
    append_member(out, "id", slow.id, true);
    append_member(out, "at", slow.at);
    append_member(out, "took_us", slow.took_us);
    append_member(out, "command", slow.command);
    out += '}';
  }
  out += ']';
}

void append_health(std::string& out, const redis::Health& health) {
  append_member(out, "version", health.version, true);
  append_member(out, "run_id", health.run_id);
  append_member(out, "replication_id", health.replication_id);
  append_member(out, "mode", health.mode);
  append_member(out, "role", health.role);
  append_member(out, "maxmemory_policy", health.maxmemory_policy);
  append_flag(out, "may_evict", health.may_evict());
  append_member(out, "uptime_s", health.uptime_s);
  append_member(out, "used_memory", health.used_memory);
  append_member(out, "maxmemory", health.maxmemory);
  append_member(out, "connected_clients", health.connected_clients);
  append_member(out, "blocked_clients", health.blocked_clients);
  append_member(out, "max_clients", health.max_clients);
  append_member(out, "ops_per_sec", health.ops_per_sec);
  append_member(out, "used_cpu_s", health.used_cpu_s);
  append_member(out, "evicted_keys", health.evicted_keys);
  append_member(out, "expired_keys", health.expired_keys);
  append_member(out, "rejected_connections", health.rejected_connections);
  append_member(out, "keyspace_hits", health.keyspace_hits);
  append_member(out, "keyspace_misses", health.keyspace_misses);
  append_member(out, "keys", health.keys);
  append_member(out, "expiring_keys", health.expiring_keys);
  append_flag(out, "loading", health.loading);
  append_member(out, "connected_replicas", health.connected_replicas);
  append_member(out, "replication_lag_bytes", health.replication_lag_bytes);
  append_flag(out, "master_link_up", health.master_link_up);
  append_flag(out, "rdb_last_save_ok", health.rdb_last_save_ok);
  append_member(out, "rdb_changes_since_save", health.rdb_changes_since_save);
  append_member(out, "rdb_last_save_at", health.rdb_last_save_at);
  append_flag(out, "aof_enabled", health.aof_enabled);
  append_flag(out, "aof_last_write_ok", health.aof_last_write_ok);
  append_slow_log(out, health);
}

void append_errors(std::string& out, const ServiceMetrics& metrics) {
  out += R"(,"errors":{)";
  bool first = true;
  for (std::size_t i = 1; i < redis::fault_count; ++i) {
    const auto fault = static_cast<redis::Fault>(i);
    const std::uint64_t count = metrics.redis_errors(fault);
    if (count == 0) continue;
    append_member(out, redis::to_string(fault), count, first);
    first = false;
  }
  out += '}';
}

}  // namespace

std::string_view to_string(redis::BreakerState state) noexcept {
  switch (state) {
    case redis::BreakerState::closed:
      return "closed";
    case redis::BreakerState::half_open:
      return "half_open";
    case redis::BreakerState::open:
      return "open";
  }
  return "open";
}

void append_draining(std::string& out, const std::optional<store::ModeSwitch::Draining>& draining) {
  if (!draining) return append_null(out, "draining");
  out += R"(,"draining":{)";
  append_member(out, "from", store::to_string(draining->from), true);
  append_member(out, "remaining_ms", std::int64_t{draining->remaining.count()});
  out += '}';
}

void append_redis_summary(std::string& out, const RedisStatus& status) {
  append_flag(out, "configured", true, true);
  append_flag(out, "up", status.up);
  append_member(out, "breaker", to_string(status.breaker));
  append_member(out, "topology", redis::to_string(status.topology));
  append_text_or_null(out, "address", status.address);
  append_member(out, "db", std::uint64_t{status.database});
  append_member(out, "prefix", status.prefix);
  if (const auto& health = status.health) {
    append_member(out, "memory_bytes", health->used_memory);
    append_member(out, "ops_per_sec", health->ops_per_sec);
    append_member(out, "health_age_ms", std::int64_t{status.health_age.count()});
  } else {
    for (const char* name : {"memory_bytes", "ops_per_sec", "health_age_ms"}) append_null(out, name);
  }
  append_member(out, "reconnects_total", status.reconnects);
  append_text_or_null(out, "last_error", status.last_error);
  out += R"(,"feed":{)";
  append_flag(out, "following", status.following, true);
  append_member(out, "age_ms", std::int64_t{status.feed_age.count()});
  out += '}';
  append_member(out, "denied", std::uint64_t{status.denied});
  append_member(out, "unwritten", std::uint64_t{status.unwritten});
  append_member(out, "untold", std::uint64_t{status.untold});
}

void append_redis_details(std::string& out, const RedisStatus& status, const ServiceMetrics& metrics) {
  append_flag(out, "tls", status.tls);
  append_flag(out, "partly", status.partly);
  append_text_or_null(out, "refused", status.refused);
  append_text_or_null(out, "unavailable", status.unavailable);
  append_time_or_null(out, "since", status.since);
  append_time_or_null(out, "last_error_at", status.last_error_at);
  if (status.clock_ahead) {
    append_member(out, "clock_ahead_ms", fractional_ms(*status.clock_ahead));
  } else {
    append_null(out, "clock_ahead_ms");
  }
  append_flag(out, "id_taken", status.id_taken);
  append_redis_servers(out, status);
  append_latency(out, "round_trip_ms", metrics.redis_window);
  append_errors(out, metrics);
  if (!status.health) return append_null(out, "health");
  out += R"(,"health":{)";
  append_health(out, *status.health);
  out += '}';
}

void append_latency(std::string& out, std::string_view name, const LatencyWindow& window, bool first) {
  const auto values = window.values();
  out += first ? "\"" : ",\"";
  out += name;
  out += "\":{";
  append_member(out, "count", values.count, true);
  if (values.count > 0) {
    append_member(out, "p50", fractional_ms(values.p50));
    append_member(out, "p95", fractional_ms(values.p95));
    append_member(out, "p99", fractional_ms(values.p99));
  }
  out += '}';
}

}  // namespace vx11::api
