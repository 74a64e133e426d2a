#include "token/clock.h"

#include <ctime>

namespace vx11 {

namespace {

// A manual clock begins some way from zero, as a machine's does, so that "a little earlier" exists in tests too.
constexpr std::chrono::seconds kManualUptime{100'000};
constexpr std::chrono::seconds kManualWall{1'767'225'600};  // 2026-01-01 00:00 UTC

}  // namespace

BootClock::time_point BootClock::now() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return time_point{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

Instant SystemClock::now() const noexcept { return BootClock::now(); }

WallTime SystemClock::wall() const noexcept { return std::chrono::system_clock::now(); }

ManualClock::ManualClock() noexcept = default;

Instant ManualClock::now() const noexcept {
  return Instant{kManualUptime + std::chrono::nanoseconds{elapsed_ns_.load(std::memory_order_acquire)}};
}

WallTime ManualClock::wall() const noexcept {
  return WallTime{kManualWall + std::chrono::nanoseconds{elapsed_ns_.load(std::memory_order_acquire)}};
}

void ManualClock::advance(std::chrono::nanoseconds by) noexcept {
  elapsed_ns_.fetch_add(by.count(), std::memory_order_acq_rel);
}

}  // namespace vx11
