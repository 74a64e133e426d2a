// What was open last, and whether a new start may open it by itself. The keychain is never touched for it.
#pragma once

#include <QString>

#include "cluster/profile.h"

namespace vx11::ui {
class Profiles;
class SettingsStore;
}  // namespace vx11::ui

namespace vx11::console {

struct LastProfile {
  cluster::Profile profile;  ///< to open now
  QString instead = {};      ///< why it is not the one that was open last, in one sentence; empty: it is
};

/// A remote cluster only where nothing has to be typed or fetched from the keychain for it: with the environment's
/// principal.
[[nodiscard]] LastProfile lastProfile(const ui::SettingsStore& settings, const ui::Profiles& profiles);
/// Under which it is remembered.
[[nodiscard]] QString keyOf(const cluster::Profile& profile);

}  // namespace vx11::console
