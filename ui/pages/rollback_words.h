// What the Rollback page says: of a target, of a step, of where a run stands and how it ended. Pure functions.
#pragma once

#include "pages/rollback_run.h"
#include "widgets/state_mark.h"

namespace vx11::ui::rollback {

/// What will be different then, in one sentence.
[[nodiscard]] QString promise(const QString& mode);
/// "hybrid on 3 instances"; of several modes "a hybrid, b memory"; "unknown" where nobody told.
[[nodiscard]] QString modesNow(const QList<cluster::InstanceInfo>& instances);
/// The mode of all; empty: they differ, or it is unknown.
[[nodiscard]] QString commonMode(const QList<cluster::InstanceInfo>& instances);
/// The longest life that a token may have there, in seconds; empty: unknown.
[[nodiscard]] std::optional<qint64> longestLife(const QList<cluster::InstanceInfo>& instances);
/// "Roll back to memory…", "Roll forward to hybrid…".
[[nodiscard]] QString verb(const QString& mode);

/// What came of it, or what it is for while it waits. Empty: nothing to say.
[[nodiscard]] QString detailOf(const cluster::RollbackStep& step);
[[nodiscard]] Mark markOf(const cluster::RollbackStep& step);
/// "waiting", "12 ms", "0:38" of the drain window, "4 s" so far.
[[nodiscard]] QString timeOf(const TimedStep& timed, qint64 now);

struct Verdict {
  Mark mark = Mark::Unknown;
  QString phrase, sentence;
};
/// Before anything was begun. `refusal`: what is known against the plan.
[[nodiscard]] Verdict verdictBefore(const QList<cluster::InstanceInfo>& instances, const QString& refusal);
[[nodiscard]] Verdict verdictOf(const RollbackRun& run);

/// The same from a shell.
[[nodiscard]] QString shellCommand(const QList<cluster::InstanceInfo>& instances, const QString& mode);

/// "1 instance", "3 instances".
[[nodiscard]] QString instanceCount(qint64 count);

}  // namespace vx11::ui::rollback
