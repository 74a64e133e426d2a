#include "cluster/rollback_runner.h"

#include <QCoreApplication>
#include <algorithm>
#include <utility>

#include "cluster/rollback_judgement.h"
#include "cluster/rollback_words.h"

namespace vx11::cluster {

using namespace rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

struct Runner {
  Q_DECLARE_TR_FUNCTIONS(RollbackRunner)
};

constexpr qint64 nginxPatienceMs = 10'000;  ///< until its old workers are gone
constexpr qint64 leftOutMs = 15'000;        ///< nginx tries again after 10 s (fail_timeout) whom it couldn't reach

Progress progressOf(RollbackPlan plan, RollbackSpec spec, RollbackOperation operation) {
  const auto planned = static_cast<int>(plan.steps.size());
  return {std::move(spec), std::move(operation), std::move(plan), 0, planned};
}

}  // namespace

bool rollback::hasEffect(const Action& action) {
  return std::holds_alternative<Sign>(action) || std::holds_alternative<Post>(action) ||
         std::holds_alternative<WriteFile>(action) || std::holds_alternative<PutFileBack>(action) ||
         std::holds_alternative<Run>(action) || std::holds_alternative<DrainInstance>(action);
}

RollbackRunner::RollbackRunner(RollbackPlan plan, RollbackSpec spec, RollbackOperation operation)
    : RollbackRunner(progressOf(std::move(plan), std::move(spec), std::move(operation))) {}

RollbackRunner::RollbackRunner(Progress progress) : progress_(std::move(progress)) {}

void RollbackRunner::touch(QList<int>& all, int slot) {
  if (!all.contains(slot)) all << slot;
}

QString RollbackRunner::subjectOf(const RollbackStep& step) {
  return step.kind == Kind::Unroute ? Runner::tr("the routing") : step.instance;
}

QString RollbackRunner::nameOf(int slot) const {
  const RollbackMember* member = plan().member(slot);
  return member == nullptr ? QString() : member->id;
}

/// All whose mode can be held.
QList<int> RollbackRunner::lockable() const {
  QList<int> all;
  for (const RollbackMember& member : plan().members) {
    if (!member.foreign && !progress_.leftOut.contains(member.slot)) all << member.slot;
  }
  return all;
}

/// All that have the mode that is switched to, once they are through.
QList<int> RollbackRunner::switched() const {
  QList<int> all = lockable();
  all.removeIf([this](int slot) { return plan().stepOf(Kind::Switch, slot) < 0; });
  return all;
}

QList<int> RollbackRunner::tested() const {
  QList<int> all;
  for (const RollbackMember& member : plan().members) {
    if (!progress_.leftOut.contains(member.slot)) all << member.slot;
  }
  return all;
}

bool RollbackRunner::isAfterStart() const {
  const Kind before = progress_.at > 0 ? steps()[progress_.at - 1].kind : Kind::Look;
  return before == Kind::Change || before == Kind::Start;
}

void RollbackRunner::set(int step, State state, const QString& detail) {
  RollbackStep& changed = progress_.plan.steps[step];
  if (changed.state == state && changed.detail == detail) return;
  changed.state = state;
  changed.detail = detail;
  if (state != State::Asking) changed.failed = false;
  changed_.insert(step);
}

/// What a step came to, for the audit logs: of an instance's on that instance, else on all.
void RollbackRunner::note() {
  const RollbackStep& step = current();
  const bool quiet = step.kind == Kind::Look || step.kind == Kind::Lock || step.kind == Kind::Release;
  if (quiet || progress_.held.isEmpty()) return;
  const QString state = step.state == State::Done     ? Runner::tr("done")
                        : step.state == State::Failed ? Runner::tr("failed")
                                                      : Runner::tr("skipped");
  QString text = titleOf(step) + QStringLiteral(": ") + state;
  if (!step.detail.isEmpty()) text += QStringLiteral(", ") + step.detail;
  const bool own = progress_.held.contains(step.slot);
  if (!own) renewAt_ = now_ + renewMs;
  signs_ << Sign{own ? QList<int>{step.slot} : progress_.held, text};
}

Action RollbackRunner::begin(qint64 now) {
  now_ = now;
  if (!plan().refusal.isEmpty()) return emitted(fail({}, plan().refusal));
  return emitted(loaded_ ? goOn() : enter(0));
}

Action RollbackRunner::refuse(const Failure& failure) { return emitted(fail(failure, sentenceOf(QString(), failure))); }

Action RollbackRunner::next(const Event& event, qint64 now) {
  now_ = now;
  if (std::holds_alternative<TimeCame>(event)) nudged_ = false;
  if (finished_) return finish_;
  return emitted(signing_ ? onSigned(event) : handle(event));
}

/// Signs come first: those that wait, and the one that renews the hold.
Action RollbackRunner::emitted(Action action) {
  const bool last = std::holds_alternative<Finish>(action);
  if (signs_.isEmpty() && !last && !progress_.held.isEmpty() && now_ >= renewAt_ &&
      !std::holds_alternative<Sign>(action)) {
    renewAt_ = now_ + renewMs;
    signs_ << Sign{progress_.held, {}};
  }
  if (!signs_.isEmpty()) {
    pending_ = std::move(action);
    signing_ = true;
    return signs_.takeFirst();
  }
  finished_ = last;
  if (auto* wait = std::get_if<WaitUntil>(&action)) {
    if (!progress_.held.isEmpty()) wait->at = std::min(wait->at, renewAt_);
    if (std::exchange(nudged_, false)) wait->at = now_;
  }
  return action;
}

Action RollbackRunner::onSigned(const Event& event) {
  signing_ = false;
  if (progress_.ended || looksAgain_) return pending_;
  if (const auto* told = std::get_if<Signed>(&event); told != nullptr && !progress_.undoing) {
    for (auto each = told->failures.begin(); each != told->failures.end(); ++each) {
      if (!isHeld(each.value())) continue;  // whoever doesn't answer now may answer the next
      progress_.held.removeAll(each.key());
      return fail(each.value(), sentenceOf(nameOf(each.key()), each.value()));
    }
  }
  if (abort_ && !progress_.undoing) return undo(Runner::tr("Aborted"));
  return pending_;
}

Action RollbackRunner::handle(const Event& event) {
  if (progress_.ended) return finish_;
  if (abort_ && !progress_.undoing) return undo(Runner::tr("Aborted"));
  if (looksAgain_) return onLookedAgain(event);
  if (!entered_) return start();
  if (current().state == State::Asking) return whileAsking();
  if (std::exchange(retrying_, false)) return act();
  return on(event);
}

Action RollbackRunner::enter(int at) {
  resumed_ = entered_ = mayHaveTaken_ = false;
  const auto over = [this](int step) {
    return steps()[step].state == State::Skipped || steps()[step].state == State::Done;
  };
  while (at < steps().size() && over(at)) ++at;
  progress_.at = at;
  if (at < steps().size()) return start();
  return progress_.undoing ? finish(RollbackOutcome::Result::Aborted, afterUndo(progress_))
                           : finish(RollbackOutcome::Result::Done, {});
}

Action RollbackRunner::start() {
  const Kind kind = current().kind;
  if (pause_ && !progress_.undoing && kind != Kind::Look) return WaitUntil{now_ + renewMs};
  entered_ = true;
  retrying_ = drained_ = false;
  attempts_ = goneSeen_ = 0;
  index_ = 0;
  stage_ = Stage::See;
  const bool slow = kind == Kind::Stop || kind == Kind::Start || (kind == Kind::Gate && isAfterStart());
  const qint64 ofBalancer = current().slot < 0 ? nginxPatienceMs : leftOutMs;
  patientUntil_ = now_ + (slow ? startPatienceMs : kind == Kind::Sticky ? ofBalancer : patienceMs);
  set(progress_.at, State::Running, {});
  return act();
}

Action RollbackRunner::passed(const QString& detail) {
  set(progress_.at, State::Done, detail);
  note();
  return enter(progress_.at + 1);
}

/// After a failure: once more, while patience lasts and it may help.
Action RollbackRunner::again(const Failure& failure, const QString& reason) {
  const bool more = ++attempts_ < leastAttempts || now_ + retryMs < patientUntil_;
  if (!more || isFinal(failure)) return fail(failure, reason);
  set(progress_.at, State::Running, reason);
  retrying_ = true;
  return WaitUntil{now_ + retryMs};
}

Action RollbackRunner::fail(const Failure& failure, const QString& reason) {
  if (progress_.undoing) {
    set(progress_.at, State::Failed, reason);
    progress_.notRestored << subjectOf(current());
    note();
    return enter(progress_.at + 1);
  }
  failure_ = failure;
  // Nothing was changed before the first step is over, and a lock that is lost isn't had by asking again.
  const bool asks = spec().attended && entered_ && current().kind != Kind::Look && !isHeld(failure) &&
                    failure.kind != Failure::Kind::ReadOnly;
  if (asks) {
    current().failed = true;
    set(progress_.at, State::Asking, reason);
    answer_ = Answer::None;
    return WaitUntil{now_ + renewMs};
  }
  const State state = current().state;
  if (state == State::Running || state == State::Asking || current().kind == Kind::Look) {
    set(progress_.at, State::Failed, reason);
    note();
  }
  return undo(reason);
}

Action RollbackRunner::undo(const QString& reason) {
  const bool aborted = std::exchange(abort_, false);
  // Without an effect it wasn't begun, whoever says so.
  bool begun = aborted && progress_.at > 0;
  QString why = reason;
  for (int i = 0; i < progress_.planned; ++i) {
    const RollbackStep& step = steps()[i];
    if (step.state == State::Asking && step.failed) why = step.detail;
    begun = begun || (step.state == State::Done && step.kind != Kind::Look && step.kind != Kind::Lock);
    if (step.state == State::Waiting) set(i, State::Skipped, step.detail);
    if (step.state == State::Running || step.state == State::Asking) {
      set(i, i == progress_.at ? State::Failed : State::Skipped, why);
    }
  }
  progress_.undoing = true;
  progress_.reason = why.endsWith(u'.') ? why.chopped(1) : why;
  looksAgain_ = false;
  const QList<RollbackStep> back = undoOf(progress_);
  if (back.isEmpty() && progress_.notRestored.isEmpty()) {
    return finish(begun || aborted ? RollbackOutcome::Result::Aborted : RollbackOutcome::Result::Refused, why);
  }
  const auto first = static_cast<int>(steps().size());
  for (const RollbackStep& step : back) {
    changed_.insert(static_cast<int>(steps().size()));
    progress_.plan.steps << step;
  }
  return enter(first);
}

Action RollbackRunner::finish(RollbackOutcome::Result result, const QString& reason) {
  progress_.ended = true;
  RollbackOutcome& outcome = finish_.outcome;
  outcome.result = result;
  outcome.reason = reason.isEmpty() || reason.endsWith(u'.') ? reason : reason + u'.';
  outcome.restored = progress_.notRestored.isEmpty();
  outcome.failure = failure_;
  if (result == RollbackOutcome::Result::Refused) {
    outcome.heldBy = isHeld(failure_) ? std::optional(holderOf(failure_.holder)) : plan().heldBy;
  }
  // A hold that nobody lets go ends by itself.
  if (!progress_.held.isEmpty()) signs_ << Sign{progress_.held, Runner::tr("ended: %1").arg(outcome.reason), true};
  return finish_;
}

}  // namespace vx11::cluster
