// The tokens that this process knows: those it issued, in whatever mode, and copies of others that it has seen in
// Redis. A sharded hash table that all event loops share; what has expired leaves by itself, in bounded steps.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/known_token.h"
#include "store/table_shard.h"
#include "store/token_store.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/token_id.h"

namespace vx11::store {

class TokenTable {
 public:
  struct Options {
    std::uint64_t max_tokens = 1'000'000;  ///< live tokens and copies at a time; a bound, not a reservation
    std::string instance_id;               ///< the issuer that the list names
  };
  using Listed = store::Listed;

  /// Clock and randomness outlive the table.
  TokenTable(const Clock& clock, Random& random, Options options);

  // Issuing. Each issue begins with a reservation, which `add` uses up and `release` gives back.
  /// False: the table is full (of the living: the dead are freed first). Never drops one of them.
  [[nodiscard]] bool reserve();
  void release();
  /// A new token; `mine`, with `home` as given.
  [[nodiscard]] KnownToken draw(const IssueRequest& request, WallTime created_at, Home home) const;
  /// False: the name is taken (the reservation stays). `fresh_until` counts for copies only.
  [[nodiscard]] bool add(const KnownToken& token, Instant fresh_until);

  // Checking. No allocation.
  [[nodiscard]] Sight look(const PublicId& id) const noexcept;
  /// The same, and a single-use token that lives here is used up: of many concurrent calls exactly one sees it fresh.
  [[nodiscard]] Sight use(const PublicId& id) noexcept;
  /// A single-use token whose home is Redis was accepted here: its mark is there, and it is remembered until its end.
  void spend(const KnownToken& token);

  // What Redis said.
  /// It has the token: a copy, fresh until then and never past its expiry. Revives nothing that was revoked; a copy of
  /// another's is left out when the table is full.
  void learn(const KnownToken& token, Instant fresh_until);
  /// It doesn't have it: a copy of another's is dropped, one's own is `gone` from now on.
  void lose(const PublicId& id);
  /// It has got what was issued while it failed.
  void written(const PublicId& id);
  /// Tokens whose home is Redis, a bounded page at a time; `cursor` 0 begins and ends a walk.
  [[nodiscard]] std::vector<KnownToken> owed_to_redis(std::size_t& cursor, Owed owed) const;

  // Revoking. Counts one's own; the observer is the caller's to tell.
  /// Did the call end a live token (one's own or a copy)?
  bool revoke(const PublicId& id);
  /// `created_at` of one's own was on another clock than Redis', by so much.
  void rebase(std::chrono::nanoseconds ahead);
  /// Ends all that were issued up to `at`; returns how many of one's own.
  std::uint64_t revoke_before(WallTime at);

  /// In an order of its own; looks at a bounded number of entries, so that a page may be short, or empty, and still
  /// have a cursor. `match` is case-sensitive.
  [[nodiscard]] ListPage list(const ListRequest& request, Listed listed) const;
  [[nodiscard]] StoreStats stats() const;
  [[nodiscard]] std::size_t unwritten() const noexcept;  ///< tokens that Redis hasn't got yet
  /// When the last token with that home will have expired, of those ever added by `add`.
  [[nodiscard]] Instant last_expiry(Home home) const noexcept;
  /// Frees what has expired, for about 2 ms at most (what is left comes next time), and gives memory that isn't needed
  /// any more back to the system within seconds. Tells the observer (may be null) of one's own, in batches. To be
  /// called about ten times a second, by any thread.
  void tick(StoreObserver* observer);

 private:
  void give_memory_back();
  [[nodiscard]] TableShard& shard(const PublicId& id) const noexcept;
  /// Neither the dead that no tick has got round to nor copies of others' tokens must keep a new one out: frees some of
  /// them and reserves.
  [[nodiscard]] bool make_room();

  const Clock& clock_;
  Random& random_;
  const Options options_;
  TableTotals totals_;
  std::vector<std::unique_ptr<TableShard>> shards_;  // a power of two
  std::atomic<std::size_t> next_expiry_{0};          // the shard that the next tick begins with
  std::atomic<std::size_t> next_trim_{0};
  std::array<std::atomic<std::int64_t>, 2> last_expiry_ns_{};  // Instants, one a home
};

}  // namespace vx11::store
