// Carries out a search: asks one server after the other over a connection of its own, each for a short time.
#pragma once

#include <memory>

#include "redis/link_observer.h"
#include "redis/node_client.h"
#include "redis/options.h"
#include "redis/search.h"
#include "redis/socket.h"
#include "token/callback.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// On one loop. One round at a time; after destruction nobody is called.
class Inquiry final : private LinkObserver {
 public:
  using Handler = Callback<void()>;

  /// `how` says how to connect, and `seed_timeout` is what each server gets, for connection, greeting and answer
  /// together; host and port are the search's. The references outlive the inquiry.
  Inquiry(asio::io_context& io, Options how, Search& search, const Clock& clock, Random& random);
  Inquiry(const Inquiry&) = delete;
  Inquiry& operator=(const Inquiry&) = delete;
  ~Inquiry() override;

  /// Begins a round; `done` when one server knew the answer or all have been asked. It may destroy the inquiry.
  void start(Handler done);
  /// Nobody is told.
  void cancel() noexcept;
  [[nodiscard]] bool running() const noexcept { return static_cast<bool>(done_); }

 private:
  void on_up(const ServerFacts& facts) override;
  void on_down(Fault fault, std::string_view why) override;
  void on_breaker(BreakerState) override {}
  void on_request(Fault, std::chrono::nanoseconds) override {}
  void on_clock(std::chrono::microseconds) override {}
  void ask_next();
  void take(const Answer& answer);

  asio::io_context& io_;
  const Options how_;
  Search& search_;
  const Clock& clock_;
  Random& random_;
  Handler done_;
  std::unique_ptr<NodeClient> client_;  // of the server that is asked now
  Instant asked_at_;
};

}  // namespace vx11::redis
