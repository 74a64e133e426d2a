// Requests that were handed over and not answered yet, in the order in which the server will answer. One that is over
// its deadline keeps its place until its replies came, so that no later one gets them.
#pragma once

#include <boost/circular_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "redis/client.h"
#include "token/clock.h"

namespace vx11::redis {

/// Hands every handler out exactly once.
class Waiting {
 public:
  /// Whose the answer is.
  enum class For : std::uint8_t { user, probe, time };
  struct Entry {
    Client::Handler handler;  ///< empty: handed out already, or nobody's
    Client::Handler late;     ///< told what comes after `deadline`, which then is `last_deadline`
    Instant asked, deadline, last_deadline;
    std::size_t commands = 1;
    For whom = For::user;
    bool sent = false;
    bool expired = false;  ///< over its last deadline
  };

  explicit Waiting(std::size_t limit) noexcept : limit_(limit) {}

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] bool full() const noexcept { return entries_.size() >= limit_; }

  void push(Entry entry);
  /// All that is here is on its way.
  void mark_sent() noexcept;
  [[nodiscard]] const Entry& front() const { return entries_.front(); }
  /// Its replies are all there.
  [[nodiscard]] Entry pop();

  /// No deadline is earlier; nothing when none is ahead. May be too early: of a request answered since.
  [[nodiscard]] std::optional<Instant> due() const noexcept { return due_; }
  /// Those over their deadline, in their order; their places stay. Of one with a later deadline that counts from now
  /// on.
  [[nodiscard]] std::vector<Entry> expire(Instant now);
  /// All of them, in their order; nothing waits any more.
  [[nodiscard]] std::vector<Entry> take_all();

 private:
  std::size_t limit_;
  boost::circular_buffer<Entry> entries_;
  std::size_t unsent_ = 0;   // at the end
  std::size_t settled_ = 0;  // at the front: expired ones, not looked at again
  std::optional<Instant> due_;
};

}  // namespace vx11::redis
