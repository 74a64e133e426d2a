// What the handlers may ask about Redis: how this instance sees it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "redis/health.h"
#include "redis/link_observer.h"
#include "redis/topology.h"
#include "token/clock.h"

namespace vx11::api {

struct RedisStatus {
  // Where
  redis::Topology topology = redis::Topology::single;
  std::string address;      ///< "127.0.0.1:6379", no credentials; Sentinel: the master at present; a cluster: its seeds
  std::string master_name;  ///< Sentinel's
  bool tls = false;
  std::uint32_t database = 0;
  std::string prefix;
  // The connections of this instance's loops: the worst of them counts
  bool up = false;
  bool partly = false;  ///< of a cluster that isn't up: some of its masters answer
  redis::BreakerState breaker = redis::BreakerState::open;
  std::optional<WallTime> since;  ///< of `up` as it is
  std::string last_error;         ///< a sentence; empty: none yet
  std::optional<WallTime> last_error_at;
  std::string refused;      ///< why a command was refused in the last seconds, in Redis' words; empty: none was
  std::string unavailable;  ///< likewise, of one whose answer is only shown to people: all else is well without it
  std::uint64_t reconnects = 0;
  std::optional<std::chrono::microseconds> clock_ahead;  ///< Redis' clock minus the wall clock
  // Its own words, asked for at most once a second
  std::optional<redis::Health> health;
  std::chrono::milliseconds health_age{0};
  // Who is there; what isn't known yet is empty
  std::vector<redis::DataNode> nodes;
  std::vector<redis::SentinelView> sentinels;
  std::optional<redis::ClusterState> cluster;
  std::optional<std::chrono::milliseconds> topology_age;  ///< since the nodes were asked
  std::uint64_t failovers = 0;                            ///< seen by this instance
  std::optional<WallTime> last_failover_at;
  std::string last_failover;                    ///< "127.0.0.1:6379 to 127.0.0.1:6380"
  std::uint32_t wait = 0;                       ///< --redis-wait
  std::uint64_t wait_shortfalls = 0;            ///< writes that fewer replicas had in time than that
  std::optional<std::int64_t> fewest_replicas;  ///< connected to a master, of the one that has the fewest
  // What instances tell each other
  bool following = false;
  std::chrono::milliseconds feed_age{0};  ///< since the feed was last heard
  bool id_taken = false;
  std::size_t denied = 0;     ///< revocations remembered
  std::size_t unwritten = 0;  ///< tokens issued while Redis failed, not in it yet
  std::size_t untold = 0;     ///< revocations the others don't know yet
};

/// Thread-safe. Asking for the status is a sign of interest: while somebody is interested, INFO is asked for every
/// second, else every ten.
class RedisView {
 public:
  virtual ~RedisView() = default;
  [[nodiscard]] virtual RedisStatus status() = 0;
};

}  // namespace vx11::api
