// The steps that wait: for a process to end or to be ready, for old tokens to run out, for refusals.
#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_judgement.h"
#include "cluster/rollback_runner.h"
#include "cluster/words.h"

namespace vx11::cluster {

using namespace rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

constexpr qint64 beatMs = 1000, countMs = 5000;
constexpr qint64 graceMs = 15'000;  ///< for what an interrupted run may have begun
constexpr int goneAnswers = 3;      ///< one that is lost is no proof

struct Waits {
  Q_DECLARE_TR_FUNCTIONS(RollbackRunner)
};

}  // namespace

/// Stop: it is asked, told, and asked until it is gone. One that was told before the interruption isn't told at once.
Action RollbackRunner::onStop(const Event& event) {
  const int slot = current().slot;
  const QString name = current().instance;
  if (std::holds_alternative<TimeCame>(event)) return act();
  if (stage_ == Stage::Do) {
    stage_ = Stage::See;
    if (const auto* failed = std::get_if<Failed>(&event)) {
      return again(failed->failure, sentenceOf(name, failed->failure));
    }
    drained_ = true;
    return askAlive();
  }
  const auto* alive = std::get_if<Alive>(&event);
  if (alive == nullptr) return act();
  const qint64 before = progress_.boots.value(slot);
  // A process tells the same beginning as long as it lives.
  const bool another = alive->reachable && before > 0 && alive->bootMs > 0 && alive->bootMs != before;
  goneSeen_ = alive->reachable ? 0 : goneSeen_ + 1;
  if (another || goneSeen_ >= goneAnswers) {
    touch(progress_.stopped, slot);
    progress_.held.removeAll(slot);
    return passed(another ? Waits::tr("It ended, and runs again") : Waits::tr("It is gone"));
  }
  const bool told =
      drained_ || (resumed_ && progress_.stopped.contains(slot) && now_ < patientUntil_ - startPatienceMs + graceMs);
  if (!alive->reachable || told) {
    if (now_ >= patientUntil_)
      return fail({},
                  Waits::tr("%1 still answers %2 s after it was told to end").arg(name).arg(startPatienceMs / 1000));
    return WaitUntil{now_ + retryMs};
  }
  if (before == 0) progress_.boots.insert(slot, alive->bootMs);
  touch(progress_.stopped, slot);
  stage_ = Stage::Do;
  return act();
}

Action RollbackRunner::startInstance() {
  const RollbackStep& step = current();
  if (stage_ == Stage::Know) return Look{step.slot};
  if (stage_ == Stage::Do) return askAlive();
  const RollbackMember* member = plan().member(step.slot);
  const bool foreign = member != nullptr && member->foreign;
  const bool mayRun = (resumed_ || progress_.undoing) && progress_.changed.contains(step.slot);
  if (mayRun && foreign && !step.command.isEmpty()) {
    const QString unknown =
        Waits::tr("the interruption came while the command ran, and it isn't known whether it ended");
    if (spec().attended) return fail({}, unknown);
    stage_ = Stage::Do;
    return askAlive();
  }
  if (mayRun && !step.command.isEmpty() && now_ < patientUntil_ - startPatienceMs + graceMs) return askAlive();
  if (step.command.isEmpty()) return ask(Waits::tr("Start %1 again, then confirm it").arg(step.instance));
  touch(progress_.changed, step.slot);
  stage_ = Stage::Wait;
  return Run{step.command, step.slot, true};
}

/// See: after an interruption, is it there already? Wait: for the command; Do: for it to be ready; Know: its mode.
Action RollbackRunner::onStart(const Event& event) {
  const RollbackStep step = current();
  if (std::holds_alternative<TimeCame>(event)) return stage_ == Stage::Wait ? Await{} : act();
  if (const auto* failed = std::get_if<Failed>(&event)) {
    const QString why = failed->sentence.isEmpty() ? sentenceOf(step.instance, failed->failure) : failed->sentence;
    return stage_ == Stage::Wait ? fail(failed->failure, why) : again(failed->failure, why);
  }
  if (const auto* ran = std::get_if<Ran>(&event)) {
    if (const QString why = sentenceOf(step.command, *ran); !why.isEmpty()) {
      progress_.changed.removeAll(step.slot);
      return fail({}, why);
    }
    stage_ = Stage::Do;
    patientUntil_ = now_ + startPatienceMs;
    return askAlive();
  }
  if (const auto* told = std::get_if<ModeTold>(&event)) {
    progress_.now.insert(step.slot, told->state.mode);
    progress_.stopped.removeAll(step.slot);
    progress_.changed.removeAll(step.slot);
    touch(progress_.held, step.slot);  // the sign that follows begins the hold again
    return passed(Waits::tr("Ready, in mode %1").arg(told->state.mode));
  }
  const auto* alive = std::get_if<Alive>(&event);
  if (alive == nullptr) return act();
  const qint64 before = progress_.boots.value(step.slot);
  const bool old = before > 0 && alive->bootMs == before;
  if (alive->reachable && alive->ready && !old) {
    const RollbackMember* member = plan().member(step.slot);
    stage_ = Stage::Know;
    patientUntil_ = now_ + patienceMs;
    if (member == nullptr || !member->foreign) return act();
    progress_.changed.removeAll(step.slot);
    return passed(Waits::tr("Answers"));
  }
  if (stage_ == Stage::Do && now_ >= patientUntil_) {
    return fail({}, Waits::tr("%1 isn't ready %2 s after its restart").arg(step.instance).arg(startPatienceMs / 1000));
  }
  return WaitUntil{now_ + retryMs};
}

/// How long old tokens may live is known: the window is waited for, or counts down beside the rest.
Action RollbackRunner::afterDrainLook() {
  for (const RollbackStep& step : steps()) {
    // Tokens of those that are stopped are known to them alone, where they were in memory mode.
    const bool stops = step.kind == Kind::Stop && !progress_.undoing;
    const RollbackMember* member = stops ? plan().member(step.slot) : nullptr;
    if (member != nullptr) longestDrainMs_ = std::max(longestDrainMs_, member->windowMs);
  }
  stage_ = Stage::Wait;
  drainEndsAt_ = now_ + longestDrainMs_;
  if (progress_.undoing || plan().waitsForDrain || spec().watchSec > 0) return drain();
  current().remainingMs = longestDrainMs_;
  changed_.insert(progress_.at);
  if (longestDrainMs_ <= 0) return passed();
  return enter(progress_.at + 1);
}

Action RollbackRunner::drain() {
  RollbackStep& step = current();
  step.remainingMs = std::max<qint64>(0, drainEndsAt_ - now_);
  changed_.insert(progress_.at);
  if (progress_.undoing && abort_) {
    set(progress_.at, State::Skipped, Waits::tr("Not waited for"));
    note();
    return enter(progress_.at + 1);
  }
  if (step.remainingMs == 0) {
    return passed(silent_.isEmpty() ? QString() : Waits::tr("%1 didn't answer").arg(words::joined(silent_)));
  }
  waited_ = true;
  return WaitUntil{std::min(now_ + beatMs, drainEndsAt_)};
}

bool RollbackRunner::countDown(qint64 now) {
  const int at = plan().stepOf(Kind::Drain, -1);
  if (at < 0 || steps()[at].state != State::Running) return false;
  RollbackStep& step = progress_.plan.steps[at];
  step.remainingMs = std::max<qint64>(0, drainEndsAt_ - now);
  changed_.insert(at);
  if (step.remainingMs == 0) set(at, State::Done);
  return step.remainingMs > 0;
}

Action RollbackRunner::watch() {
  waited_ = true;
  if (stage_ == Stage::See) {
    const qint64 whole = spec().watchSec * qint64{1000};
    const bool goesOn = resumed_ && !progress_.since.isEmpty() && current().remainingMs > 0;
    if (!goesOn) progress_.since.clear();
    watchEndsAt_ = now_ + (goesOn ? current().remainingMs : whole);
    stage_ = Stage::Do;
    return Count{switched()};
  }
  current().remainingMs = std::max<qint64>(0, watchEndsAt_ - now_);
  changed_.insert(progress_.at);
  if (now_ >= watchEndsAt_ || now_ >= countAt_) return Count{switched()};
  return WaitUntil{std::min({now_ + beatMs, watchEndsAt_, countAt_})};
}

Action RollbackRunner::onWatch(const Event& event) {
  if (std::holds_alternative<TimeCame>(event)) return watch();
  const auto* counted = std::get_if<Counted>(&event);
  const QHash<int, Counters> now = counted == nullptr ? QHash<int, Counters>() : counted->counters;
  countAt_ = now_ + countMs;
  // Who tells for the first time begins here.
  for (auto each = now.begin(); each != now.end(); ++each) {
    if (!progress_.since.contains(each.key())) progress_.since.insert(each.key(), each.value());
  }
  const RefusalWatch seen(progress_.before, progress_.since, now);
  if (const QString why = seen.tooMany([this](int slot) { return nameOf(slot); }); !why.isEmpty()) return fail({}, why);
  if (now_ >= watchEndsAt_) return passed(seen.text());
  set(progress_.at, State::Running, seen.text());
  return watch();
}

}  // namespace vx11::cluster
