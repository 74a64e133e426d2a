// Delays between attempts: exponential with jitter, so that many clients of one dead service don't come back together.
// Never zero, never over the cap.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "token/random.h"

namespace vx11::cluster {

class Backoff {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds floor{20};  ///< full jitter begins at 0, which would be a busy loop

  Backoff(Milliseconds base, Milliseconds cap, Random& random) : base_(base), cap_(cap), random_(random) {}

  /// Evenly from `floor` to the smaller of the cap and base × 2^n.
  [[nodiscard]] Milliseconds next() {
    const Milliseconds ceiling = std::max(floor, std::min(cap_, base_ * (std::int64_t{1} << exponent_)));
    if (base_ * (std::int64_t{1} << exponent_) < cap_ && exponent_ < 30) ++exponent_;
    std::array<std::byte, 8> bytes{};
    random_.fill(bytes);
    const auto span = static_cast<std::uint64_t>((ceiling - floor).count() + 1);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return floor + Milliseconds(static_cast<std::int64_t>(value % span));
  }
  void reset() { exponent_ = 0; }

 private:
  Milliseconds base_, cap_;
  Random& random_;
  int exponent_ = 0;
};

}  // namespace vx11::cluster
