// Which settings count from the next start only.
#pragma once

#include <string_view>
#include <vector>

#include "config/settings.h"

namespace vx11::config {

/// The flags of those that differ between two readings and can't be changed while an instance runs, in the order of
/// --help. Principals, --rate-limit and --rate-window can.
[[nodiscard]] std::vector<std::string_view> need_restart(const Settings& running, const Settings& read);

}  // namespace vx11::config
