// One part of the process' token table, with a lock, a wheel and counters of its own. Thread-safe; every call holds
// the lock for its own part alone, and nothing of the caller's runs under it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "store/expiry_wheel.h"
#include "store/known_token.h"
#include "store/pages.h"
#include "store/token_store.h"
#include "token/clock.h"
#include "token/token_id.h"

namespace vx11::store {

/// What the table knows of a token besides its public id.
struct TableEntry {
  enum class State : std::uint8_t { live, used, revoked, gone };

  TableEntry(const KnownToken& token, Instant fresh_until) noexcept;
  [[nodiscard]] KnownToken known(const PublicId& id) const noexcept;

  Uuid key;
  Instant expires_at;
  Instant fresh_until;
  WallTime created_at;
  std::uint32_t ttl_s;
  State state = State::live;
  Home home;
  bool single_use : 1;
  bool mine : 1;
  bool unwritten : 1;
};
static_assert(sizeof(PublicId) + sizeof(TableEntry) == 64);

/// What the shards of a table have in common: the places of its bound, and how many tokens wait for Redis.
struct TableTotals {
  explicit TableTotals(std::uint64_t most) : max_tokens(most) {}
  /// False: all places are taken.
  [[nodiscard]] bool take_place() noexcept;
  void give_back(std::uint64_t places) noexcept { taken.fetch_sub(places, std::memory_order_relaxed); }

  const std::uint64_t max_tokens;
  alignas(64) std::atomic<std::uint64_t> taken{0};  // by the living, copies too, and by reservations
  std::atomic<std::uint64_t> copies{0};         // of others' tokens, among them
  std::atomic<std::size_t> unwritten{0};
};

class TableShard {
 public:
  using Row = std::pair<PublicId, TableEntry>;
  /// A substring of the public id's text; empty matches every token.
  using IdPart = std::string_view;

  /// `max_tombstones`: how many revoked tokens may be remembered as such until they would have expired.
  TableShard(TableTotals& totals, Instant start, std::size_t max_tombstones);
  TableShard(const TableShard&) = delete;
  TableShard& operator=(const TableShard&) = delete;

  /// One's own; its place in the bound is the caller's reservation. False: there is a token of that name.
  [[nodiscard]] bool insert(const PublicId& id, const TableEntry& entry);
  /// Allocates nothing.
  [[nodiscard]] Sight look(const PublicId& id, Instant now) const noexcept;
  [[nodiscard]] Sight use(const PublicId& id, Instant now) noexcept;
  /// Remembers a token whose home is Redis as used up.
  void spend(const PublicId& id, const TableEntry& news, Instant now);

  void learn(const PublicId& id, const TableEntry& entry, Instant now);
  void lose(const PublicId& id, Instant now);
  void written(const PublicId& id);

  /// Did the call end a live token?
  [[nodiscard]] bool revoke(const PublicId& id, Instant now);
  /// Moves the creation of one's own.
  void rebase(WallTime::duration by);
  /// Ends all that were created up to `at`; returns how many of one's own.
  std::uint64_t revoke_before(WallTime at, Instant now);

  /// Frees what has expired, in at most `max_steps` steps of the wheel; true: there is more. The ids of one's own are
  /// appended to `gone`, or kept for the next call that brings one.
  bool expire(Instant now, std::size_t max_steps, std::vector<PublicId>* gone);
  /// Drops up to `most` copies of others' tokens, whichever it meets first.
  void drop_copies(std::size_t most);
  /// Gives back memory that a burst or many revocations have left behind.
  void trim();

  /// Appends, in order of id, the first `limit` of one's own unended tokens whose ids are greater than `after` and have
  /// `part` in them; returns how many entries it looked at.
  std::size_t list(const PublicId& after, IdPart part, Listed listed, Instant now, std::size_t limit,
                   std::vector<Row>& rows) const;
  /// Appends what Redis should have; returns how many entries it looked at.
  std::size_t owed(Owed what, Instant now, std::vector<KnownToken>& tokens) const;
  /// Adds this shard's numbers. They are consistent with each other whatever other threads do.
  void add_to(StoreStats& stats) const;

 private:
  using Map = boost::unordered_flat_map<PublicId, TableEntry, PublicIdHash, std::equal_to<PublicId>,
                                        PageAllocator<std::pair<const PublicId, TableEntry>>>;

  [[nodiscard]] static bool ended(const TableEntry& entry, Instant now) noexcept {
    return entry.state == TableEntry::State::revoked || entry.state == TableEntry::State::gone ||
           now >= entry.expires_at;
  }
  void reschedule(const PublicId& id, TableEntry& entry, Instant expires_at);
  void settle_with_redis(TableEntry& entry) noexcept;
  void forget_copies(std::uint64_t count) noexcept;
  /// Ends a live entry; true: it is to be erased, because there are tombstones enough.
  bool bury(TableEntry& entry) noexcept;
  [[nodiscard]] std::uint64_t active() const noexcept { return issued_ - expired_ - revoked_; }
  [[nodiscard]] std::uint64_t copies() const noexcept { return entries_.size() - tombstones_ - active(); }

  TableTotals& totals_;
  mutable std::mutex mutex_;
  Map entries_;        // one's own that haven't ended (or are gone), copies, tombstones
  ExpiryWheel wheel_;  // for each entry its expiry; beside these what was true once
  const std::size_t max_tombstones_;
  std::size_t tombstones_ = 0;  // entries that are revoked
  std::size_t unwritten_ = 0;
  std::uint64_t issued_ = 0;
  std::uint64_t expired_ = 0;
  std::uint64_t revoked_ = 0;
  std::uint64_t used_ = 0;
  std::vector<PublicId> untold_;  // expired while nobody listened
};

}  // namespace vx11::store
