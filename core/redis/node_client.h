// A connection to one Redis server that belongs to one event loop and mends itself. Which server that is, is settled
// anew for every attempt: it is named, or the sentinels know it, or it is the master of a cluster's slot.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "redis/loop_client.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// Owns the socket, and carries out what its state machines say. After destruction no handler is called; pending ones
/// are dropped.
class NodeClient final : public LoopClient {
 public:
  /// `observer` may be null; what is passed by reference outlives the client.
  NodeClient(boost::asio::io_context& io, Options options, const Clock& clock, Random& random, LinkObserver* observer);
  NodeClient(const NodeClient&) = delete;
  NodeClient& operator=(const NodeClient&) = delete;
  ~NodeClient() override;

  void start() override;
  void stop() override;
  void look_again() override;

  using Client::ask;
  void ask(Request request, std::chrono::milliseconds deadline, Handler handler) override;
  void ask_patiently(Request request, std::chrono::milliseconds patience, Handler handler, Handler late) override;
  void confirm_absence(std::chrono::milliseconds deadline, Callback<void(bool)> handler) override;
  void ask_each(Request request, std::chrono::milliseconds deadline, EachHandler handler) override;
  [[nodiscard]] bool usable() const noexcept override;
  [[nodiscard]] std::optional<WallTime> time(Instant at) const noexcept override;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vx11::redis
