#include "cluster/rollback_runner.h"

#include <QCoreApplication>
#include <algorithm>
#include <utility>

#include "cluster/rollback_judgement.h"
#include "cluster/words.h"

namespace vx11::cluster {

using namespace rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

struct Runner {
  Q_DECLARE_TR_FUNCTIONS(RollbackRunner)
};

}  // namespace

bool rollback::hasEffect(const Action& action) {
  return std::holds_alternative<Sign>(action) || std::holds_alternative<Post>(action) ||
         std::holds_alternative<WriteFile>(action) || std::holds_alternative<PutFileBack>(action) ||
         std::holds_alternative<Run>(action) || std::holds_alternative<DrainInstance>(action);
}

std::optional<RollbackRunner> RollbackRunner::from(const QJsonObject&, bool) { return std::nullopt; }
QJsonObject RollbackRunner::saved() const { return {}; }
void RollbackRunner::confirm() {}
void RollbackRunner::retry() {}
void RollbackRunner::skip(const QString&) {}

RollbackRunner::RollbackRunner(RollbackPlan plan, RollbackSpec spec, RollbackOperation operation)
    : plan_(std::move(plan)), spec_(std::move(spec)), operation_(std::move(operation)) {}

int RollbackRunner::slot() const { return undoing() ? plan_.steps[at_].slot : plan_.members[at_].slot; }
QString RollbackRunner::name() const { return undoing() ? plan_.steps[at_].instance : plan_.members[at_].id; }

int RollbackRunner::currentStep() const {
  switch (phase_) {
    case Phase::Look:
      return plan_.stepOf(Kind::Look, -1);
    case Phase::Switch:
      return plan_.stepOf(Kind::Switch, slot());
    case Phase::Gate:
      return plan_.stepOf(Kind::Gate, slot());
    case Phase::Matrix:
      return plan_.stepOf(Kind::Matrix, -1);
    case Phase::Confirm:
      return plan_.stepOf(Kind::Drain, -1);
    case Phase::Restore:
    case Phase::RestoreGate:
      return static_cast<int>(at_);
    case Phase::Release:
    case Phase::Finished:
      break;
  }
  return -1;
}

void RollbackRunner::set(int step, State state, const QString& detail) {
  RollbackStep& changed = plan_.steps[step];
  if (changed.state == state && changed.detail == detail) return;
  changed.state = state;
  changed.detail = detail;
  changed_.insert(step);
}

void RollbackRunner::skipWaiting() {
  for (int i = 0; i < plan_.steps.size(); ++i) {
    if (plan_.steps[i].state == State::Waiting) set(i, State::Skipped, plan_.steps[i].detail);
  }
}

Action RollbackRunner::begin(qint64 now) {
  return plan_.refusal.isEmpty() ? enter(Phase::Look, 0, now) : fail({}, plan_.refusal, now);
}

Action RollbackRunner::refuse(const Failure& failure) { return fail(failure, sentenceOf({}, failure), 0); }

Action RollbackRunner::enter(Phase phase, qsizetype at, qint64 now) {
  phase_ = phase;
  at_ = at;
  attempts_ = 0;
  mayHaveTaken_ = false;
  patientUntil_ = now + patienceMs;
  return go(now);
}

Action RollbackRunner::go(qint64 now) {
  if (abort_ && !undoing()) return undo(Runner::tr("Aborted"), now);
  if (phase_ == Phase::Switch && attempts_ == 0 && pause_) return whilePaused(now);
  ++attempts_;
  set(currentStep(), State::Running, plan_.steps[currentStep()].detail);
  switch (phase_) {
    case Phase::Look:
    case Phase::Confirm:
      return Look{slot()};
    case Phase::Switch:
      if (plan_.steps[currentStep()].from != spec_.to && !touched_.contains(slot())) touched_ << slot();
      return Post{slot(), spec_.to};
    case Phase::Restore:
      return Post{slot(), plan_.steps[at_].to};
    case Phase::Gate:
    case Phase::RestoreGate:
      return Issue{slot()};
    case Phase::Matrix:
      return RunMatrix{};
    case Phase::Release:
    case Phase::Finished:
      break;
  }
  return finish_;
}

Action RollbackRunner::next(const Event& event, qint64 now) {
  if (phase_ == Phase::Finished) return finish_;
  if (phase_ == Phase::Release) return releaseNext();
  if (renewing_ >= 0) return onRenewed(event, now);
  if (abort_ && !undoing()) return go(now);
  if (const auto* failed = std::get_if<Failed>(&event)) {
    return onFailure(failed->failure, sentenceOf(name(), failed->failure), now);
  }
  if (const auto* told = std::get_if<ModeTold>(&event)) return onMode(told->state, now);
  if (std::holds_alternative<Issued>(event)) return Check{slot()};
  if (const auto* checked = std::get_if<Checked>(&event)) {
    if (checked->accepted) return onGatePassed(now);
    return onFailure({}, Runner::tr("%1 doesn't accept its own token (%2)").arg(name(), checked->reason), now);
  }
  if (const auto* told = std::get_if<MatrixTold>(&event)) return onMatrix(told->result, now);
  return go(now);
}

Action RollbackRunner::onMode(const wire::ModeState& state, qint64 now) {
  const bool last = at_ + 1 == plan_.members.size();
  switch (phase_) {
    case Phase::Look:
      modes_.insert(slot(), state);
      return last ? afterLook(now) : enter(Phase::Look, at_ + 1, now);
    case Phase::Switch: {
      if (state.mode != spec_.to) break;
      const QString& from = plan_.steps[currentStep()].from;
      set(currentStep(), State::Done, from == spec_.to ? Runner::tr("Was in mode %1 already").arg(from) : QString());
      held_ << slot();
      renewAt_ = now + renewMs;
      return enter(Phase::Gate, at_, now);
    }
    case Phase::Confirm:
      if (state.mode != spec_.to) break;
      longestDrainMs_ = std::max(longestDrainMs_, state.drainingMs);
      if (!last) return enter(Phase::Confirm, at_ + 1, now);
      concludeDone(now);
      return finish(RollbackOutcome::Result::Done, {});
    case Phase::Restore:
      if (state.mode != plan_.steps[at_].to) break;
      if (!held_.contains(slot())) held_ << slot();
      return enter(Phase::RestoreGate, at_, now);
    default:
      break;
  }
  mayHaveTaken_ = true;
  return fail({}, Runner::tr("%1 says that it is in mode %2").arg(name(), state.mode), now);
}

Action RollbackRunner::afterLook(qint64 now) {
  readModes(plan_, modes_, operation_, spec_.breakLock);
  for (const RollbackMember& member : std::as_const(plan_.members)) {
    changed_.insert(plan_.stepOf(Kind::Switch, member.slot));
  }
  if (!plan_.refusal.isEmpty()) return fail({}, plan_.refusal, now);
  set(currentStep(), State::Done, Runner::tr("%1 of %1 answer").arg(plan_.members.size()));
  if (!spec_.dryRun) return enter(Phase::Switch, 0, now);
  skipWaiting();
  return finish(RollbackOutcome::Result::Done, {});
}

Action RollbackRunner::onGatePassed(qint64 now) {
  set(currentStep(), State::Done, Runner::tr("Issues a token and accepts it"));
  if (phase_ == Phase::RestoreGate) return nextUndo(now);
  return at_ + 1 < plan_.members.size() ? enter(Phase::Switch, at_ + 1, now) : enter(Phase::Matrix, 0, now);
}

Action RollbackRunner::onMatrix(const MatrixResult& result, qint64 now) {
  finish_.outcome.matrix = result;
  if (const QString why = brokenPromise(result, spec_.to); !why.isEmpty()) return onFailure({}, why, now);
  set(currentStep(), State::Done,
      spec_.to == QStringLiteral("memory") ? Runner::tr("Each instance accepts its own tokens") : result.explanation);
  return enter(Phase::Confirm, 0, now);
}

void RollbackRunner::concludeDone(qint64 now) {
  drainEndsAt_ = now + longestDrainMs_;
  RollbackStep& drain = plan_.steps[currentStep()];
  drain.remainingMs = longestDrainMs_;
  changed_.insert(currentStep());  // it may have been running before, and how long it lasts is new
  set(currentStep(), longestDrainMs_ > 0 ? State::Running : State::Done);
}

bool RollbackRunner::countDown(qint64 now) {
  const int step = plan_.stepOf(Kind::Drain, -1);
  RollbackStep& drain = plan_.steps[step];
  if (drain.state != State::Running) return false;
  drain.remainingMs = std::max<qint64>(0, drainEndsAt_ - now);
  changed_.insert(step);
  if (drain.remainingMs == 0) set(step, State::Done);
  return drain.remainingMs > 0;
}

Action RollbackRunner::onFailure(const Failure& failure, const QString& reason, qint64 now) {
  mayHaveTaken_ = mayHaveTaken_ || !hadNoEffect(failure);
  const bool again = now + retryMs < patientUntil_ && !isFinal(failure);
  if (!again) return fail(failure, reason, now);
  set(currentStep(), State::Running, reason);
  return WaitUntil{now + retryMs};
}

Action RollbackRunner::fail(const Failure& failure, const QString& reason, qint64 now) {
  set(currentStep(), State::Failed, reason);
  if (undoing()) {
    notRestored_ << name();
    return nextUndo(now);
  }
  if (phase_ == Phase::Switch && attempts_ > 0 && !mayHaveTaken_) touched_.removeAll(slot());
  failure_ = failure;
  return undo(reason, now);
}

Action RollbackRunner::whilePaused(qint64 now) {
  if (held_.isEmpty() || now < renewAt_) return WaitUntil{held_.isEmpty() ? now + renewMs : renewAt_};
  renewing_ = 0;
  return Post{held_.first(), spec_.to};
}

Action RollbackRunner::onRenewed(const Event& event, qint64 now) {
  const int renewed = held_[renewing_];
  if (const auto* failed = std::get_if<Failed>(&event); failed != nullptr && isFinal(failed->failure)) {
    renewing_ = -1;
    const auto whose = std::find_if(plan_.members.begin(), plan_.members.end(),
                                    [&](const RollbackMember& member) { return member.slot == renewed; });
    return fail(failed->failure, sentenceOf(whose->id, failed->failure), now);
  }
  if (!abort_ && ++renewing_ < held_.size()) return Post{held_[renewing_], spec_.to};
  renewing_ = -1;
  renewAt_ = now + renewMs;
  return go(now);
}

Action RollbackRunner::undo(const QString& reason, qint64 now) {
  const bool looked = phase_ != Phase::Look;
  if (const int step = currentStep(); plan_.steps[step].state == State::Running) set(step, State::Failed, reason);
  skipWaiting();
  reason_ = reason;
  if (touched_.isEmpty()) {
    const bool begun = (looked && !held_.isEmpty()) || abort_;
    return finish(begun ? RollbackOutcome::Result::Aborted : RollbackOutcome::Result::Refused, reason);
  }
  const auto first = plan_.steps.size();
  for (auto touched = touched_.crbegin(); touched != touched_.crend(); ++touched) {
    RollbackStep step = plan_.steps[plan_.stepOf(Kind::Switch, *touched)];
    step.kind = Kind::Restore;
    step.state = State::Waiting;
    step.detail.clear();
    std::swap(step.from, step.to);
    changed_.insert(static_cast<int>(plan_.steps.size()));
    plan_.steps << step;
  }
  return enter(Phase::Restore, first, now);
}

Action RollbackRunner::nextUndo(qint64 now) {
  if (at_ + 1 < plan_.steps.size()) return enter(Phase::Restore, at_ + 1, now);
  const QString rest = notRestored_.isEmpty() ? Runner::tr("every instance is back in the mode it had")
                                              : Runner::tr("not restored: %1").arg(words::joined(notRestored_));
  return finish(RollbackOutcome::Result::Aborted, QStringLiteral("%1; %2").arg(reason_, rest));
}

Action RollbackRunner::finish(RollbackOutcome::Result result, const QString& reason) {
  phase_ = Phase::Release;
  RollbackOutcome& outcome = finish_.outcome;
  outcome.result = result;
  outcome.reason = reason.isEmpty() || reason.endsWith(u'.') ? reason : reason + u'.';
  outcome.restored = notRestored_.isEmpty();
  outcome.failure = failure_;
  return releaseNext();
}

// Once each, whatever comes of it: a hold that stays ends by itself.
Action RollbackRunner::releaseNext() {
  if (!held_.isEmpty()) return Sign{std::exchange(held_, {}), {}, true};
  phase_ = Phase::Finished;
  return finish_;
}

}  // namespace vx11::cluster
