// What the connections of all loops report of Redis, put together. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/service_metrics.h"
#include "observe/log.h"
#include "redis/link_observer.h"
#include "redis/topology.h"
#include "server/master_history.h"
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
    std::string refused;      ///< why a command was refused in the last seconds
    std::string unavailable;  ///< likewise, of one whose answer is only shown to people
    std::uint64_t reconnects = 0;
    std::string address;  ///< of the server that answered last; empty: none has
    std::uint64_t failovers = 0;
    std::optional<WallTime> last_failover_at;
    std::string last_failover;
    std::optional<std::chrono::microseconds> clock_ahead;
  };

  enum class Purpose : std::uint8_t {
    commands,
    confirming,  ///< waits for replicas: how long its commands take says nothing
    feed,        ///< doesn't count into `state`
  };

  /// `topology`: of a cluster the clients themselves tell who was replaced.
  RedisLinks(const Clock& clock, const observe::Log& log, store::SharedStore& store, redis::Topology topology);
  RedisLinks(const RedisLinks&) = delete;
  RedisLinks& operator=(const RedisLinks&) = delete;
  ~RedisLinks();

  /// Before anything runs; the observer lives as long as this. `changed` is called on the connection's loop, also for
  /// the feed's.
  [[nodiscard]] redis::LinkObserver* add(std::string name, Purpose purpose, std::function<void(bool up)> changed);
  /// Before anything runs; called on the loop that noticed it first.
  void when_failed_over(std::function<void()> handler) { failed_over_ = std::move(handler); }
  /// Likewise, on each loop whose connection left one server process for another: what it wrote there last may be
  /// lost, even if the others were told long ago.
  void when_replaced(std::function<void()> handler) { replaced_ = std::move(handler); }
  /// Likewise, when a connection found the master of a Sentinel group at another address than the one in use.
  void when_moved(std::function<void()> handler) { moved_ = std::move(handler); }
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
  void tell(const redis::SlotSet& slots, const MasterHistory::News& news, std::string_view address);
  void refused(const Link& link, redis::Fault fault, std::string_view why);
  void note_error(std::string_view why);
  [[nodiscard]] bool usable() const;

  const Clock& clock_;
  const observe::Log& log_;
  store::SharedStore& store_;
  std::atomic<api::ServiceMetrics*> metrics_{nullptr};
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Link>> links_;
  const redis::Topology topology_;
  std::function<void()> failed_over_, replaced_, moved_;
  MasterHistory history_;
  std::string address_;  ///< of the server that answered last
  std::uint64_t failovers_ = 0;
  std::optional<WallTime> last_failover_at_;
  std::string last_failover_;
  struct Refusal {
    std::string words;
    Instant at;
  };
  Refusal refused_, unavailable_;                              ///< the last ones,
  std::map<std::string, Instant, std::less<>> refusals_said_;  ///< and when the log last said which
  std::optional<WallTime> since_;
  std::string said_;  ///< what the log last said of a failure; empty since Redis answers
  Instant said_at_;
  std::string last_error_;
  std::optional<WallTime> last_error_at_;
  std::uint64_t reconnects_ = 0;
  std::optional<std::chrono::microseconds> clock_ahead_;
};

}  // namespace vx11::server
