#include "redis/link.h"

#include <algorithm>

namespace vx11::redis {

Link::Link(const Options& options, Random& random) noexcept
    : options_(options), backoff_(options.backoff_base, options.backoff_cap, random) {}

Link::Next Link::start(Instant now) noexcept {
  if (state_ != State::idle) return Next::none;
  backoff_.reset();
  return attempt(now);
}

Link::Next Link::attempt(Instant now) noexcept {
  begun_ = now;
  if (options_.topology != Topology::single) {
    state_ = State::locating;
    due_ = now + longest_search;
    return Next::locate;
  }
  state_ = State::connecting;
  due_ = now + options_.connect_timeout;
  return Next::connect;
}

void Link::on_located(Instant now) noexcept {
  if (state_ != State::locating) return;
  state_ = State::connecting;
  due_ = now + options_.connect_timeout;
}

void Link::on_connected() noexcept {
  if (state_ == State::connecting) state_ = State::greeting;
}

void Link::on_doubted(Instant now) noexcept {
  if (state_ == State::greeting) due_ = now + longest_search;
}

void Link::on_greeted(Instant now) noexcept {
  if (state_ != State::greeting) return;
  state_ = State::ready;
  ready_since_ = now;
}

void Link::on_lost(Instant now) noexcept {
  if (state_ == State::idle || state_ == State::waiting) return;
  // A server that greets and hangs up, again and again, must not be asked a hundred times a second.
  if (state_ == State::ready && now - ready_since_ >= options_.backoff_cap) backoff_.reset();
  // Counted from the attempt's beginning: one that took its whole time has waited long enough, and a server that comes
  // back a moment after the last attempt is found within the cap.
  const Instant from = state_ == State::ready ? now : begun_;
  due_ = std::max(now, from + backoff_.next());
  state_ = State::waiting;
}

void Link::hurry(Instant now) noexcept {
  if (state_ == State::waiting) due_ = std::min(due_, now);
}

std::optional<Instant> Link::due() const noexcept {
  if (state_ == State::idle || state_ == State::ready) return std::nullopt;
  return due_;
}

Link::Next Link::on_time(Instant now) noexcept {
  if (!due() || now < due_) return Next::none;
  return state_ == State::waiting ? attempt(now) : Next::give_up;
}

}  // namespace vx11::redis
