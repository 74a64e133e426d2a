#include "redis/backoff.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace vx11::redis {

std::chrono::nanoseconds Backoff::next() noexcept {
  constexpr unsigned enough = 30;  // doublings: any base has reached any cap by then
  std::chrono::nanoseconds most = base_;
  for (unsigned i = 0; i < attempts_ && most < cap_; ++i) most *= 2;
  most = std::min(most, cap_);
  attempts_ = std::min(attempts_ + 1, enough);
  std::uint64_t chance = 0;
  random_.fill(std::as_writable_bytes(std::span(&chance, 1)));
  return std::chrono::nanoseconds(chance % (static_cast<std::uint64_t>(most.count()) + 1));
}

}  // namespace vx11::redis
