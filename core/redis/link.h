// The life of a connection that never gives up: connect, greet, serve, lose, wait, again. It takes events and the time,
// and says what to do next; sockets and timers are its owner's.
#pragma once

#include <optional>

#include "redis/backoff.h"
#include "redis/options.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// Never without something to wait for: in every state but `idle` and `ready` there is a time at which it goes on.
class Link {
 public:
  enum class State { idle, connecting, greeting, ready, waiting };
  enum class Next {
    none,
    connect,  ///< begin an attempt
    give_up,  ///< the attempt takes too long: end it, and say so by on_lost()
  };

  /// `options` outlives it.
  Link(const Options& options, Random& random) noexcept;

  [[nodiscard]] State state() const noexcept { return state_; }

  [[nodiscard]] Next start(Instant now) noexcept;
  void stop() noexcept { state_ = State::idle; }
  /// The socket is connected, and encrypted if it has to be.
  void on_connected() noexcept;
  /// The greeting is answered, and nothing in the answers is in the way.
  void on_greeted(Instant now) noexcept;
  /// The attempt failed, or the connection is gone.
  void on_lost(Instant now) noexcept;

  /// When to call on_time().
  [[nodiscard]] std::optional<Instant> due() const noexcept;
  [[nodiscard]] Next on_time(Instant now) noexcept;

 private:
  [[nodiscard]] Next attempt(Instant now) noexcept;

  const Options& options_;
  Backoff backoff_;
  State state_ = State::idle;
  Instant begun_;  // the last attempt
  Instant ready_since_;
  Instant due_;
};

}  // namespace vx11::redis
