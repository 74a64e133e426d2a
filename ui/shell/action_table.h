// The table of the window's actions: id, words, icon and keys of each.
#pragma once

#include <QList>

#include "shell/action_registry.h"

namespace vx11::ui {

[[nodiscard]] QList<ActionSpec> windowActions();

}  // namespace vx11::ui
