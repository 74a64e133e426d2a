#include "http/drain_pace.h"

#include <algorithm>

namespace vx11::http {

DrainPace::Ms DrainPace::time_for(std::size_t streams, Ms left) noexcept {
  const auto wanted = per_stream * static_cast<std::int64_t>(streams);
  return std::clamp<Ms>(wanted, Ms(0), std::max(left / 2, Ms(0)));
}

DrainPace::DrainPace(std::size_t streams, Ms ending) noexcept : streams_(streams), ending_(ending) {}

std::size_t DrainPace::ended_by(Ms since) const noexcept {
  if (since >= ending_) return streams_;
  const auto share = static_cast<double>(since.count()) / static_cast<double>(ending_.count());
  return std::min(streams_, static_cast<std::size_t>(share * static_cast<double>(streams_)) + 1);
}

DrainPace::Wait DrainPace::wait(std::size_t index, Ms since) const noexcept {
  // Each has a part of the time of returns to itself; whose is over, since the loop stood still, is spread anew.
  const auto returning = static_cast<double>(std::max(shortest_return, ending_ + last_returns).count());
  const auto part = [&](std::size_t n) {
    const auto due = static_cast<std::int64_t>(returning * static_cast<double>(n) / static_cast<double>(streams_));
    return least_wait + Ms(due) - since;
  };
  const Wait own{part(index), part(index + 1)};
  return own.least >= least_wait / 2 ? own : Wait{least_wait, least_wait + shortest_return};
}

}  // namespace vx11::http
