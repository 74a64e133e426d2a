// What must be refused whatever any store says: revoked tokens, by id and by time of issue. Works in every mode.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "token/clock.h"
#include "token/revocation.h"
#include "token/token_id.h"

namespace vx11::store {

/// Thread-safe. A look at an empty one, the usual case, is one atomic load; entries leave when nothing that they forbid
/// can live any more.
class Denylist {
 public:
  explicit Denylist(const Clock& clock);
  Denylist(const Denylist&) = delete;
  Denylist& operator=(const Denylist&) = delete;

  /// True: it wasn't known. `until`: how long it has to be remembered, on our own clock. The later `until` counts; of
  /// two `before` the later `at` does. Kinds that nothing can be matched with are remembered for `held` only.
  bool add(const Revocation& revocation, Instant until);
  /// `issued_at` is on the same clock as `Revocation::at`.
  [[nodiscard]] bool denies(const PublicId& id, WallTime issued_at) const noexcept;
  /// Is there an entry for the token itself?
  [[nodiscard]] bool names(const PublicId& id) const noexcept;
  /// The latest `before` that is remembered; the epoch when there is none.
  [[nodiscard]] WallTime before() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  /// Everything that still has to be remembered, to be told anew.
  [[nodiscard]] std::vector<Revocation> held() const;
  /// Forgets what is over, in bounded steps; about ten times a second, by any thread.
  void tick();

 private:
  struct Entry {
    WallTime at, expires;
    Instant until;
  };
  struct Before {
    WallTime at, expires;
    Instant until;
  };

  const Clock& clock_;
  mutable std::shared_mutex mutex_;
  boost::unordered_flat_map<PublicId, Entry, PublicIdHash> tokens_;
  std::multimap<Instant, PublicId> by_end_;  ///< an entry whose end was put off is met here once too early
  Before before_;
  std::vector<std::pair<Revocation, Instant>> others_;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::int64_t> before_ns_{0};  ///< WallTime; 0: none
};

}  // namespace vx11::store
