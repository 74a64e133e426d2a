// Going on with an operation that was interrupted: first all are looked at, then the step that was under way asks what
// is so before it does anything.
#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_runner.h"

namespace vx11::cluster {

using namespace rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

struct Resume {
  Q_DECLARE_TR_FUNCTIONS(RollbackRunner)
};

}  // namespace

std::optional<RollbackRunner> RollbackRunner::from(const QJsonObject& saved, const SlotOf& slotOf, bool attended) {
  auto progress = progressFrom(saved, slotOf);
  if (!progress) return std::nullopt;
  RollbackRunner runner(std::move(*progress));
  runner.progress_.spec.attended = attended;
  runner.loaded_ = true;
  return runner;
}

QJsonObject RollbackRunner::saved() const { return toJson(progress_); }

Action RollbackRunner::goOn() {
  RollbackPlan& plan = progress_.plan;
  if (progress_.ended && (!progress_.undoing || progress_.notRestored.isEmpty())) {
    return progress_.undoing ? finish(RollbackOutcome::Result::Aborted, afterUndo(progress_))
                             : finish(RollbackOutcome::Result::Done, {});
  }
  if (progress_.ended) {  // what couldn't be put back is tried once more
    progress_.ended = false;
    progress_.notRestored.removeIf([&](const QString& name) {
      return std::any_of(plan.steps.begin() + progress_.planned, plan.steps.end(),
                         [&](const RollbackStep& step) { return name == subjectOf(step); });
    });
    for (int i = progress_.planned; i < plan.steps.size(); ++i) {
      if (plan.steps[i].state == State::Failed) set(i, State::Waiting);
    }
    return enter(progress_.planned);
  }
  const int lock = plan.stepOf(Kind::Lock, -1);
  if (!progress_.undoing && progress_.at <= lock) {  // nothing was changed yet
    for (int i = 0; i <= lock; ++i) set(i, State::Waiting);
    return enter(0);
  }
  looksAgain_ = true;
  asked_ = lockable();
  asked_.removeIf([this](int slot) { return progress_.stopped.contains(slot); });
  index_ = 0;
  longestDrainMs_ = 0;
  return asked_.isEmpty() ? onLookedAgain(TimeCame{}) : Action(Look{asked_.first()});
}

Action RollbackRunner::onLookedAgain(const Event& event) {
  if (const auto* told = std::get_if<ModeTold>(&event)) {
    const int slot = asked_[index_];
    const QString why = whyHeld(nameOf(slot), told->state, operation(), spec().breakLock);
    if (!why.isEmpty()) {  // it stays as it was saved, to be resumed later
      finish_.outcome.result = RollbackOutcome::Result::Refused;
      finish_.outcome.reason = why;
      finish_.outcome.heldBy = holderOf(told->state);
      finish_.outcome.restored = progress_.touched.isEmpty() && progress_.file.isEmpty() && progress_.stopped.isEmpty();
      progress_.held.clear();
      return finish_;
    }
    longestDrainMs_ = std::max(longestDrainMs_, told->state.drainingMs);
  }
  if (++index_ < asked_.size()) return Look{asked_[index_]};
  looksAgain_ = false;
  waited_ = true;
  drainEndsAt_ = now_ + longestDrainMs_;
  renewAt_ = now_ + renewMs;
  if (!progress_.held.isEmpty()) signs_ << Sign{progress_.held, Resume::tr("resumed")};
  resumed_ = mayHaveTaken_ = true;
  return progress_.at < steps().size() ? start() : enter(progress_.at);
}

}  // namespace vx11::cluster
