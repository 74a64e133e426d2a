// What a step of an operation is called and what it does, for people: the window, the command line and the audit log of
// the instances say it alike. Pure functions.
#pragma once

#include "cluster/rollback.h"

namespace vx11::cluster::rollback {

/// "switch": stable, for scripts, logs and files.
[[nodiscard]] QString wordOf(RollbackStep::Kind kind);
[[nodiscard]] std::optional<RollbackStep::Kind> kindOf(const QString& word);
/// "done"
[[nodiscard]] QString wordOf(RollbackStep::State state);
[[nodiscard]] std::optional<RollbackStep::State> stateOf(const QString& word);
/// "aborted"
[[nodiscard]] QString wordOf(RollbackOutcome::Result result);

/// "Switch a to memory"
[[nodiscard]] QString titleOf(const RollbackStep& step);
/// "switching a to memory"
[[nodiscard]] QString doing(const RollbackStep& step);
/// What the step will change or see, while nothing came of it yet: "now hybrid", "Each instance must accept its own
/// tokens".
[[nodiscard]] QString effectOf(const RollbackStep& step);
/// "a"; "nginx", "balancer", "all" of the cluster's.
[[nodiscard]] QString whereOf(const RollbackStep& step);
/// As one would type it in a shell.
[[nodiscard]] QString commandLine(const QStringList& arguments);

}  // namespace vx11::cluster::rollback
