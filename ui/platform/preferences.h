// What a person chooses once and for all: the content of the preferences dialog, as a value.
#pragma once

#include <optional>

#include "platform/density.h"
#include "platform/theme.h"

namespace vx11::ui {

struct Preferences {
  ThemeChoice theme = ThemeChoice::System;
  Density density = Density::Normal;
  bool restoresSession = true;     ///< opens what was open last, where nothing has to be typed for it
  bool notifies = true;            ///< the desktop hears of alerts
  int issueCount = 1;              ///< with what the issue form begins
  std::optional<int> issueTtlSec;  ///< nothing: the instance's own
  int localInstances = 3;          ///< of the local cluster, 1 to 10
  int localRedisServers = 1;       ///< of the local cluster, 1 or 3: three have three sentinels
  friend bool operator==(const Preferences&, const Preferences&) = default;
};

}  // namespace vx11::ui
