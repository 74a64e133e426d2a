// One part of the process' token table, with a lock, a wheel and counters of its own. Thread-safe; every call holds
// the lock for its own part alone, and nothing of the caller's runs under it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "store/expiry_wheel.h"
#include "store/pages.h"
#include "store/token_store.h"
#include "token/clock.h"
#include "token/token_id.h"

namespace vx11::store {

/// What the table knows of a token besides the token itself.
struct MemoryEntry {
  enum class State : std::uint8_t { live, used, revoked };

  PublicId id;
  Instant expires_at;
  WallTime created_at;
  std::uint32_t ttl_s = 0;
  bool single_use = false;
  State state = State::live;
};

class MemoryShard {
 public:
  using Row = std::pair<Uuid, MemoryEntry>;
  struct Seen {
    Reason reason = Reason::unknown;
    PublicId id;         ///< unless unknown
    Instant expires_at;  ///< unless unknown
    bool single_use = false;
  };
  struct Freed {
    std::size_t tokens = 0;
    bool more = false;
  };
  /// A substring of the public id's text; empty matches every token.
  using IdPart = std::string_view;

  /// `max_tombstones`: how many revoked tokens may be remembered as such until they would have expired.
  MemoryShard(Instant start, std::size_t max_tombstones);
  MemoryShard(const MemoryShard&) = delete;
  MemoryShard& operator=(const MemoryShard&) = delete;

  /// False: there is a token of that name.
  [[nodiscard]] bool insert(const Uuid& key, const MemoryEntry& entry);
  /// `Reason::none` when the token is valid; then `Purpose::open` uses up a single-use one. Allocates nothing.
  [[nodiscard]] Seen check(const Uuid& key, Purpose purpose, Instant now) noexcept;

  /// Did the call end a live token?
  [[nodiscard]] bool revoke(const Uuid& key, Instant now);
  /// The same by a look at every entry.
  [[nodiscard]] bool revoke(const PublicId& id, Instant now);
  /// Ends all that were issued up to `now`; returns how many.
  std::size_t revoke_all(Instant now);

  /// Frees what has expired, in at most `max_steps` steps of the wheel; `tokens` counts them without those revoked
  /// before. Their ids are appended to `gone`, or kept for the next call that brings one.
  Freed expire(Instant now, std::size_t max_steps, std::vector<PublicId>* gone);
  /// Gives back memory that a burst or many revocations have left behind.
  void trim();

  /// Appends, in order of id, the first `limit` unexpired tokens whose ids are greater than `after` and have `part`
  /// in them; returns how many entries it looked at.
  std::size_t list(const PublicId& after, IdPart part, Instant now, std::size_t limit, std::vector<Row>& rows) const;
  /// Adds this shard's numbers. They are consistent with each other whatever other threads do.
  void add_to(StoreStats& stats) const;

 private:
  using Map = boost::unordered_flat_map<Uuid, MemoryEntry, UuidHash, std::equal_to<Uuid>,
                                        PageAllocator<std::pair<const Uuid, MemoryEntry>>>;

  [[nodiscard]] static bool ended(const MemoryEntry& entry, Instant now) noexcept {
    return entry.state == MemoryEntry::State::revoked || now >= entry.expires_at;
  }
  /// Counts a revocation; true: the entry is to be erased, because there are tombstones enough.
  bool bury(MemoryEntry& entry) noexcept;

  mutable std::mutex mutex_;
  Map entries_;
  ExpiryWheel wheel_;
  const std::size_t max_tombstones_;
  std::size_t tombstones_ = 0;  // entries that are revoked
  std::uint64_t issued_ = 0;
  std::uint64_t expired_ = 0;
  std::uint64_t revoked_ = 0;
  std::uint64_t used_ = 0;
  std::vector<PublicId> untold_;  // expired while nobody listened
};

}  // namespace vx11::store
