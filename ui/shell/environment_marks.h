// What a window says of its environment to who doesn't look into it: its title and its icon.
#pragma once

#include <QIcon>

#include "cluster/profile.h"
#include "platform/theme.h"

namespace vx11::ui {

/// "PRODUCTION eu-prod – VX11 console"; without the word where it is none.
[[nodiscard]] QString windowTitle(const cluster::Profile& profile);
/// The program's, on the red of production; null where it is none: the program's own.
[[nodiscard]] QIcon windowIcon(const cluster::Profile& profile, const Theme& theme);

}  // namespace vx11::ui
