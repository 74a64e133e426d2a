// How a profile is told from others at a glance: its colour as a small square, and its environment's word beside it.
#pragma once

#include <QIcon>

#include "cluster/profile.h"
#include "platform/theme.h"

namespace vx11::ui {

/// "LOCAL", "TEST", "STAGING", "PROD".
[[nodiscard]] QString environmentWord(cluster::Environment environment);
[[nodiscard]] Token environmentToken(cluster::Environment environment);

/// "Blue" of slot 1 to "Grey" of slot 8.
[[nodiscard]] QString colourWord(int slot);
/// As a profile saves it: "c3".
[[nodiscard]] QString colourName(int slot);
/// The environment's, where `colour` is none of ours.
[[nodiscard]] QColor profileColour(const QString& colour, cluster::Environment environment, const Theme& theme);
/// Follows the theme. The open profile's has a tick in it.
[[nodiscard]] QIcon profileIcon(const QString& colour, cluster::Environment environment, bool open = false);

}  // namespace vx11::ui
