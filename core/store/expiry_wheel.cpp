#include "store/expiry_wheel.h"

#include <algorithm>
#include <bit>

namespace vx11::store {

namespace {

constexpr std::int64_t kTickNs = std::chrono::nanoseconds(ExpiryWheel::tick).count();

std::int64_t since_zero(Instant at) noexcept { return std::max<std::int64_t>(at.time_since_epoch().count(), 0); }

std::uint64_t ticks_passed(Instant at) noexcept { return static_cast<std::uint64_t>(since_zero(at) / kTickNs); }

/// Rounded up: a key must not come out before its time.
std::uint64_t ticks_until(Instant at) noexcept {
  const std::int64_t ns = since_zero(at);
  return static_cast<std::uint64_t>(ns / kTickNs + (ns % kTickNs != 0 ? 1 : 0));
}

}  // namespace

ExpiryWheel::Chain& ExpiryWheel::Chain::operator=(Chain&& other) noexcept {
  if (this != &other) {
    clear();
    head_ = std::move(other.head_);
  }
  return *this;
}

bool ExpiryWheel::Chain::push(const Item& item, BlockPool& pool) {
  const bool grow = head_ == nullptr || head_->count == head_->items.size();
  if (grow) {
    auto block = pool.make<Block>();
    block->next = std::move(head_);
    head_ = std::move(block);
  }
  head_->items[head_->count++] = item;
  return grow;
}

std::pair<ExpiryWheel::Item, bool> ExpiryWheel::Chain::pop() noexcept {
  const Item item = head_->items[--head_->count];
  const bool shrink = head_->count == 0;
  if (shrink) head_ = std::move(head_->next);
  return {item, shrink};
}

void ExpiryWheel::Chain::clear() noexcept {
  // One by one: destroying the head alone would recurse once for every block behind it.
  while (head_ != nullptr) head_ = std::move(head_->next);
}

ExpiryWheel::ExpiryWheel(Instant start) noexcept : current_(ticks_passed(start)) {}

void ExpiryWheel::insert(const PublicId& key, Instant deadline) {
  place({key, ticks_until(deadline)});
  ++size_;
}

bool ExpiryWheel::advance(Instant now, std::size_t max_steps, std::vector<PublicId>& due) {
  const Tick target = std::max(ticks_passed(now), current_);
  for (std::size_t step = 0; step < max_steps; ++step) {
    while (due_.empty() && opened_.empty()) {
      if (!open_next_slot(target)) return false;
    }
    const Item item = pop(due_.empty() ? opened_ : due_);
    if (item.deadline <= target) {
      due.push_back(item.key);
      --size_;
    } else {
      place(item);
    }
  }
  return true;
}

bool ExpiryWheel::same_tick(Instant a, Instant b) noexcept { return ticks_until(a) == ticks_until(b); }

bool ExpiryWheel::is_due(Instant deadline, Instant now) noexcept { return ticks_until(deadline) <= ticks_passed(now); }

void ExpiryWheel::clear() noexcept {
  levels_ = {};
  opened_ = {};
  due_ = {};
  size_ = 0;
  blocks_ = 0;
}

std::size_t ExpiryWheel::bytes() const noexcept { return sizeof *this + blocks_ * sizeof(Block); }

void ExpiryWheel::place(const Item& item) {
  if (item.deadline <= current_) {
    push(due_, item);
    return;
  }
  const auto highest_bit = static_cast<unsigned>(std::bit_width(item.deadline ^ current_)) - 1;
  const std::size_t index = highest_bit / digit_bits;
  Level& level = levels_[index];
  const std::size_t slot = (item.deadline >> (index * digit_bits)) % slot_count;
  level.occupied |= std::uint64_t{1} << slot;
  push(level.slots[slot], item);
}

ExpiryWheel::Item ExpiryWheel::pop(Chain& chain) noexcept {
  const auto [item, shrunk] = chain.pop();
  blocks_ -= shrunk ? 1 : 0;
  return item;
}

bool ExpiryWheel::open_next_slot(Tick target) noexcept {
  const auto level = std::find_if(levels_.begin(), levels_.end(), [](const Level& l) { return l.occupied != 0; });
  if (level != levels_.end()) {
    const auto shift = static_cast<unsigned>(level - levels_.begin()) * digit_bits;
    const auto slot = static_cast<std::size_t>(std::countr_zero(level->occupied));
    const Tick above = current_ >> (shift + digit_bits) << (shift + digit_bits);
    const Tick begins = above | (Tick{slot} << shift);
    if (begins <= target) {
      current_ = begins;
      level->occupied &= level->occupied - 1;
      // Of the finest level all is due; of the others each item has to be looked at.
      (shift == 0 ? due_ : opened_) = std::move(level->slots[slot]);
      return true;
    }
  }
  current_ = target;
  return false;
}

}  // namespace vx11::store
