// An event loop in a thread of its own, for tests of what belongs to a loop.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

namespace vx11::test {

/// What lives on the loop must be made, used and destroyed by `run`; the runner outlives it.
class LoopRunner {
 public:
  LoopRunner() : thread_([this] { io_.run(); }) {}
  ~LoopRunner() {
    io_.stop();
    thread_.join();
  }
  LoopRunner(const LoopRunner&) = delete;
  LoopRunner& operator=(const LoopRunner&) = delete;

  [[nodiscard]] boost::asio::io_context& io() { return io_; }

  /// Calls `action` on the loop, waits, and returns what it returned.
  template <class Action>
  auto run(Action&& action) {
    std::packaged_task<decltype(action())()> task(std::forward<Action>(action));
    auto result = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return result.get();
  }

  /// Returns when what earlier actions posted to the loop has run. (A post out of the loop itself is put into its queue
  /// only when the poster has ended: another thread's may be before it, once.)
  void settle() {
    for (int i = 0; i < 2; ++i) run([] {});
  }

  /// Asks `condition` on the loop again and again until it is true, or `patience` is over: then false.
  template <class Condition>
  [[nodiscard]] bool until(Condition&& condition, std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (;;) {
      if (run([&condition] { return static_cast<bool>(condition()); })) return true;
      if (std::chrono::steady_clock::now() >= end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_ = make_work_guard(io_);
  std::thread thread_;
};

}  // namespace vx11::test
