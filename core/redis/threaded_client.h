// A LoopClient with an event loop and a thread of its own, for those who have neither and must not wait.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "redis/link_observer.h"
#include "redis/loop_client.h"
#include "redis/options.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// Connects at once, and never gives up. After destruction no handler is called; pending ones are dropped.
class ThreadedClient {
 public:
  /// Called on the client's thread; `took` is from the request's leaving to its answer.
  using Handler = std::function<void(const Answer&, std::chrono::nanoseconds took)>;
  using EachHandler = std::function<void(std::span<const NodeAnswer>)>;
  using SentinelHandler = std::function<void(std::vector<SentinelView>)>;

  /// Clock, random and observer outlive the client; the observer is called on its thread, and may be null.
  ThreadedClient(Options options, const Clock& clock, Random& random, LinkObserver* observer = nullptr);
  ThreadedClient(const ThreadedClient&) = delete;
  ThreadedClient& operator=(const ThreadedClient&) = delete;
  /// Waits for a handler under way, not for Redis. Not from a handler.
  ~ThreadedClient();

  /// Any thread; returns at once. Deadlines are the options'.
  void ask(Request request, Handler handler);
  /// Each master, as LoopClient does.
  void ask_each(Request request, EachHandler handler);
  /// What the sentinels say, within the deadline; nothing where there are none, or while they are being asked.
  void ask_sentinels(std::chrono::milliseconds deadline, SentinelHandler handler);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vx11::redis
