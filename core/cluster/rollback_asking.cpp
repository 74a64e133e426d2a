// The operator's word: to do something by hand, or what becomes of a step that failed.
#include <QCoreApplication>
#include <utility>

#include "cluster/rollback_runner.h"

namespace vx11::cluster {

using namespace rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

struct Asking {
  Q_DECLARE_TR_FUNCTIONS(RollbackRunner)
};

}  // namespace

Action RollbackRunner::ask(const QString& what) {
  if (!spec().attended) return fail({}, Asking::tr("this has to be done by hand, and nobody is there: %1").arg(what));
  set(progress_.at, State::Asking, what);
  answer_ = Answer::None;
  return WaitUntil{now_ + renewMs};
}

void RollbackRunner::answer(Answer answer, const QString& why) {
  if (progress_.at >= steps().size() || current().state != State::Asking) return;
  answer_ = answer;
  why_ = why;
  nudged_ = true;
}

Action RollbackRunner::whileAsking() {
  const bool failed = current().failed;
  const QString reason = current().detail;
  switch (std::exchange(answer_, Answer::None)) {
    case Answer::Confirm:
      if (failed) break;
      set(progress_.at, State::Running, reason);
      return onConfirmed();
    case Answer::Retry:
      if (!failed) break;
      resumed_ = false;
      return start();
    case Answer::Skip:
      if (progress_.undoing) return fail({}, why_.isEmpty() ? Asking::tr("skipped") : why_);
      return skipped(failed ? Asking::tr("%1; skipped: %2").arg(reason, why_) : Asking::tr("skipped: %1").arg(why_));
    case Answer::None:
      break;
  }
  if (abort_) return fail({}, Asking::tr("not done"));  // of what is put back
  return WaitUntil{now_ + renewMs};
}

Action RollbackRunner::skipped(const QString& detail) {
  set(progress_.at, State::Skipped, detail);
  note();
  if (current().slot >= 0) leaveOut();
  if (current().kind == Kind::Route) leaveRoutingAsItIs();
  return enter(progress_.at + 1);
}

/// What wasn't written needn't be read or tried.
void RollbackRunner::leaveRoutingAsItIs() {
  std::swap(progress_.file, progress_.fileBefore);
  for (int i = progress_.at + 1; i < progress_.planned; ++i) {
    const RollbackStep& later = steps()[i];
    if (later.kind != Kind::Reload && later.kind != Kind::Sticky) break;
    if (later.state == State::Waiting) set(i, State::Skipped, Asking::tr("The routing is left as it is"));
  }
}

/// The rest goes on without this instance; one whose stop was skipped just runs on.
void RollbackRunner::leaveOut() {
  const RollbackStep step = current();
  const bool runsOn = step.kind == Kind::Stop;
  const bool away = !runsOn && spec().plan == RollbackSpec::Plan::Restart;
  const QStringList its = plan().member(step.slot) == nullptr ? QStringList() : plan().member(step.slot)->servers;
  if (!runsOn) touch(progress_.leftOut, step.slot);
  for (int i = progress_.at + 1; i < progress_.planned; ++i) {
    RollbackStep& later = progress_.plan.steps[i];
    if (later.slot == step.slot && later.state == State::Waiting) {
      set(i, State::Skipped, Asking::tr("%1 is left out").arg(step.instance));
    }
    if (!away || later.kind != Kind::Route) continue;
    QStringList servers = later.servers;
    servers.removeIf([&](const QString& server) { return its.contains(server); });
    if (!servers.isEmpty()) later.servers = servers;
  }
}

}  // namespace vx11::cluster
