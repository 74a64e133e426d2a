// Finds names by a few of their letters, in order: "rb" finds "Roll back…". Pure.
#pragma once

#include <QString>
#include <optional>

namespace vx11::ui {

/// How well `letters` fit into `text`, more is better; empty where they don't. Letter case doesn't count. Starts of
/// words and letters side by side count more; no letters fit everything alike.
[[nodiscard]] std::optional<int> subsequenceScore(const QString& letters, const QString& text);

}  // namespace vx11::ui
