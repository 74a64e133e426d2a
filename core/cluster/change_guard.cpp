#include "cluster/change_guard.h"

#include <utility>

namespace vx11::cluster {

ChangeGuard::ChangeGuard(const Profile& profile, const Clock& clock)
    : clock_(clock),
      lapses_(profile.environment == Environment::Production),
      given_(!profile.readOnly && !lapses_) {}

bool ChangeGuard::allows() const { return given_ && !lapsed(); }

bool ChangeGuard::lapsed() const { return given_ && end_ && clock_.now() >= *end_; }

std::optional<qint64> ChangeGuard::endsAt() const {
  if (!allows() || !end_) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(end_->time_since_epoch()).count();
}

bool ChangeGuard::set(bool allowed) {
  const bool before = allows();
  const bool timed = allowed && lapses_;
  given_ = allowed;
  end_ = timed ? std::optional(clock_.now() + permission) : std::nullopt;
  return timed || before != allowed;
}

}  // namespace vx11::cluster
