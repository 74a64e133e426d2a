// Whether an opened profile may be changed from here. A production profile begins read-only, and a permission given
// there lapses by itself after 15 minutes; nothing else ever changes what it says.
#pragma once

#include <optional>

#include "cluster/profile.h"
#include "token/clock.h"

namespace vx11::cluster {

class ChangeGuard {
 public:
  static constexpr std::chrono::minutes permission{15};  ///< of a production profile

  /// The clock outlives it.
  ChangeGuard(const Profile& profile, const Clock& clock);

  [[nodiscard]] bool allows() const;
  /// When the permission lapses, in ms of the console clock. Nothing: it doesn't, or there is none.
  [[nodiscard]] std::optional<qint64> endsAt() const;
  /// The permission ended by itself, and nobody has given or taken one since: what was begun with it may end.
  [[nodiscard]] bool lapsed() const;
  /// A permission that would lapse is given anew in full. False: all is as it was.
  bool set(bool allowed);

 private:
  const Clock& clock_;
  bool lapses_, given_;
  std::optional<Instant> end_;
};

}  // namespace vx11::cluster
