// What ends when the open profile is left, put as a question.
#pragma once

#include <optional>

#include "cluster/cluster.h"
#include "dialogs/confirm_dialog.h"

namespace vx11::ui {

enum class Leaving { CloseConsole, OpenAnother };

/// Nothing where nobody would miss it. What runs here ends, with the streams on it, of which `ownStreams` are this
/// program's and no reason to ask. `unfinished` is what a page would leave half done, as a sentence; empty: nothing.
[[nodiscard]] std::optional<Confirmation> leavingQuestion(const cluster::Cluster& cluster, int ownStreams,
                                                          const QString& unfinished, Leaving leaving);

}  // namespace vx11::ui
