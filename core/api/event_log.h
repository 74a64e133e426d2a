// The published events of one instance in their order: where every loop takes them from, and where streams that come
// back find their place.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/last_event_id.h"
#include "http/event_hub.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::api {

/// The `reset` event without its id line: what a stream knows is out of date, and what it missed can't be told.
[[nodiscard]] std::string reset_event();

/// Thread-safe. Every loop gets every event once, in one order for all. Two epochs lie in it side by side: the process'
/// own (mode memory) and that of the shared stream in Redis. Bounded; what is in it can be replayed, unless a gap in
/// the shared stream lies behind it.
class EventLog {
 public:
  struct Limits {
    std::size_t events = 10'000;
    std::size_t bytes = 32U * 1024U * 1024U;
  };

  /// `wake`: every loop is to call `bring_up_to_date` soon. Called by whoever publishes, under no lock.
  EventLog(Random& random, std::function<void()> wake, Limits limits);

  /// An event of this process only; returns its position, `<epoch>.<entry>`.
  std::string publish_here(std::string_view name, std::string_view data);

  // The shared stream, in its order: what feed::Listener hears.
  /// It is followed from now on, after `base_entry` (empty: older entries have been trimmed). With another epoch than
  /// before, or no base in the same one, events may have been missed: streams are told to reset. Entries of a new epoch
  /// that are older than `redis_now`, where that is known, are history: for replay only.
  void joined(std::string_view epoch, std::string_view base_entry, std::optional<WallTime> redis_now = std::nullopt);
  /// Entries that were followed already are ignored.
  void follow(std::string_view entry, std::string_view name, std::string_view data);

  // For each loop.
  /// What the hub is told before anything was published.
  [[nodiscard]] http::EventPointer before_first() const;
  /// Publishes there what was published here since. Costs next to nothing when that is nothing. On the hub's loop.
  void bring_up_to_date(http::EventHub& hub) const;
  /// The number of the event at a position that replay can begin at. A hub brought up to date later keeps it as long as
  /// the log does.
  [[nodiscard]] std::optional<std::uint64_t> find(const LastEventId& id) const;
  [[nodiscard]] const Limits& limits() const noexcept { return limits_; }

 private:
  struct Place {
    Entry entry;
    std::uint64_t number;
  };
  struct Epoch {
    std::string name;
    Entry last;
    std::deque<Place> places;  ///< where replay can begin, in the order of both
  };

  // With mutex_ held.
  std::string append(Epoch& epoch, Entry entry, std::string_view entry_text, std::string text, bool quiet);
  void trim();

  const std::function<void()> wake_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::deque<http::EventPointer> ring_;  ///< numbers without a gap; the first is there for its position only
  std::size_t bytes_ = 0;                ///< of all but the first
  Epoch here_, shared_;
  std::uint64_t history_until_ms_ = 0;  ///< entries before are history
  std::atomic<std::uint64_t> last_number_{0};
};

}  // namespace vx11::api
