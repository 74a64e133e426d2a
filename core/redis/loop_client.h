// A connection to one Redis server that belongs to one event loop and mends itself.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "redis/client.h"
#include "redis/link_observer.h"
#include "redis/options.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// Owns the socket, and carries out what its state machines say. After destruction no handler is called; pending ones
/// are dropped.
class LoopClient final : public Client {
 public:
  /// `observer` may be null; what is passed by reference outlives the client.
  LoopClient(boost::asio::io_context& io, Options options, const Clock& clock, Random& random, LinkObserver* observer);
  LoopClient(const LoopClient&) = delete;
  LoopClient& operator=(const LoopClient&) = delete;
  ~LoopClient() override;

  /// Begins to connect, and from then on never gives up. On the loop, or before it runs.
  void start();
  /// Ends the connection; what waits fails at once.
  void stop();

  using Client::ask;
  void ask(Request request, std::chrono::milliseconds deadline, Handler handler) override;
  void ask_patiently(Request request, std::chrono::milliseconds patience, Handler handler, Handler late) override;
  [[nodiscard]] bool usable() const noexcept override;
  [[nodiscard]] std::optional<WallTime> time(Instant at) const noexcept override;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vx11::redis
