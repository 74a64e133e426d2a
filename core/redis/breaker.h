// Whether a request is worth sending: after a server fell silent, none is, until it says anything at all. Without it
// every request of an outage would cost its deadline.
#pragma once

#include <chrono>
#include <optional>

#include "redis/link_observer.h"
#include "token/clock.h"

namespace vx11::redis {

/// `closed` only while there is a connection, and nothing speaks against it. A server that answers too late, but
/// answers, keeps it closed; what the answers say doesn't matter.
class Breaker {
 public:
  enum class Next { none, probe, drop };
  static constexpr std::chrono::milliseconds probe_after{100};

  /// `silence_limit`: how long a connection is believed in over which a request was sent, and no byte came since.
  explicit Breaker(std::chrono::milliseconds silence_limit) noexcept : silence_limit_(silence_limit) {}

  [[nodiscard]] BreakerState state() const noexcept { return state_; }
  [[nodiscard]] bool lets_through() const noexcept { return state_ == BreakerState::closed; }

  void on_up(Instant now) noexcept;
  void on_down() noexcept;
  /// Bytes came, whatever they are.
  void on_bytes(Instant now) noexcept;
  /// A request that was sent at `sent` is over its deadline.
  void on_timeout(Instant sent, Instant now) noexcept;

  /// When to call on_time().
  [[nodiscard]] std::optional<Instant> due() const noexcept;
  /// `probe`: send a PING, once. `drop`: the connection is dead.
  [[nodiscard]] Next on_time(Instant now) noexcept;

 private:
  std::chrono::milliseconds silence_limit_;
  BreakerState state_ = BreakerState::open;
  bool up_ = false;
  Instant last_bytes_, probe_at_, drop_at_;
};

}  // namespace vx11::redis
