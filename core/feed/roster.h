// Who shares a Redis, as far as this process knows: what Redis said last, and what is still known of those who fell
// silent. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "feed/registry_record.h"
#include "token/clock.h"

namespace vx11::feed {

struct ListedInstance {
  InstanceRecord record;                ///< of a silent one that was never seen alive: its id alone
  std::chrono::milliseconds silent{0};  ///< since it last wrote itself down; zero: its record is there
};

struct Listing {
  std::vector<ListedInstance> instances;  ///< by id
  std::chrono::milliseconds age{0};       ///< since Redis said so
  bool fresh = false;                     ///< Redis said so in answer to this question
};

class Roster {
 public:
  /// One of a reading.
  struct Member {
    std::string id;
    std::optional<InstanceRecord> record;  ///< nothing: its record has lapsed
    std::chrono::milliseconds since{0};    ///< it wrote itself down
  };

  /// The longest life of this instance's own tokens.
  explicit Roster(std::int64_t own_ttl_sec) : own_ttl_(own_ttl_sec), longest_ttl_(own_ttl_sec) {}

  /// A whole reading: who isn't in it has left, and is forgotten.
  void take(std::vector<Member> members, Instant now);
  /// Nothing before the first reading.
  [[nodiscard]] std::optional<Listing> listing(Instant now, bool fresh) const;
  /// The longest life that any instance's tokens may have; at least one's own. An instance that left counts for so
  /// long.
  [[nodiscard]] std::int64_t longest_ttl_sec() const noexcept { return longest_ttl_.load(std::memory_order_relaxed); }

 private:
  const std::int64_t own_ttl_;
  std::atomic<std::int64_t> longest_ttl_;
  mutable std::mutex mutex_;  // of what follows
  std::vector<ListedInstance> instances_;
  std::optional<Instant> read_at_;
  Instant longest_until_;
};

}  // namespace vx11::feed
