// A counter's total into a rate per second over the time between two answers. A counter that went back was restarted:
// that interval has no rate.
#pragma once

#include <QtGlobal>
#include <optional>

namespace vx11::cluster {

class Rate {
 public:
  /// `at` in seconds on any clock that the counter's owner keeps; answers nothing for the first total, for a total that
  /// is unknown or smaller than the last, and when no time has passed.
  [[nodiscard]] std::optional<double> update(double at, std::optional<qint64> total) {
    const auto before = last_;
    last_ = total;
    const double elapsed = at - at_;
    at_ = at;
    if (!before || !total || *total < *before || elapsed <= 0) return std::nullopt;
    return static_cast<double>(*total - *before) / elapsed;
  }
  void reset() { last_.reset(); }

 private:
  std::optional<qint64> last_;
  double at_ = 0;
};

}  // namespace vx11::cluster
