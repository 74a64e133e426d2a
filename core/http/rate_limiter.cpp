#include "http/rate_limiter.h"

#include <algorithm>

namespace vx11::http {

RateLimiter::RateLimiter(std::uint32_t limit, std::chrono::nanoseconds window) : limit_(limit), window_(window) {}

std::optional<std::chrono::nanoseconds> RateLimiter::take(std::uint64_t key, Instant now) {
  if (!enabled()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const std::uint32_t limit = limit_.load(std::memory_order_relaxed);
  if (limit == 0) return std::nullopt;  // just now
  const std::chrono::nanoseconds interval = window_ / limit;
  if (now >= next_purge_) forget_idle(now);
  const auto found = due_.find(key);
  if (found == due_.end()) {
    if (due_.size() < max_keys) due_.emplace(key, now + interval);
    return std::nullopt;
  }
  const Instant due = std::max(found->second, now);
  const std::chrono::nanoseconds ahead = due + interval - now;
  if (ahead > window_) return ahead - window_;
  found->second = due + interval;
  return std::nullopt;
}

void RateLimiter::change(std::uint32_t limit, std::chrono::nanoseconds window) {
  const std::lock_guard lock(mutex_);
  if (limit == limit_.load(std::memory_order_relaxed) && window == window_) return;
  limit_.store(limit, std::memory_order_relaxed);
  window_ = window;
  due_.clear();
  next_purge_ = {};  // not as late as a longer window had put it off
}

void RateLimiter::forget_idle(Instant now) {
  boost::unordered::erase_if(due_, [now](const auto& entry) { return entry.second <= now; });
  next_purge_ = now + window_;
}

}  // namespace vx11::http
