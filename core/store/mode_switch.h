// Which mode the process is in, what it was configured to, and what is still read of the mode before (the drain
// window).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "store/token_store.h"
#include "token/clock.h"

namespace vx11::store {

/// Thread-safe. The mode is the process' only and doesn't outlive it.
class ModeSwitch {
 public:
  struct Draining {
    Mode from = Mode::memory;
    std::chrono::milliseconds remaining{0};
  };
  /// Who holds the mode: an operation of several steps, such as a rollback of the whole cluster.
  struct Operation {
    std::string id, owner;
  };
  struct Held {
    Operation by;
    WallTime since, last_sign;
    std::chrono::milliseconds silent{0};  ///< since the last sign
    bool lapsed = false;                  ///< silent for too long: it keeps nobody out any more
  };
  struct View {
    Mode mode = Mode::memory;
    Mode configured = Mode::memory;
    WallTime since;
    std::optional<Draining> draining;  ///< of several modes still read the one that will be for longest
    std::optional<Held> held;          ///< the operation that holds the mode, or has let its hold lapse
  };
  enum class Outcome : std::uint8_t { changed, same, no_redis, no_keys, held_by_other };
  struct Result {
    Outcome outcome = Outcome::same;
    Mode from = Mode::memory;  ///< the one before the call
    std::optional<Held> held;  ///< by whom, when it is another's
  };
  struct Means {
    bool redis = false;  ///< one is configured
    bool signing_keys = false;
  };
  /// An operation's hold lapses so long after its last call. It is shown until the operation releases it, another one
  /// takes its place, or anybody changes the mode; a call of its own makes it whole again.
  static constexpr std::chrono::seconds hold{60};

  ModeSwitch(const Clock& clock, Mode configured, Means means, std::chrono::seconds max_ttl);

  [[nodiscard]] Mode mode() const noexcept { return mode_.load(std::memory_order_acquire); }
  [[nodiscard]] View view() const;
  /// Is Redis asked for tokens? In mode redis and hybrid, and in the drain window after one of them: `max_ttl` long,
  /// because other instances may have issued until now.
  [[nodiscard]] bool reads_redis() const noexcept;
  /// `old_tokens_end`: when the last token of the store that is left will have expired, as far as this process knows
  /// (of memory; the window after a mode with Redis is `max_ttl`). A call of the holder, also one that changes nothing
  /// or is impossible, is a sign of it.
  Result set(Mode wanted, const std::optional<Operation>& operation, Instant old_tokens_end);
  /// A sign of life of the operation, which begins its hold where there is none. `same` or `held_by_other`.
  Result sign(const Operation& operation);
  /// The operation has come to its end: its hold goes, another's lapsed one stays. `same` or `held_by_other`.
  Result release(const Operation& operation);

 private:
  [[nodiscard]] std::optional<Held> held_now() const;
  [[nodiscard]] bool kept_from(const Operation* operation) const;
  void hold_for(const Operation& operation);

  const Clock& clock_;
  const Mode configured_;
  const Means means_;
  const std::chrono::seconds max_ttl_;
  std::atomic<Mode> mode_;
  std::atomic<std::int64_t> redis_until_ns_{0};  ///< Instant; reads of Redis after leaving it
  mutable std::mutex mutex_;
  WallTime since_;
  std::array<Instant, 4> read_until_{};  ///< for each mode that was left
  std::optional<Held> held_;  ///< as of its last sign
  Instant last_sign_;
};

}  // namespace vx11::store
