// What a connection tells of itself: for logs, metrics, and for those who must act when Redis comes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "redis/fault.h"
#include "redis/slot.h"

namespace vx11::redis {

/// What the server said of itself when it was greeted; empty where an ACL forbids asking.
struct ServerFacts {
  std::string address;         ///< "10.0.0.1:6379"
  std::string version;         ///< "7.0.15"
  std::string run_id;          ///< changes with every start of the process
  std::string replication_id;  ///< changes with every failover
  std::string role;            ///< "master", "slave"
};

/// Another server process than before answers for some slots: what was written lately may be lost.
struct Replacement {
  SlotSet slots;          ///< of a cluster; else all of them
  std::string from, to;   ///< addresses; equal: the same server was started anew
  std::string to_run_id;  ///< empty where an ACL forbids asking
};

enum class BreakerState : std::uint8_t { closed, half_open, open };

/// Called on the connection's loop. A cluster's client is up while each master that serves slots is.
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
  /// Of a cluster's client only: it alone knows who answered before. What is told may be told by the other loops too.
  virtual void on_replaced(const Replacement& replacement) { static_cast<void>(replacement); }
  /// The server serves, but refused a command ("NOPERM …", "OOM …"), in its own words.
  virtual void on_refused(Fault fault, std::string_view why) {
    static_cast<void>(fault);
    static_cast<void>(why);
  }
};

}  // namespace vx11::redis
