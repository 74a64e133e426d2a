// What must be refused whatever any store says: revoked tokens, by id and by time of issue. Works in every mode.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "store/expiry_wheel.h"
#include "store/pages.h"
#include "token/clock.h"
#include "token/revocation.h"
#include "token/token_id.h"

namespace vx11::store {

/// Thread-safe. A look at one that names no token, the usual case, is a load or two and takes no lock; entries leave
/// when nothing that they forbid can live any more.
class Denylist {
 public:
  explicit Denylist(const Clock& clock);
  Denylist(const Denylist&) = delete;
  Denylist& operator=(const Denylist&) = delete;

  /// True: it wasn't known, or a `before` or a principal's reaches further than what was. `until`: how long it has to
  /// be remembered, on our own clock. The later `until` counts; of two `before`, or two of one principal, the later
  /// `at` does. Kinds that nothing can be matched with are remembered for `held` only.
  bool add(const Revocation& revocation, Instant until);
  /// `issued_at` is on the same clock as `Revocation::at`.
  [[nodiscard]] bool denies(const PublicId& id, WallTime issued_at) const noexcept;
  /// Is there an entry for the token itself?
  [[nodiscard]] bool names(const PublicId& id) const noexcept;
  /// The latest `before` that is remembered; the epoch when there is none.
  [[nodiscard]] WallTime before() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  /// Everything that still has to be remembered, to be told anew. A look at every entry.
  [[nodiscard]] std::vector<Revocation> held() const;
  /// All times so far were on another clock than Redis', by so much.
  void rebase(std::chrono::nanoseconds ahead);
  /// Forgets what is over, in bounded steps; about ten times a second, by any thread.
  void tick();

 private:
  struct Entry {
    WallTime at, expires;
    Instant until;
    std::size_t by = 0;  ///< place in `instances_`
  };
  /// Of the tokens some: no thread holds another up for long, not even while a map grows.
  struct alignas(64) Shard {
    using Map = boost::unordered_flat_map<PublicId, Entry, PublicIdHash, std::equal_to<PublicId>,
                                          PageAllocator<std::pair<const PublicId, Entry>>>;
    mutable std::mutex mutex;
    Map tokens;
    ExpiryWheel ends{Instant{}};  ///< an end that was put off has two items, of which the first is passed over
  };
  /// A `before` or a principal's.
  struct Sweep {
    Revocation revocation;
    Instant until;
  };

  [[nodiscard]] Shard& shard(const PublicId& id) noexcept { return shards_[id.bytes[8] % shards_.size()]; }
  [[nodiscard]] const Shard& shard(const PublicId& id) const noexcept { return shards_[id.bytes[8] % shards_.size()]; }
  bool add_token(const Revocation& revocation, Instant until);
  bool add_sweep(const Revocation& revocation, Instant until);
  [[nodiscard]] std::size_t place_of(const std::string& instance);
  /// Returns how many it forgot.
  static std::size_t forget_tokens(Shard& shard, Instant now);
  void forget_sweeps(Instant now);
  /// The lock is held.
  void publish_sweeps() noexcept;

  const Clock& clock_;
  std::array<Shard, 16> shards_;
  std::atomic<std::size_t> named_{0};       ///< entries of the shards
  std::atomic<std::size_t> swept_{0};
  std::atomic<std::int64_t> before_ns_{0};  ///< WallTime; 0: none
  mutable std::mutex mutex_;                ///< of what follows; taken before a shard's, if both are
  std::vector<Sweep> sweeps_;               ///< few: one `before`, and one for each principal
  std::vector<std::string> instances_;      ///< all that have ever revoked: few
};

}  // namespace vx11::store
