// One reader's place in the revocations' stream, and what of our own it lacks. Does no I/O.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "feed/entry.h"
#include "redis/reply.h"
#include "token/revocation.h"

namespace vx11::feed {

/// What Listener::on_revocations is told.
struct Heard {
  std::vector<Revocation> revocations;
  bool first_reading = false;
};

class RevocationsReader {
 public:
  /// Back to the beginning of the window.
  void restart();
  struct Taken {
    std::vector<Heard> heard;  ///< in the stream's order, by whether they are news
    std::size_t broken = 0;
  };
  /// `in_window`: of a page of the window; else live.
  [[nodiscard]] Taken take(std::span<const redis::Reply> entries, bool in_window);
  /// Which of those that have to be remembered weren't in the window? Forgets what was seen there.
  [[nodiscard]] std::vector<Revocation> missing(std::vector<Revocation> held, std::optional<WallTime> redis_now);
  /// The entry read last.
  [[nodiscard]] const EntryId& cursor() const noexcept { return cursor_; }

 private:
  [[nodiscard]] bool has_seen(const Revocation& revocation) const;
  void see(const Revocation& revocation);

  EntryId cursor_;
  std::unordered_set<PublicId, PublicIdHash> tokens_;
  std::map<std::uint32_t, WallTime> principals_;  ///< the latest `at`
  WallTime before_;                               ///< the latest `at`
};

}  // namespace vx11::feed
