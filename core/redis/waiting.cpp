#include "redis/waiting.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vx11::redis {

void Waiting::push(Entry entry) {
  constexpr std::size_t first_capacity = 64;
  if (entries_.full()) entries_.set_capacity(std::max(first_capacity, entries_.capacity() * 2));
  if (!due_ || entry.deadline < *due_) due_ = entry.deadline;
  entries_.push_back(std::move(entry));
  ++unsent_;
}

void Waiting::mark_sent() noexcept {
  for (; unsent_ > 0; --unsent_) entries_[entries_.size() - unsent_].sent = true;
}

Waiting::Entry Waiting::pop() {
  Entry entry = std::move(entries_.front());
  entries_.pop_front();
  if (settled_ > 0) --settled_;
  unsent_ = std::min(unsent_, entries_.size());
  if (entries_.empty()) due_.reset();
  return entry;
}

std::vector<Waiting::Entry> Waiting::expire(Instant now) {
  std::vector<Entry> expired;
  if (!due_ || now < *due_) return expired;
  due_.reset();
  bool all_before = true;
  for (std::size_t i = settled_; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (!entry.expired && entry.deadline <= now) {
      entry.expired = entry.last_deadline <= now;
      Entry& out = expired.emplace_back();
      out.handler = std::move(entry.handler);
      out.asked = entry.asked;
      out.whom = entry.whom;
      out.sent = entry.sent;
      out.expired = entry.expired;
      entry.deadline = entry.last_deadline;
    }
    if (!entry.expired && (!due_ || entry.deadline < *due_)) due_ = entry.deadline;
    all_before = all_before && entry.expired;
    if (all_before) settled_ = i + 1;
  }
  return expired;
}

std::vector<Waiting::Entry> Waiting::take_all() {
  std::vector<Entry> all(std::make_move_iterator(entries_.begin()), std::make_move_iterator(entries_.end()));
  entries_.clear();
  unsent_ = settled_ = 0;
  due_.reset();
  return all;
}

}  // namespace vx11::redis
