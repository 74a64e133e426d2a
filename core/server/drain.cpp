#include "server/drain.h"

#include <algorithm>

namespace vx11::server {

namespace {

using std::chrono::milliseconds;
using Moment = std::chrono::steady_clock::time_point;

/// Between "not ready" and the end of new connections: what a balancer needs to notice.
constexpr milliseconds grace{300};
/// What a stop keeps of its limit for the loops' last turn and the end of the process; a tenth of a short one.
constexpr milliseconds last_moments{500};

}  // namespace

bool Drain::begin() {
  Moment never{};
  if (!begun_.compare_exchange_strong(never, std::chrono::steady_clock::now())) return false;
  for (const auto& unit : fleet_.units()) unit->loop().post([&loop = unit->loop()] { loop.say_close(); });
  return true;
}

void Drain::step() {
  const Moment begun = begun_.load();
  if (begun == Moment{} || winding_down_) return;
  const Moment now = std::chrono::steady_clock::now();
  if (now - begun < std::min(grace, limit_)) return;
  winding_down_ = true;
  const Moment latest = begun + limit_ - std::min(last_moments, limit_ / 10);
  const auto left = std::chrono::duration_cast<milliseconds>(latest - now);
  const milliseconds time = http::DrainPace::time_for(fleet_.streams(), left);
  for (const auto& unit : fleet_.units()) {
    unit->loop().post([&unit = *unit, latest, time] {
      unit.drain_streams(time);
      unit.loop().wind_down(latest);
    });
  }
}

}  // namespace vx11::server
