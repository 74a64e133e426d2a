// What a Redis that is back, or another one in its place, may lack for a while: tokens and marks that instances are
// still writing to it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "redis/slot.h"
#include "token/clock.h"

namespace vx11::store {

/// A key that is missing from a server that has been there all the time was deleted, and stays so: only during a
/// recovery that is no proof. Thread-safe.
class Recovery {
 public:
  /// In which every instance writes what it had issued while Redis didn't answer.
  static constexpr std::chrono::seconds time_to_write{2};
  /// The same after a server was replaced: some hear of it later than others.
  static constexpr std::chrono::seconds time_to_write_back{4};

  /// Redis answers again.
  void begin(Instant now) noexcept { until_ns_.store((now + time_to_write).time_since_epoch().count()); }
  /// Another server process than before answers for these slots: it may have lost what was written to it lately, also
  /// which tokens were used up. Telling it several times does no harm.
  void rewrite(Instant now, const redis::SlotSet& slots);

  /// This process meets Redis for the first time: a server may have been replaced a moment ago, and others may still be
  /// writing back to it.
  void join(Instant now);

  /// May what belongs there be missing without having been deleted?
  [[nodiscard]] bool under_way(Instant now, redis::Slot slot) const;
  /// May a token be used up whose mark isn't there?
  [[nodiscard]] bool marks_may_be_lost(Instant now, redis::Slot slot) const;

  // For who writes back what this process owes.
  /// All that is owed and not being written; it is until `written_back`.
  [[nodiscard]] std::optional<redis::SlotSet> take();
  /// What was taken has been written, but for these.
  void written_back(const redis::SlotSet& failed);
  /// Has a server been replaced since the last call?
  [[nodiscard]] bool take_news() noexcept { return news_.exchange(false); }

 private:
  std::atomic<std::int64_t> until_ns_{0};
  std::atomic<bool> news_{false};
  std::atomic<std::int64_t> counts_until_ns_{0};  ///< what follows; for ever while something is owed
  mutable std::mutex mutex_;
  redis::SlotSet replaced_;
  Instant replaced_until_;
  redis::SlotSet owed_, taken_;
};

}  // namespace vx11::store
