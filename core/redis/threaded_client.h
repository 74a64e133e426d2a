// A LoopClient with an event loop and a thread of its own, for those who have neither and must not wait.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "redis/client.h"
#include "redis/options.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// Connects at once, and never gives up. After destruction no handler is called; pending ones are dropped.
class ThreadedClient {
 public:
  /// Called on the client's thread; `took` is from the request's leaving to its answer.
  using Handler = std::function<void(const Answer&, std::chrono::nanoseconds took)>;

  /// Clock and random outlive the client.
  ThreadedClient(Options options, const Clock& clock, Random& random);
  ThreadedClient(const ThreadedClient&) = delete;
  ThreadedClient& operator=(const ThreadedClient&) = delete;
  /// Waits for a handler under way, not for Redis. Not from a handler.
  ~ThreadedClient();

  /// Any thread; returns at once. Deadlines are the options'.
  void ask(Request request, Handler handler);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vx11::redis
