// One thread's share of a server: an io_context, its acceptors, its connections and one coarse timer for all of them.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/intrusive/list.hpp>

#include "http/response.h"
#include "http/server_options.h"
#include "http/session.h"
#include "http/socket.h"

namespace vx11::http {

class EventHub;
class Listener;

/// Deadlines are checked by one scan a tick instead of a timer a connection: with thousands of idle connections that
/// costs nothing measurable. Everything but `post`, `stop` and the counters belongs to the loop's own thread once it
/// runs.
class EventLoop {
 public:
  static constexpr std::chrono::milliseconds tick_interval{100};

  explicit EventLoop(const ServerOptions& options);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Before `run`: takes a listening socket; its connections are answered by `router`, which outlives the loop.
  void listen(int listening_descriptor, const Router& router);
  /// Before `run`: called ten times a second on the loop.
  void on_tick(std::function<void()> handler) { tick_handler_ = std::move(handler); }

  /// Turns until `stop`, or until `wind_down` has nothing left to wait for.
  void run();
  /// Any thread.
  void stop();
  void post(std::function<void()> work);
  /// No new connections from now on.
  void stop_accepting();
  /// From now on each answer is its connection's last and says so: then hardly anyone is still sending when `wind_down`
  /// ends the idle ones.
  void say_close() { saying_close_ = true; }
  /// Idle connections end once they are quiet, busy ones after their answer; `run` returns when all are gone, or at
  /// `latest` (which is reported): every loop keeps its own time, because any of them may be the last.
  void wind_down(std::chrono::steady_clock::time_point latest);

  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t turns() const noexcept { return turns_.load(std::memory_order_relaxed); }
  /// Steady time of the last tick, in ms, for a liveness probe from another thread; 0: it doesn't run.
  [[nodiscard]] std::int64_t last_tick_ms() const noexcept { return last_tick_ms_.load(std::memory_order_relaxed); }

  // For the parts of this folder.
  [[nodiscard]] asio::io_context& io() noexcept { return io_; }
  [[nodiscard]] const ServerOptions& options() const noexcept { return options_; }
  [[nodiscard]] std::span<char> scratch() noexcept { return {scratch_.get(), scratch_size}; }
  [[nodiscard]] std::string_view date_line();
  [[nodiscard]] bool winding_down() const noexcept { return winding_down_; }
  [[nodiscard]] bool saying_close() const noexcept { return saying_close_; }
  void count_request() noexcept {
    requests_.store(requests_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  void add(Session& session);
  void add(EventHub& hub);
  void accepted(Socket&& socket, const Router& router);

 private:
  static constexpr std::size_t scratch_size = 128U * 1024U;

  void arm_tick();
  void tick();
  void end_if_idle();

  const ServerOptions& options_;
  asio::io_context io_{1};
  asio::executor_work_guard<Executor> work_;
  Timer timer_;
  std::function<void()> tick_handler_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<EventHub*> hubs_;
  boost::intrusive::list<Session, boost::intrusive::constant_time_size<false>> sessions_;
  std::unique_ptr<char[]> scratch_;
  DateHeader date_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> turns_{0};
  std::atomic<std::int64_t> last_tick_ms_{0};
  int ticks_to_scan_ = 0;
  bool saying_close_ = false;
  bool winding_down_ = false;
  std::chrono::steady_clock::time_point latest_end_;
};

}  // namespace vx11::http
