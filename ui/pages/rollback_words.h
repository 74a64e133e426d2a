// What the Rollback page says: of a target, of a step, of where a run stands and how it ended. Pure functions.
#pragma once

#include "pages/rollback_run.h"
#include "widgets/state_mark.h"

namespace vx11::ui::rollback {

// Targets, as they are chosen: a mode, "single", or "restart".
[[nodiscard]] QStringList targets();
[[nodiscard]] QString targetOf(const cluster::RollbackSpec& spec);
/// "memory", "one instance", "restart".
[[nodiscard]] QString targetWord(const QString& target);
/// What will be different then, in one sentence.
[[nodiscard]] QString promise(const QString& target);
/// "Roll back to memory…", "Restart one by one…".
[[nodiscard]] QString verb(const QString& target);

/// "hybrid on 3 instances"; of several modes "a hybrid, b memory"; "unknown" where nobody told.
[[nodiscard]] QString modesNow(const QList<cluster::InstanceInfo>& instances);
/// The mode of all; empty: they differ, or it is unknown.
[[nodiscard]] QString commonMode(const QList<cluster::InstanceInfo>& instances);
/// "hybrid to memory", "hybrid to fra-1 alone", "restart one by one".
[[nodiscard]] QString course(const QString& from, const cluster::RollbackSpec& spec);

/// What came of it, or what it is for while it waits. Empty: nothing to say.
[[nodiscard]] QString detailOf(const cluster::RollbackStep& step);
[[nodiscard]] Mark markOf(const cluster::RollbackStep& step);
/// "waiting", "12 ms", "0:38" of the drain window, "4 s" so far.
[[nodiscard]] QString timeOf(const TimedStep& timed, qint64 now);

/// 0.2 % of 0.002.
[[nodiscard]] QString percent(double share);
/// Whom the run can't go on without, and who doesn't answer. Empty: nobody.
[[nodiscard]] QString waitsFor(const RollbackRun& run, const QList<cluster::InstanceInfo>& instances);

struct Verdict {
  Mark mark = Mark::Unknown;
  QString phrase, sentence;
};
/// Before anything was begun. `refusal`: what is known against the plan.
[[nodiscard]] Verdict verdictBefore(const QList<cluster::InstanceInfo>& instances, const QString& refusal);
[[nodiscard]] Verdict verdictOf(const RollbackRun& run, const QList<cluster::InstanceInfo>& instances);

/// "1 instance", "3 instances".
[[nodiscard]] QString instanceCount(qint64 count);
/// "12 ms", "1 min".
[[nodiscard]] QString took(qint64 ms);

}  // namespace vx11::ui::rollback
