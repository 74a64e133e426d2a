// What ends when the open profile is left, put as a question.
#pragma once

#include <optional>

#include "cluster/cluster.h"
#include "dialogs/confirm_dialog.h"

namespace vx11::ui {

enum class Leaving { CloseConsole, OpenAnother };

/// Nothing where nobody would miss it: a remote cluster goes on, and so does who has no stream open here. `ownStreams`
/// are this program's.
[[nodiscard]] std::optional<Confirmation> leavingQuestion(const cluster::Cluster& cluster, int ownStreams,
                                                          Leaving leaving);

}  // namespace vx11::ui
