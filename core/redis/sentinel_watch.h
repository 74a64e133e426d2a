// What each sentinel says of the master, for people who look at it: see `SentinelView`.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "redis/options.h"
#include "redis/socket.h"
#include "redis/topology.h"
#include "token/callback.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// On one loop: a connection of its own to each sentinel, the seeds and those that they know. Asks only when told to.
class SentinelWatch {
 public:
  using Handler = Callback<void(std::vector<SentinelView>)>;

  /// `options` as for the master's client (`Topology::sentinel`). The references outlive the watch.
  SentinelWatch(asio::io_context& io, const Options& options, const Clock& clock, Random& random);
  SentinelWatch(const SentinelWatch&) = delete;
  SentinelWatch& operator=(const SentinelWatch&) = delete;
  /// Nobody is called from now on.
  ~SentinelWatch();

  /// Asks all at once; told when all have answered or `deadline` is over, the seeds first and in their order. Connects
  /// at its first call, and waits for that within the deadline. One call at a time: not while one is under way.
  void refresh(std::chrono::milliseconds deadline, Handler handler);
  [[nodiscard]] bool refreshing() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vx11::redis
