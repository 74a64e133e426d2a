// The steps that ask instances: modes, gates, the cross-instance test.
#include <QCoreApplication>
#include <algorithm>
#include <utility>

#include "cluster/rollback_judgement.h"
#include "cluster/rollback_runner.h"

namespace vx11::cluster {

using namespace rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

struct Steps {
  Q_DECLARE_TR_FUNCTIONS(RollbackRunner)
};

}  // namespace

/// What the step does in its stage.
Action RollbackRunner::act() {
  const RollbackStep& step = current();
  switch (step.kind) {
    case Kind::Look:
      return stage_ == Stage::See ? lookAtAll(lockable()) : Action(Count{switched()});
    case Kind::Lock:
      return lockable().isEmpty()
                 ? passed(Steps::tr("There is no mode to hold"))
                 : Sign{lockable(), plan().mode.isEmpty() ? Steps::tr("rolling restart begun")
                                                          : Steps::tr("change to %1 begun").arg(spec().to)};
    case Kind::Route:
      return write();
    case Kind::Reload:
      return reload();
    case Kind::Sticky:
      return ProbeRouting{step.sticky};
    case Kind::Switch:
    case Kind::Restore:
      if (stage_ == Stage::See) return Look{step.slot};
      if (stage_ == Stage::Try) return Issue{step.slot};
      touch(progress_.held, step.slot);
      if (step.kind == Kind::Switch) touch(progress_.touched, step.slot);
      return Post{step.slot, step.to};
    case Kind::Gate:
      return Issue{step.slot};
    case Kind::Change:
      return change();
    case Kind::Stop:
      return stage_ == Stage::Do ? Action(DrainInstance{step.slot}) : askAlive();
    case Kind::Start:
      return startInstance();
    case Kind::Matrix:
      return RunMatrix{tested()};
    case Kind::Drain:
      return stage_ == Stage::See ? lookAtAll(progress_.undoing ? progress_.touched : switched()) : drain();
    case Kind::Watch:
      return watch();
    case Kind::Release:
      if (stage_ == Stage::See && waited_) return lookAtAll(switched());
      stage_ = Stage::Do;
      return progress_.held.isEmpty() ? passed() : Sign{progress_.held, Steps::tr("ended: done"), true};
    case Kind::Unroute:
      return stage_ == Stage::See ? Action(PutFileBack{progress_.file}) : reload();
  }
  return finish_;
}

Action RollbackRunner::on(const Event& event) {
  switch (current().kind) {
    case Kind::Look:
      return onLook(event);
    case Kind::Lock:
      return onLock(event);
    case Kind::Route:
      return onRoute(event);
    case Kind::Reload:
    case Kind::Change:
      return onRan(event);
    case Kind::Sticky:
      return onSticky(event);
    case Kind::Switch:
    case Kind::Restore:
      return stage_ == Stage::Try ? onGate(event) : onSwitch(event);
    case Kind::Gate:
      return onGate(event);
    case Kind::Stop:
      return onStop(event);
    case Kind::Start:
      return onStart(event);
    case Kind::Matrix:
      return onMatrix(event);
    case Kind::Drain:
      return stage_ == Stage::See ? onLookAtAll(event) : drain();
    case Kind::Watch:
      return onWatch(event);
    case Kind::Release:
      return onRelease(event);
    case Kind::Unroute:
      return onUnroute(event);
  }
  return finish_;
}

Action RollbackRunner::onConfirmed() {
  if (current().kind != Kind::Start) return passed(Steps::tr("By hand"));
  stage_ = Stage::Do;
  patientUntil_ = now_ + startPatienceMs;
  return askAlive();
}

Action RollbackRunner::lookAtAll(QList<int> all) {
  if (attempts_ == 0 && index_ == 0) {
    asked_ = std::move(all);
    silent_.clear();
    longestDrainMs_ = 0;
  }
  if (index_ < asked_.size()) return Look{asked_[index_]};
  switch (current().kind) {
    case Kind::Look:
      return afterLook();
    case Kind::Drain:
      return afterDrainLook();
    default:
      stage_ = Stage::Do;
      return act();
  }
}

Action RollbackRunner::onLook(const Event& event) {
  if (const auto* counted = std::get_if<Counted>(&event)) progress_.before = counted->counters;
  if (stage_ != Stage::See) return afterLook();
  const int slot = asked_[index_];
  if (const auto* failed = std::get_if<Failed>(&event)) {
    return again(failed->failure, sentenceOf(nameOf(slot), failed->failure));
  }
  if (const auto* told = std::get_if<ModeTold>(&event)) {
    modes_.insert(slot, told->state);
    progress_.modes.insert(slot, told->state.mode);
    progress_.now.insert(slot, told->state.mode);
    ++index_;
    attempts_ = 0;
  }
  return lookAtAll(asked_);
}

Action RollbackRunner::afterLook() {
  if (stage_ == Stage::See) {
    readModes(progress_.plan, modes_, operation(), spec().breakLock);
    for (int step = 0; step < progress_.planned; ++step) {
      if (steps()[step].kind == Kind::Switch) changed_.insert(step);
    }
    if (!plan().refusal.isEmpty()) return fail({}, plan().refusal);
    stage_ = Stage::Do;
    if (plan().stepOf(Kind::Watch, -1) >= 0 && !spec().dryRun) return act();
  }
  const QString detail = asked_.isEmpty() ? QString() : Steps::tr("%1 of %1 answer").arg(asked_.size());
  if (!spec().dryRun) return passed(detail);
  set(progress_.at, State::Done, detail);
  for (int step = 0; step < progress_.planned; ++step) {
    if (steps()[step].state == State::Waiting) set(step, State::Skipped, steps()[step].detail);
  }
  return finish(RollbackOutcome::Result::Done, {});
}

Action RollbackRunner::onLock(const Event& event) {
  const auto* told = std::get_if<Signed>(&event);
  if (told == nullptr) {
    const auto* failed = std::get_if<Failed>(&event);
    return failed == nullptr ? act() : again(failed->failure, sentenceOf(QString(), failed->failure));
  }
  for (const int slot : lockable()) {
    // A sign without an answer may have been taken all the same.
    if (!hadNoEffect(told->failures.value(slot)) || !told->failures.contains(slot)) touch(progress_.held, slot);
  }
  for (const int slot : lockable()) {
    const Failure failure = told->failures.value(slot);
    if (failure) return again(failure, sentenceOf(nameOf(slot), failure));
  }
  renewAt_ = now_ + renewMs;
  return passed();
}

/// What the instance says decides, before and after it is told: an answer that was lost, or an interruption, may have
/// left it switched.
Action RollbackRunner::onSwitch(const Event& event) {
  const RollbackStep& step = current();
  const bool back = step.kind == Kind::Restore;
  if (const auto* failed = std::get_if<Failed>(&event)) {
    const bool posted = std::exchange(stage_, Stage::See) == Stage::Do;
    mayHaveTaken_ = mayHaveTaken_ || (posted && !hadNoEffect(failed->failure));
    if (posted && !back && !mayHaveTaken_) progress_.touched.removeAll(step.slot);
    return again(failed->failure, sentenceOf(step.instance, failed->failure));
  }
  const auto* told = std::get_if<ModeTold>(&event);
  if (told == nullptr) return act();
  const QString& mode = told->state.mode;
  progress_.now.insert(step.slot, mode);
  if (mode == step.to) {
    if (back) {
      stage_ = Stage::Try;
      const bool redis = mode == QStringLiteral("redis") || mode == QStringLiteral("hybrid");
      return plan().redisDead && redis ? passed() : act();
    }
    return passed(progress_.touched.contains(step.slot) ? QString() : Steps::tr("Was in mode %1 already").arg(mode));
  }
  if (stage_ == Stage::See) {
    stage_ = Stage::Do;
    return act();
  }
  stage_ = Stage::See;
  mayHaveTaken_ = true;
  return again({}, Steps::tr("%1 says that it is in mode %2").arg(step.instance, mode));
}

Action RollbackRunner::onGate(const Event& event) {
  const RollbackStep& step = current();
  if (const auto* failed = std::get_if<Failed>(&event)) {
    return again(failed->failure, sentenceOf(step.instance, failed->failure));
  }
  if (std::holds_alternative<Issued>(event)) return Check{step.slot};
  const auto* checked = std::get_if<Checked>(&event);
  if (checked == nullptr) return act();
  if (checked->accepted) return passed(Steps::tr("Issues a token and accepts it"));
  return again({}, Steps::tr("%1 doesn't accept its own token (%2)").arg(step.instance, checked->reason));
}

Action RollbackRunner::onMatrix(const Event& event) {
  const auto* told = std::get_if<MatrixTold>(&event);
  if (told == nullptr) {
    const auto* failed = std::get_if<Failed>(&event);
    return failed == nullptr ? act() : again(failed->failure, sentenceOf(QString(), failed->failure));
  }
  finish_.outcome.matrix = told->result;
  QHash<int, QString> modes = progress_.now;
  if (!plan().mode.isEmpty()) {
    for (const int slot : tested()) modes.insert(slot, plan().mode);
  } else if (plan().redisDead) {
    modes.clear();
  }
  if (const QString why = brokenPromise(told->result, modes); !why.isEmpty()) return again({}, why);
  const bool own = plan().mode == QStringLiteral("memory");
  return passed(own ? Steps::tr("Each instance accepts its own tokens") : told->result.explanation);
}

/// Whoever doesn't answer any more isn't helped by undoing the rest; another mode than it should have is a failure.
Action RollbackRunner::onLookAtAll(const Event& event) {
  const int slot = asked_.value(index_, -1);
  if (const auto* told = std::get_if<ModeTold>(&event)) {
    if (!progress_.undoing && told->state.mode != plan().mode) {
      index_ = 0;
      return again({}, Steps::tr("%1 says that it is in mode %2").arg(nameOf(slot), told->state.mode));
    }
    longestDrainMs_ = std::max(longestDrainMs_, told->state.drainingMs);
  } else if (std::holds_alternative<Failed>(event)) {
    silent_ << nameOf(slot);
  } else {
    return act();
  }
  ++index_;
  return lookAtAll(asked_);
}

Action RollbackRunner::onRelease(const Event& event) {
  if (stage_ == Stage::See) return onLookAtAll(event);
  progress_.held.clear();
  const QString silent = silent_.isEmpty() ? QString() : Steps::tr("%1 doesn't answer").arg(silent_.join(u' '));
  return passed(silent);
}

}  // namespace vx11::cluster
