// What Redis says of its own health: INFO and SLOWLOG, read into values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/reply.h"
#include "redis/request.h"
#include "redis/topology.h"

namespace vx11::redis {

struct SlowCommand {
  std::int64_t id = 0;
  std::int64_t at = 0;  ///< unix seconds
  std::int64_t took_us = 0;
  std::string command;  ///< its name and key pattern; a token in it is masked
};

/// Fields are as in INFO of Redis 6.2 and later; what a server doesn't say stays at its default.
struct Health {
  std::string version, run_id, replication_id, mode, role, maxmemory_policy;
  std::int64_t uptime_s = 0;
  std::int64_t used_memory = 0;  ///< bytes
  std::int64_t maxmemory = 0;    ///< bytes; 0: no limit
  std::int64_t connected_clients = 0, blocked_clients = 0, max_clients = 0;
  std::int64_t ops_per_sec = 0;
  double used_cpu_s = 0;  ///< user and system, since its start
  std::int64_t evicted_keys = 0, expired_keys = 0, rejected_connections = 0;
  std::int64_t keyspace_hits = 0, keyspace_misses = 0;
  std::int64_t keys = 0, expiring_keys = 0;  ///< of the database in use
  bool loading = false;
  // Replication
  std::int64_t connected_replicas = 0;
  std::int64_t replication_lag_bytes = 0;  ///< the slowest replica's; of a replica its own
  bool master_link_up = true;
  std::string master;              ///< a replica's: the address of its master
  std::vector<DataNode> replicas;  ///< a master's, as it sees them
  // Persistence
  bool rdb_last_save_ok = true, aof_enabled = false, aof_last_write_ok = true;
  std::int64_t rdb_changes_since_save = 0, rdb_last_save_at = 0;
  // Slow log; none: `slow_log_refused` says why, in Redis' words
  std::optional<std::int64_t> slow_log_length;
  std::vector<SlowCommand> slow_log;
  std::string slow_log_refused;

  /// Redis' own rule: every policy but noeviction takes live tokens away without a word.
  [[nodiscard]] bool may_evict() const noexcept {
    return !maxmemory_policy.empty() && maxmemory_policy != "noeviction";
  }
};

/// INFO, SLOWLOG LEN and SLOWLOG GET 10 in one request.
[[nodiscard]] Request health_request();
/// Of the answer to it; nothing when INFO itself was refused. Never fails on text it doesn't know.
[[nodiscard]] std::optional<Health> read_health(std::span<const Reply> replies, std::uint32_t database);
/// Do these words of Redis' ("NOPERM … to run the 'slowlog|get' command") refuse what is only shown to people? The
/// service does without.
[[nodiscard]] bool refuses_what_is_shown(std::string_view words) noexcept;
/// The server that said this, which is at `address`, and its replicas.
[[nodiscard]] std::vector<DataNode> nodes_of(const Health& health, std::string_view address);

}  // namespace vx11::redis
