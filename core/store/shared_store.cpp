#include "store/shared_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vx11::store {

void UntoldList::add(Untold one) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(one));
  size_.store(waiting_.size(), std::memory_order_relaxed);
}

void UntoldList::prune(WallTime now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [now](const Untold& one) { return one.revocation.expires <= now; });
  size_.store(waiting_.size(), std::memory_order_relaxed);
}

void UntoldList::rebase(std::chrono::nanoseconds ahead) {
  const std::lock_guard lock(mutex_);
  for (Untold& one : waiting_) {
    one.revocation.at += std::chrono::duration_cast<WallTime::duration>(ahead);
    one.revocation.expires += std::chrono::duration_cast<WallTime::duration>(ahead);
  }
}

WallTime CommonClock::at(Instant moment) const noexcept {
  if (known_.load(std::memory_order_acquire)) {
    return WallTime(std::chrono::duration_cast<WallTime::duration>(
        moment.time_since_epoch() + std::chrono::nanoseconds(of_boot_ns_.load(std::memory_order_acquire))));
  }
  return clock_.wall() + std::chrono::duration_cast<WallTime::duration>(moment - clock_.now());
}

WallTime CommonClock::latest(Instant moment, std::chrono::nanoseconds life) const {
  const std::lock_guard lock(mutex_);
  return moment - set_back_at_ < life ? std::max(at(moment), highest_) : at(moment);
}

bool CommonClock::learn(std::chrono::nanoseconds ahead) {
  const Instant now = clock_.now();
  const std::chrono::nanoseconds redis = clock_.wall().time_since_epoch() + ahead;
  const std::lock_guard lock(mutex_);
  const WallTime until_now = at(now);
  const bool set_back = known_.load(std::memory_order_acquire) && until_now.time_since_epoch() > redis;
  if (set_back && (until_now > highest_ || now - set_back_at_ >= longest_life_ever)) {
    highest_ = until_now;
    set_back_at_ = now;
  }
  of_boot_ns_.store((redis - now.time_since_epoch()).count(), std::memory_order_release);
  return !known_.exchange(true, std::memory_order_acq_rel);
}

void SharedStore::learn_clock(std::chrono::nanoseconds ahead) {
  if (!common.learn(ahead)) return;
  table.rebase(ahead);
  denylist.rebase(ahead);
  untold.rebase(ahead);
}

std::vector<Untold> UntoldList::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  std::vector<Untold> taken(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  size_.store(waiting_.size(), std::memory_order_relaxed);
  return taken;
}

}  // namespace vx11::store
