#include "server/occurrence.h"

#include <utility>

namespace vx11::server {

void Occurrence::happen() {
  std::function<void()> handler;
  {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    handler = handler_;
    // Under the lock: whoever waits may do away with this as soon as it has the lock.
    condition_.notify_all();
  }
  if (handler) handler();
}

void Occurrence::listen(std::function<void()> handler) {
  {
    const std::lock_guard lock(mutex_);
    handler_ = handler;
    if (!happened_) return;
  }
  if (handler) handler();
}

void Occurrence::wait() {
  std::unique_lock lock(mutex_);
  condition_.wait(lock, [this] { return happened_; });
}

}  // namespace vx11::server
