// What the stores of all loops of one instance have in common.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "redis/request.h"
#include "store/denylist.h"
#include "store/mode_switch.h"
#include "store/recovery.h"
#include "store/token_table.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/revocation.h"

namespace vx11::store {

/// Puts revocations where the other instances read them: appends the commands for it to a request.
class RevocationLog {
 public:
  virtual ~RevocationLog() = default;
  virtual void append(redis::Request& request, std::span<const Revocation> revocations, WallTime now) const = 0;
};

/// A revocation that the others don't know yet, and the key to delete with it.
struct Untold {
  Revocation revocation;
  std::optional<Uuid> key;
};

/// Revocations that wait for Redis. Thread-safe.
class UntoldList {
 public:
  void add(Untold one);
  /// What is over by `now`, on the revocations' clock, needs no telling any more.
  void prune(WallTime now);
  /// Their times were on another clock than Redis', by so much.
  void rebase(std::chrono::nanoseconds ahead);
  /// At most `most`, oldest first; they are the caller's now.
  [[nodiscard]] std::vector<Untold> take(std::size_t most);
  [[nodiscard]] std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

 private:
  mutable std::mutex mutex_;
  std::vector<Untold> waiting_;
  std::atomic<std::size_t> size_{0};
};

/// Redis' clock where it is known, else ours: what times in values, revocations and credentials are on. Thread-safe.
class CommonClock {
 public:
  explicit CommonClock(const Clock& clock) : clock_(clock) {}
  [[nodiscard]] WallTime at(Instant moment) const noexcept;
  /// The latest time that it has shown by that moment, not counting what was longer ago than `life`: a server that took
  /// over may be behind the one whose time is in what was made until then.
  [[nodiscard]] WallTime latest(Instant moment, std::chrono::nanoseconds life) const;
  /// Redis' clock minus our wall clock, as measured just now; true: for the first time.
  bool learn(std::chrono::nanoseconds ahead);

 private:
  /// A token's longest life: nobody needs to know what the clock was before.
  static constexpr std::chrono::hours longest_life_ever{24};

  const Clock& clock_;
  std::atomic<bool> known_{false};
  std::atomic<std::int64_t> of_boot_ns_{0};  ///< Redis' clock minus CLOCK_BOOTTIME
  mutable std::mutex mutex_;
  WallTime highest_;     ///< what it was
  Instant set_back_at_;  ///< when it went back
};

/// All of it outlives the stores and is thread-safe.
struct SharedStore {
  SharedStore(const Clock& the_clock, Random& the_random, TokenTable& the_table, Denylist& the_denylist,
              ModeSwitch& the_modes)
      : clock(the_clock),
        random(the_random),
        table(the_table),
        denylist(the_denylist),
        modes(the_modes),
        common(the_clock) {}

  /// Redis' clock minus ours was measured. What had been noted before anyone knew it is put right.
  void learn_clock(std::chrono::nanoseconds ahead);

  const Clock& clock;
  Random& random;
  TokenTable& table;
  Denylist& denylist;
  ModeSwitch& modes;
  const RevocationLog* log = nullptr;  ///< null: no Redis is configured
  std::string instance_id;
  std::string prefix = "vx11:";
  std::chrono::seconds ttl{60};
  std::chrono::seconds max_ttl{300};
  std::chrono::seconds local_fresh{5};
  /// How many replicas are to have a token or a revocation before it is answered.
  std::size_t redis_wait = 0;
  /// Tokens lie on several servers, of which one may fail alone (a cluster).
  bool sharded = false;
  /// The longest life that a token of any instance may have.
  std::function<std::chrono::seconds()> longest_life = [] { return std::chrono::seconds(300); };
  CommonClock common;
  UntoldList untold;
  Recovery recovery;
  /// Keys of tokens that are refused may be left in Redis: somebody should look.
  std::atomic<bool> keys_left_behind{false};
  /// Tokens and revocations that fewer replicas than `redis_wait` had in time.
  std::atomic<std::uint64_t> wait_shortfalls{0};
};

}  // namespace vx11::store
