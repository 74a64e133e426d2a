// At most N in a window for each of many keys, in one time stamp a key (GCRA), so that limits need no timers.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include <boost/unordered/unordered_flat_map.hpp>

#include "token/clock.h"

namespace vx11::http {

/// Thread-safe. Bounded: keys that are idle for a window are forgotten; past `max_keys` unknown ones are let through.
class RateLimiter {
 public:
  static constexpr std::size_t max_keys = 100'000;

  /// limit 0: never refuses.
  RateLimiter(std::uint32_t limit, std::chrono::nanoseconds window);

  /// Nothing when it may pass (and it is counted); else how long until it may.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> take(std::uint64_t key, Instant now);
  [[nodiscard]] bool enabled() const noexcept { return limit_.load(std::memory_order_relaxed) > 0; }
  /// From now on this counts; it starts counting anew.
  void change(std::uint32_t limit, std::chrono::nanoseconds window);

 private:
  void forget_idle(Instant now);
  std::atomic<std::uint32_t> limit_;
  std::chrono::nanoseconds window_;
  std::mutex mutex_;
  boost::unordered_flat_map<std::uint64_t, Instant> due_;  ///< theoretical arrival time of the next one
  Instant next_purge_{};
};

}  // namespace vx11::http
