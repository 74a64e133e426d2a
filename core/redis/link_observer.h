// What a connection tells of itself: for logs, metrics, and for those who must act when Redis comes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "redis/fault.h"

namespace vx11::redis {

/// What the server said of itself when it was greeted; empty where an ACL forbids asking.
struct ServerFacts {
  std::string version;         ///< "7.0.15"
  std::string run_id;          ///< changes with every start of the process
  std::string replication_id;  ///< changes with every failover
  std::string role;            ///< "master", "slave"
};

enum class BreakerState : std::uint8_t { closed, half_open, open };

/// Called on the connection's loop.
class LinkObserver {
 public:
  virtual ~LinkObserver() = default;
  /// Greeted, and ready for requests.
  virtual void on_up(const ServerFacts& facts) = 0;
  /// The connection is gone, or an attempt failed. `why` is a sentence ("connection refused by 127.0.0.1:6379").
  virtual void on_down(Fault fault, std::string_view why) = 0;
  virtual void on_breaker(BreakerState state) = 0;
  /// A request was answered (`none`), or failed.
  virtual void on_request(Fault fault, std::chrono::nanoseconds took) = 0;
  /// Redis' clock minus the wall clock, measured anew.
  virtual void on_clock(std::chrono::microseconds ahead) = 0;
};

}  // namespace vx11::redis
