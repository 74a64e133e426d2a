// What is asked before an operation, before its abort, and before what others left is put aside: the question with its
// number, and the facts. Pure functions.
#pragma once

#include "cluster/cluster.h"
#include "dialogs/confirm_dialog.h"
#include "pages/rollback_run.h"

namespace vx11::ui::rollback {

[[nodiscard]] Confirmation startQuestion(const cluster::Cluster& cluster, const cluster::RollbackSpec& spec,
                                         const cluster::RollbackOutlook& outlook);
[[nodiscard]] Confirmation abortQuestion(const RollbackRun& run);
/// Of an operation that gave no sign for a minute.
[[nodiscard]] Confirmation takeoverQuestion(const cluster::RollbackHolder& holder);
[[nodiscard]] Confirmation forgetQuestion(const cluster::UnfinishedRollback& unfinished);
[[nodiscard]] Confirmation resumeQuestion(const cluster::Cluster& cluster,
                                          const cluster::UnfinishedRollback& unfinished);

/// "a change to memory mode", "a rolling restart".
[[nodiscard]] QString nameOf(const cluster::RollbackSpec& spec);
/// The first step that isn't done, as "step 7 of 11, Switch fra-2 to memory".
[[nodiscard]] QString whereItStands(const cluster::UnfinishedRollback& unfinished);

}  // namespace vx11::ui::rollback
