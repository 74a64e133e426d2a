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

std::vector<Untold> UntoldList::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  std::vector<Untold> taken(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  size_.store(waiting_.size(), std::memory_order_relaxed);
  return taken;
}

}  // namespace vx11::store
