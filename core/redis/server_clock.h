// Redis' clock as seen from here: where it stands at a moment of ours, from a few answers to TIME.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

#include "redis/reply.h"
#include "token/clock.h"

namespace vx11::redis {

/// Keeps answering while there is no connection: both clocks go on.
class ServerClock {
 public:
  /// Another server may be on the other side now: what was measured before counts until the next sample only.
  void on_connect() noexcept { replace_ = true; }
  /// The server's clock showed `shown` some time between `sent` and `received`; half-way, as far as anyone can tell.
  void add(Instant sent, Instant received, WallTime shown) noexcept;
  [[nodiscard]] std::optional<WallTime> at(Instant moment) const noexcept;

  /// Of a reply to TIME.
  [[nodiscard]] static std::optional<WallTime> shown_by(const Reply& reply) noexcept;

 private:
  struct Sample {
    std::chrono::nanoseconds ahead{0};  // of our monotonic clock
    std::chrono::nanoseconds round_trip{0};
  };

  std::array<Sample, 4> samples_{};
  std::size_t count_ = 0, next_ = 0;
  bool replace_ = true;
  Sample best_;
};

}  // namespace vx11::redis
