#include "redis/breaker.h"

#include <algorithm>

namespace vx11::redis {

void Breaker::on_up(Instant now) noexcept {
  state_ = BreakerState::closed;
  up_ = true;
  last_bytes_ = now;
}

void Breaker::on_down() noexcept {
  state_ = BreakerState::open;
  up_ = false;
}

void Breaker::on_bytes(Instant now) noexcept {
  last_bytes_ = now;
  if (up_) state_ = BreakerState::closed;
}

void Breaker::on_timeout(Instant sent, Instant now) noexcept {
  if (!up_ || state_ != BreakerState::closed || last_bytes_ > sent) return;
  state_ = BreakerState::open;
  probe_at_ = now + probe_after;
  drop_at_ = sent + silence_limit_;
}

std::optional<Instant> Breaker::due() const noexcept {
  if (!up_ || state_ == BreakerState::closed) return std::nullopt;
  return state_ == BreakerState::open ? std::min(probe_at_, drop_at_) : drop_at_;
}

Breaker::Next Breaker::on_time(Instant now) noexcept {
  if (!up_ || state_ == BreakerState::closed) return Next::none;
  if (now >= drop_at_) return Next::drop;
  if (state_ != BreakerState::open || now < probe_at_) return Next::none;
  state_ = BreakerState::half_open;
  return Next::probe;
}

}  // namespace vx11::redis
