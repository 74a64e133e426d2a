// The life of a connection that never gives up: locate, connect, greet, serve, lose, wait, again. It takes events and
// the time, and says what to do next; sockets and timers are its owner's.
#pragma once

#include <chrono>
#include <optional>

#include "redis/backoff.h"
#include "redis/options.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// Never without something to wait for: in every state but `idle` and `ready` there is a time at which it goes on.
class Link {
 public:
  /// The seeds have their own, shorter times: this is for what they can't count.
  static constexpr std::chrono::seconds longest_search{10};
  enum class State { idle, locating, connecting, greeting, ready, waiting };
  enum class Next {
    none,
    locate,   ///< begin an attempt: find out where the server is; told by on_located()
    connect,  ///< begin an attempt: the server is known
    give_up,  ///< the attempt takes too long: end it, and say so by on_lost()
  };

  /// `options` outlives it.
  Link(const Options& options, Random& random) noexcept;

  [[nodiscard]] State state() const noexcept { return state_; }

  [[nodiscard]] Next start(Instant now) noexcept;
  void stop() noexcept { state_ = State::idle; }
  /// It is known where the server is: connecting begins.
  void on_located(Instant now) noexcept;
  /// The socket is connected, and encrypted if it has to be.
  void on_connected() noexcept;
  /// The greeting is answered, but others are asked whether it is the right server still: that has a time of its own.
  void on_doubted(Instant now) noexcept;
  /// The greeting is answered, and nothing in the answers is in the way.
  void on_greeted(Instant now) noexcept;
  /// The attempt failed, or the connection is gone.
  void on_lost(Instant now) noexcept;
  /// There is a reason to try again at once.
  void hurry(Instant now) noexcept;

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
