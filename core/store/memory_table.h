// The tokens of this process: a sharded hash table that all its event loops share. A token that is in it lives until
// its very nanosecond, and what has expired leaves by itself, in bounded steps. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/memory_shard.h"
#include "store/token_store.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::store {

class MemoryTable {
 public:
  struct Options {
    std::uint64_t max_tokens = 1'000'000;  ///< live tokens at a time; a bound, not a reservation
    std::string instance_id;               ///< the issuer that the list names
  };

  /// Clock and randomness outlive the table.
  MemoryTable(const Clock& clock, Random& random, Options options);

  /// `IssueStatus::full` when `max_tokens` are alive; never drops one of them.
  [[nodiscard]] IssueResult issue(const IssueRequest& request);
  /// Of many concurrent `Purpose::open` of a single-use token exactly one is valid. No allocation.
  [[nodiscard]] CheckResult check(std::string_view token, Purpose purpose);
  /// Ends what the target names, and tells the observer (may be null). One that is named is told of in any case:
  /// streams may have outlived a token that the table has forgotten. By id, or all: a look at every entry.
  RevokeResult revoke(const RevokeTarget& target, StoreObserver* observer);
  /// In an order of its own; looks at a bounded number of entries, so that a page may be short, or empty, and still
  /// have a cursor. `match` is case-sensitive.
  [[nodiscard]] ListPage list(const ListRequest& request) const;
  [[nodiscard]] StoreStats stats() const;
  /// Frees what has expired, for about 2 ms at most (what is left comes next time), and gives memory that isn't needed
  /// any more back to the system within seconds. Tells the observer (may be null) in batches. To be called about ten
  /// times a second, by any thread.
  void tick(StoreObserver* observer);

 private:
  void give_memory_back();
  [[nodiscard]] std::size_t shard_index(const Uuid& key) const noexcept;
  [[nodiscard]] MemoryShard& shard(const Uuid& key) const noexcept { return *shards_[shard_index(key)]; }
  [[nodiscard]] bool reserve() noexcept;
  /// The dead that no tick has got round to must not keep the living out: frees some and reserves.
  [[nodiscard]] bool make_room(Instant now);
  void release(std::uint64_t tokens) noexcept { reserved_.fetch_sub(tokens, std::memory_order_relaxed); }

  const Clock& clock_;
  Random& random_;
  const Options options_;
  std::vector<std::unique_ptr<MemoryShard>> shards_;  // a power of two
  std::atomic<std::size_t> next_expiry_{0};           // the shard that the next tick begins with
  std::atomic<std::size_t> next_trim_{0};
  alignas(64) std::atomic<std::uint64_t> reserved_{0};  // live tokens, and those about to be
};

}  // namespace vx11::store
