// Time as the service sees it: one monotonic clock that also runs while the machine sleeps, and the wall clock.
// Passed in everywhere, so that a test can move it; nothing in core/ asks the system for the time by itself.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace vx11 {

/// CLOCK_BOOTTIME as a std::chrono clock: lives, freshness and revocation windows run on it, because a laptop that
/// slept must not have lengthened a token's life.
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;
  [[nodiscard]] static time_point now() noexcept;
};

using Instant = BootClock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// Source of time. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const noexcept = 0;
  [[nodiscard]] virtual WallTime wall() const noexcept = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const noexcept override;
  [[nodiscard]] WallTime wall() const noexcept override;
};

/// A clock that stands still until it is told to move; wall and monotonic time move together. Thread-safe.
class ManualClock final : public Clock {
 public:
  ManualClock() noexcept;
  [[nodiscard]] Instant now() const noexcept override;
  [[nodiscard]] WallTime wall() const noexcept override;
  void advance(std::chrono::nanoseconds by) noexcept;

 private:
  std::atomic<std::int64_t> elapsed_ns_{0};
};

}  // namespace vx11
