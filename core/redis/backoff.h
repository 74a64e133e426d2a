// How long to wait before the next attempt: full jitter, so that a thousand clients don't come back at one moment.
#pragma once

#include <chrono>

#include "token/random.h"

namespace vx11::redis {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds base, std::chrono::milliseconds cap, Random& random) noexcept
      : base_(base), cap_(cap), random_(random) {}

  /// Uniform from 0 to the least of `cap` and `base` * 2^n, where n is the number of calls since the last reset.
  [[nodiscard]] std::chrono::nanoseconds next() noexcept;
  void reset() noexcept { attempts_ = 0; }

 private:
  std::chrono::nanoseconds base_;
  std::chrono::nanoseconds cap_;
  Random& random_;
  unsigned attempts_ = 0;
};

}  // namespace vx11::redis
