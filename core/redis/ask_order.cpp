#include "redis/ask_order.h"

#include <algorithm>
#include <tuple>

namespace vx11::redis {

void AskOrder::begin() {
  round_.clear();
  notes_.clear();
  next_ = 0;
  if (preferred_) add(*preferred_);
  const auto& [first, second] = learnt_first_ ? std::tie(learnt_, seeds_) : std::tie(seeds_, learnt_);
  for (const Address& address : first) add(address);
  for (const Address& address : second) add(address);
  const auto last = std::find(round_.begin(), round_.end(), deferred_);
  if (last != round_.end()) std::rotate(last, last + 1, round_.end());
}

void AskOrder::prefer_current() {
  preferred_ = current();
  deferred_.reset();
}

void AskOrder::defer_current() {
  deferred_ = current();
  preferred_.reset();
}

void AskOrder::add(const Address& address) {
  if (std::find(round_.begin(), round_.end(), address) == round_.end()) round_.push_back(address);
}

std::optional<Address> AskOrder::next() {
  if (next_ == round_.size()) return std::nullopt;
  return round_[next_++];
}

void AskOrder::note(std::string_view said) {
  if (!notes_.empty()) notes_ += "; ";
  notes_ += said;
}

void AskOrder::learn(std::vector<Address> others, bool first) {
  learnt_ = std::move(others);
  if (learnt_.size() > most_learnt) learnt_.resize(most_learnt);
  learnt_first_ = first;
}

}  // namespace vx11::redis
