// What the command palette can offer besides the window's actions: a profile, an instance, a token, a verb of a page.
#pragma once

#include <QIcon>
#include <QString>
#include <functional>

namespace vx11::ui {

struct PaletteEntry {
  QString text;
  QString place;  ///< what it belongs to: "Profiles", "Tokens"
  QIcon icon = {};
  QString keys = {};    ///< as they are shown
  QString reason = {};  ///< why it can't be chosen now; empty: it can
  std::function<void()> run;
};

}  // namespace vx11::ui
