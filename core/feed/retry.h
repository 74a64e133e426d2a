// When to try again what Redis refused, and why it did: 100 ms later, and twice as late each time, up to a second.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "token/clock.h"

namespace vx11::feed {

class Retry {
 public:
  void failed(Instant now, std::string_view problem) {
    due_ = now + delay_;
    delay_ = std::min(delay_ * 2, longest);
    problem_ = problem;
  }
  void succeeded() { *this = Retry(); }
  [[nodiscard]] bool is_due(Instant now) const noexcept { return now >= due_; }
  /// Empty: nothing failed since the last success.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

 private:
  static constexpr std::chrono::milliseconds longest{1000};
  std::chrono::milliseconds delay_{100};
  Instant due_;
  std::string problem_;
};

}  // namespace vx11::feed
