// The way back of what was done.
#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_progress.h"
#include "cluster/words.h"

namespace vx11::cluster::rollback {
namespace {

using Kind = RollbackStep::Kind;

struct Undo {
  Q_DECLARE_TR_FUNCTIONS(vx11::cluster::rollback)
};

RollbackStep backOf(const RollbackStep& done, Kind kind) {
  RollbackStep step;
  step.kind = kind;
  step.slot = done.slot;
  step.instance = done.instance;
  return step;
}

}  // namespace

QList<RollbackStep> undoOf(Progress& progress) {
  QList<RollbackStep> back;
  const QList<RollbackStep>& steps = progress.plan.steps;
  const auto firstRoute = std::find_if(steps.begin(), steps.begin() + progress.planned,
                                       [](const RollbackStep& step) { return step.kind == Kind::Route; });
  for (int i = progress.planned - 1; i >= 0; --i) {
    const RollbackStep& done = steps[i];
    if (done.kind == Kind::Switch && progress.touched.contains(done.slot)) {
      RollbackStep step = backOf(done, Kind::Restore);
      step.from = done.to;
      step.to = progress.modes.value(done.slot);
      back << step;
    } else if (done.kind == Kind::Change && progress.changed.contains(done.slot)) {
      progress.notRestored << Undo::tr("%1, which was changed by hand or by the restart command").arg(done.instance);
    } else if (done.kind == Kind::Stop && progress.stopped.contains(done.slot)) {
      RollbackStep step = backOf(done, Kind::Start);
      if (const RollbackMember* member = progress.plan.member(done.slot)) step.command = member->restart;
      back << step;
    } else if (done.kind == Kind::Route && &done == &*firstRoute && !progress.file.isEmpty()) {
      // Once it isn't sticky any more, a token of memory mode is refused wherever it wasn't issued.
      const bool switched =
          std::any_of(back.begin(), back.end(), [](const RollbackStep& step) { return step.kind == Kind::Restore; });
      if (switched) back << backOf(done, Kind::Drain);
      back << backOf(done, Kind::Unroute);
      back.last().command = progress.spec.reloadCommand;
    }
  }
  return back;
}

QString afterUndo(const Progress& progress) {
  if (!progress.notRestored.isEmpty()) {
    return Undo::tr("%1; not restored: %2").arg(progress.reason, words::joined(progress.notRestored));
  }
  QStringList back;
  const auto undone = [&](Kind kind) {
    return std::any_of(progress.plan.steps.begin() + progress.planned, progress.plan.steps.end(),
                       [kind](const RollbackStep& step) { return step.kind == kind; });
  };
  if (undone(Kind::Restore)) back << Undo::tr("every instance is back in the mode it had");
  if (undone(Kind::Start)) back << Undo::tr("what was stopped is started again");
  if (undone(Kind::Unroute)) back << Undo::tr("the nginx file is as it was");
  return back.isEmpty() ? progress.reason : progress.reason + QStringLiteral("; ") + words::joined(back);
}

}  // namespace vx11::cluster::rollback
