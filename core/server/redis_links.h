// What the connections of all loops report of Redis, put together. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/service_metrics.h"
#include "observe/log.h"
#include "redis/link_observer.h"
#include "store/shared_store.h"
#include "token/clock.h"

namespace vx11::server {

class RedisLinks {
 public:
  struct State {
    bool up = false;
    redis::BreakerState breaker = redis::BreakerState::open;  ///< the worst of all
    std::optional<WallTime> since;
    std::string last_error;
    std::optional<WallTime> last_error_at;
    std::uint64_t reconnects = 0;
    std::optional<std::chrono::microseconds> clock_ahead;
  };

  RedisLinks(const Clock& clock, const observe::Log& log, store::SharedStore& store);
  RedisLinks(const RedisLinks&) = delete;
  RedisLinks& operator=(const RedisLinks&) = delete;
  ~RedisLinks();

  /// Before anything runs; the observer lives as long as this. `changed` is called on the connection's loop, also for
  /// what doesn't count into `state` (`commands` false: the feed's connection).
  [[nodiscard]] redis::LinkObserver* add(std::string name, bool commands, std::function<void(bool up)> changed);
  /// Where requests are counted, from then on.
  void count_in(api::ServiceMetrics& metrics) { metrics_.store(&metrics); }

  [[nodiscard]] State state() const;
  /// Has every connection for commands been made, or failed once?
  [[nodiscard]] bool first_attempts_over() const;

 private:
  class Link;
  void came_up(Link& link, const redis::ServerFacts& facts);
  void went_down(Link& link, redis::Fault fault, std::string_view why);
  void turned(Link& link, redis::BreakerState state);
  void note_error(std::string_view why);
  [[nodiscard]] bool usable() const;

  const Clock& clock_;
  const observe::Log& log_;
  store::SharedStore& store_;
  std::atomic<api::ServiceMetrics*> metrics_{nullptr};
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Link>> links_;
  std::string run_id_;  ///< of the server that answered last
  std::optional<WallTime> since_;
  std::string said_;    ///< what the log last said of a failure; empty since Redis answers
  Instant said_at_;
  std::string last_error_;
  std::optional<WallTime> last_error_at_;
  std::uint64_t reconnects_ = 0;
  std::optional<std::chrono::microseconds> clock_ahead_;
};

}  // namespace vx11::server
