// The open event streams of one loop, and the fan-out of events to them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/drain_pace.h"
#include "http/event.h"
#include "http/event_stream.h"

namespace vx11::http {

class EventLoop;

/// An event is serialised once and shared by all streams of all loops. Fan-out goes in slices with other work between
/// them, so that it doesn't show in the latency of others. A stream that doesn't read is cut at a bounded backlog and
/// delays nobody. The last events are kept for streams that come back: replaying is to begin further back in the chain,
/// so it costs no memory. All calls on the loop's thread, but for the counters.
class EventHub {
 public:
  struct Options {
    std::chrono::milliseconds heartbeat{15'000};
    std::function<std::string()> heartbeat_event;  ///< without its id line; made once a tick, not once a stream
    std::chrono::seconds max_age{0};               ///< 0: none; each stream ends within the tenth before it
    Notice max_age_notice;                         ///< sent before such an end
    EventPointer before_first;                     ///< the position before the first event; null: none
    std::size_t kept_events = 0;                   ///< for replay: so many at most
    std::size_t kept_bytes = 0;                    ///< and so much text
    /// What a stream adds to the positions in its ids, at most `EventStream::longest_mark` characters; asked for at
    /// most every few seconds a stream.
    std::function<std::string(const StreamTag&)> mark;
  };

  EventHub(EventLoop& loop, Options options);
  ~EventHub();
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  /// Takes over a connection whose first bytes (the head) still have to be written.
  void adopt(Socket&& socket, std::string head, const Opening& opening);
  /// To every stream open now. One whose number doesn't follow the last one's ends what can be replayed before it.
  void publish(EventPointer event);
  /// The last event published; before the first one `Options::before_first`, or an empty one.
  [[nodiscard]] const Event& last() const noexcept { return *tail_->event; }
  /// Can what came after that event be replayed?
  [[nodiscard]] bool keeps(std::uint64_t number) const noexcept;
  /// Ends those for which `chosen` says so, after `notice`; returns how many. In slices, too. Ended promptly, a stream
  /// tells its client nothing more after 200 ms, however slowly that reads.
  std::size_t close_where(const std::function<bool(const StreamTag&)>& chosen, Notice notice, Ending ending);
  /// Ends all that are open now, evenly over `ending`; each is told what `notice` makes of the time that it is to wait.
  void drain(std::chrono::milliseconds ending, std::function<Notice(DrainPace::Wait)> notice);
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
  [[nodiscard]] std::string mark(const StreamTag& tag) const {
    return options_.mark ? options_.mark(tag) : std::string();
  }

 private:
  using StreamPointer = boost::intrusive_ptr<EventStream>;
  void fan_out();
  void schedule_fan_out();
  void beat();
  void end_old(std::chrono::steady_clock::time_point now);
  void end_chosen();
  void end_drained(std::chrono::steady_clock::time_point now);
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
    std::shared_ptr<const Notice> notice;
    Ending ending;
  };
  struct Leaving {
    StreamPointer stream;
    std::chrono::steady_clock::time_point due;
  };
  struct Draining {
    std::vector<StreamPointer> streams;
    std::size_t ended = 0;
    DrainPace pace;
    std::chrono::steady_clock::time_point begun;
    std::function<Notice(DrainPace::Wait)> notice;
  };
  std::optional<Draining> draining_;
  std::deque<Chosen> chosen_;    ///< to be ended, a slice at a time
  std::deque<Leaving> leaving_;  ///< ended; their clients have a moment to take the rest
  std::chrono::steady_clock::time_point next_age_scan_;
  FramePointer tail_;
  std::deque<FramePointer>
      kept_;  ///< the last frames, numbers without a gap; the first only marks where replay can begin
  std::uint64_t published_bytes_ = 0;
  std::size_t position_ = 0;  ///< next stream of the pass under way
  bool passing_ = false;
  bool again_ = false;  ///< something was published during the pass
  std::uint32_t spread_ = 0;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::uint64_t> cut_{0};
};

}  // namespace vx11::http
