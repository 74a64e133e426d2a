// Fills the menu bar from the registry; the menus hold no action of their own.
#pragma once

class QMenuBar;

namespace vx11::ui {

class ActionRegistry;

void fillMenuBar(QMenuBar& bar, const ActionRegistry& actions);

}  // namespace vx11::ui
