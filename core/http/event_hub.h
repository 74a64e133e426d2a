// The open event streams of one loop, and the fan-out of events to them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/event_stream.h"
#include "http/responder.h"

namespace vx11::http {

class EventLoop;

/// An event is serialised once and shared by all streams of all loops. Fan-out goes in slices with other work between
/// them, so that it doesn't show in the latency of others. A stream that doesn't read is cut at a bounded backlog and
/// delays nobody. All calls on the loop's thread, but for the counters.
class EventHub {
 public:
  struct Options {
    std::chrono::milliseconds heartbeat{15'000};
    std::function<std::string()> heartbeat_frame;  ///< made once a tick, not once a stream
    std::chrono::seconds max_age{0};               ///< 0: none; each stream ends within the tenth before it
    std::string max_age_frame;                     ///< sent before such an end
  };

  EventHub(EventLoop& loop, Options options);
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// Takes over a connection whose first bytes (head and first frames) still have to be written.
  void adopt(Socket&& socket, std::string first_bytes, const StreamTag& tag);
  /// To every stream open now.
  void publish(std::shared_ptr<const std::string> frame);
  /// Ends those for which `chosen` says so, after `frame`; returns how many. In slices, too. Ended promptly, a stream
  /// tells its client nothing more after 200 ms, however slowly that reads.
  std::size_t close_where(const std::function<bool(const StreamTag&)>& chosen, std::string_view frame, Ending ending);
  /// Called by the loop.
  void tick(std::chrono::steady_clock::time_point now);

  [[nodiscard]] std::size_t size() const noexcept { return size_.load(); }
  /// Streams cut because they didn't read.
  [[nodiscard]] std::uint64_t cut() const noexcept { return cut_.load(std::memory_order_relaxed); }

  // For EventStream.
  [[nodiscard]] EventLoop& loop() noexcept { return loop_; }
  void remove(EventStream& stream) noexcept;
  void count_cut() noexcept { cut_.fetch_add(1, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t published_bytes() const noexcept { return published_bytes_; }
  [[nodiscard]] std::size_t lag_limit() const noexcept;

 private:
  using StreamPointer = boost::intrusive_ptr<EventStream>;
  void fan_out();
  void schedule_fan_out();
  void beat();
  void end_old(std::chrono::steady_clock::time_point now);
  void end_chosen();
  void abandon_due(std::chrono::steady_clock::time_point now);
  [[nodiscard]] std::size_t first_slot() noexcept;

  EventLoop& loop_;
  Options options_;
  std::vector<StreamPointer> streams_;
  std::vector<std::vector<EventStream*>> heartbeat_slots_;  ///< a stream beats in its slot, once a round
  std::size_t slot_ = 0;
  std::chrono::steady_clock::time_point next_slot_at_;
  std::chrono::milliseconds slot_length_{100};
  struct Chosen {
    StreamPointer stream;
    std::shared_ptr<const std::string> frame;
    Ending ending;
  };
  struct Leaving {
    StreamPointer stream;
    std::chrono::steady_clock::time_point due;
  };
  std::deque<Chosen> chosen_;    ///< to be ended, a slice at a time
  std::deque<Leaving> leaving_;  ///< ended; their clients have a moment to take the rest
  std::chrono::steady_clock::time_point next_age_scan_;
  FramePointer tail_;
  std::uint64_t published_bytes_ = 0;
  std::size_t position_ = 0;     ///< next stream of the pass under way
  bool passing_ = false;
  bool again_ = false;           ///< something was published during the pass
  std::uint32_t spread_ = 0;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::uint64_t> cut_{0};
};

}  // namespace vx11::http
