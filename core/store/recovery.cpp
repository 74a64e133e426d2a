#include "store/recovery.h"

#include <limits>

namespace vx11::store {

namespace {

constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

[[nodiscard]] std::int64_t nanoseconds(Instant moment) noexcept { return moment.time_since_epoch().count(); }

}  // namespace

void Recovery::rewrite(Instant now, const redis::SlotSet& slots) {
  begin(now);
  const std::lock_guard lock(mutex_);
  if (now >= replaced_until_) replaced_.reset();
  replaced_ |= slots;
  replaced_until_ = now + time_to_write_back;
  owed_ |= slots;
  news_.store(true);
  counts_until_ns_.store(for_ever, std::memory_order_release);
}

void Recovery::join(Instant now) {
  const std::lock_guard lock(mutex_);
  replaced_.set();
  replaced_until_ = now + time_to_write_back;
  if (owed_.none() && taken_.none()) counts_until_ns_.store(nanoseconds(replaced_until_), std::memory_order_release);
}

bool Recovery::under_way(Instant now, redis::Slot slot) const {
  return nanoseconds(now) < until_ns_.load(std::memory_order_acquire) || marks_may_be_lost(now, slot);
}

bool Recovery::marks_may_be_lost(Instant now, redis::Slot slot) const {
  if (nanoseconds(now) >= counts_until_ns_.load(std::memory_order_acquire)) return false;
  const std::lock_guard lock(mutex_);
  return (now < replaced_until_ && replaced_[slot]) || owed_[slot] || taken_[slot];
}

std::optional<redis::SlotSet> Recovery::take() {
  if (counts_until_ns_.load(std::memory_order_acquire) != for_ever) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (owed_.none()) return std::nullopt;
  taken_ |= owed_;
  owed_.reset();
  return taken_;
}

void Recovery::written_back(const redis::SlotSet& failed) {
  const std::lock_guard lock(mutex_);
  owed_ |= failed & taken_;
  taken_.reset();
  if (owed_.none()) counts_until_ns_.store(nanoseconds(replaced_until_), std::memory_order_release);
}

}  // namespace vx11::store
