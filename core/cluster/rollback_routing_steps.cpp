// The steps that change the routing, and those that run a command of the operator's.
#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_judgement.h"
#include "cluster/rollback_routing.h"
#include "cluster/rollback_runner.h"
#include "cluster/rollback_words.h"
#include "cluster/words.h"

namespace vx11::cluster {

using namespace rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;
using Reload = Progress::Reload;

namespace {

struct Routing {
  Q_DECLARE_TR_FUNCTIONS(RollbackRunner)
};

QString sentenceOf(const Failed& failed) {
  if (failed.sentence.isEmpty()) return sentenceOf(QString(), failed.failure);
  return failed.sentence.endsWith(u'.') ? failed.sentence.chopped(1) : failed.sentence;
}

QString exitText(const Ran& ran) {
  const QString said = ran.lastLines.isEmpty() ? QString() : ran.lastLines.last().trimmed();
  return said.isEmpty() ? Routing::tr("exit 0") : Routing::tr("exit 0: %1").arg(said);
}

}  // namespace

/// The same again after an interruption: whoever writes sees what is there.
Action RollbackRunner::write() {
  const auto file = NginxFile::read(plan().nginx);
  if (file.has_error()) return fail({}, file.error());
  const QByteArray text = textFor(*file, plan().nginx, current().servers, current().sticky);
  if (progress_.file != text) {
    progress_.fileBefore = progress_.file.isEmpty() ? plan().nginx : progress_.file;
    progress_.file = text;
  }
  return WriteFile{progress_.fileBefore, progress_.file};
}

Action RollbackRunner::onRoute(const Event& event) {
  if (const auto* written = std::get_if<Written>(&event)) {
    const QString effect = effectOf(current());
    return passed(written->copy.isEmpty() ? effect : Routing::tr("%1; as it was: %2").arg(effect, written->copy));
  }
  const auto* failed = std::get_if<Failed>(&event);
  return failed == nullptr ? act() : fail(failed->failure, sentenceOf(*failed));
}

/// Once more after an interruption: nginx reads the same file.
Action RollbackRunner::reload() {
  reloadBefore_ = progress_.reload;
  progress_.reload = Reload::Maybe;
  if (current().command.isEmpty()) return ask(Routing::tr("Make nginx read its file again, then confirm it"));
  return Run{current().command, -1, false};
}

/// A backend that can't switch. What the command does is seen by the gate alone, so it isn't run twice unasked.
Action RollbackRunner::change() {
  const RollbackStep& step = current();
  const bool begun = progress_.changed.contains(step.slot);
  touch(progress_.changed, step.slot);
  if (step.command.isEmpty()) {
    return ask(
        Routing::tr("Change %1 so that it works in mode %2, then confirm it: by git revert, or by \"docker compose "
                    "-f docker-compose.full-test.yml up -d --no-deps operator-backend\" (restart would apply "
                    "neither image nor variables)")
            .arg(step.instance, plan().mode));
  }
  if (!resumed_ || !begun) return Run{step.command, step.slot, true};
  const QString unknown =
      Routing::tr("the interruption came while the command ran, and it isn't known whether it ended");
  return spec().attended ? fail({}, unknown) : passed(Routing::tr("Not run again: %1").arg(unknown));
}

/// New workers of nginx begin beside the old ones, which take requests for another tenth of a second, by the old file.
Action RollbackRunner::settle(const Ran& ran) {
  stage_ = Stage::Wait;
  why_ = exitText(ran);
  patientUntil_ = now_ + settleMs;
  return WaitUntil{patientUntil_};
}

Action RollbackRunner::onSettled() { return now_ < patientUntil_ ? Action(WaitUntil{patientUntil_}) : passed(why_); }

Action RollbackRunner::onRan(const Event& event) {
  if (stage_ == Stage::Wait) return onSettled();
  if (std::holds_alternative<TimeCame>(event)) return Await{};
  const bool reloads = current().kind == Kind::Reload;
  QString why;
  if (const auto* ran = std::get_if<Ran>(&event)) {
    why = sentenceOf(current().command, *ran);
    if (why.isEmpty()) return reloads ? settle(*ran) : passed(exitText(*ran));
    const bool saidNo = !ran->started || ran->exitCode > 0;
    if (reloads && saidNo && reloadBefore_ != Reload::Maybe) progress_.reload = Reload::Failed;
    if (!reloads && !ran->started) progress_.changed.removeAll(current().slot);
    return fail({}, why);
  }
  const auto* failed = std::get_if<Failed>(&event);
  return failed == nullptr ? Await{} : fail(failed->failure, sentenceOf(*failed));
}

/// The old workers of nginx answer for a moment longer.
Action RollbackRunner::onSticky(const Event& event) {
  const RollbackStep& step = current();
  if (step.slot >= 0) return onReturn(event);
  const auto* probed = std::get_if<Probed>(&event);
  if (probed == nullptr) {
    const auto* failed = std::get_if<Failed>(&event);
    return failed == nullptr ? act() : again({}, sentenceOf(*failed));
  }
  if (const QString why = brokenRouting(*probed, plan().outsiders, step.sticky); !why.isEmpty()) return again({}, why);
  int answers = 0;
  for (const int count : probed->answers) answers += count;
  QStringList names = probed->answers.keys();
  std::sort(names.begin(), names.end());
  names.removeAll(QString());
  if (names.isEmpty()) return passed(Routing::tr("%1 answers; who gave them isn't told").arg(answers));
  return passed(step.sticky ? Routing::tr("%1 of %1 answers from %2").arg(answers).arg(names.first())
                            : Routing::tr("%1 answers, from %2").arg(answers).arg(words::joined(names)));
}

/// Where each client is sent to one instance, ours may never see this one: then the time is waited out that a balancer
/// leaves one out at most.
Action RollbackRunner::onReturn(const Event& event) {
  const auto* probed = std::get_if<Probed>(&event);
  if (probed == nullptr && !std::holds_alternative<Failed>(event)) return act();
  if (probed != nullptr && probed->answers.contains(current().instance)) {
    return passed(Routing::tr("It answers through the balancer again"));
  }
  if (now_ + retryMs < patientUntil_) {
    return again({}, Routing::tr("The balancer doesn't send to %1 yet").arg(current().instance));
  }
  return passed(Routing::tr("Not seen through the balancer, which may keep our requests on another one"));
}

Action RollbackRunner::onUnroute(const Event& event) {
  if (stage_ == Stage::See) {
    if (const auto* failed = std::get_if<Failed>(&event)) {
      // The last write may not have come to pass.
      if (!progress_.fileBefore.isEmpty() && index_++ == 0) return PutFileBack{progress_.fileBefore};
      return fail(failed->failure, sentenceOf(*failed));
    }
    if (!std::holds_alternative<Written>(event)) return act();
    if (progress_.reload == Reload::None) return passed(Routing::tr("nginx never read another"));
    stage_ = Stage::Reload;
    return act();
  }
  if (stage_ == Stage::Wait) return onSettled();
  if (std::holds_alternative<TimeCame>(event)) return Await{};
  const auto* ran = std::get_if<Ran>(&event);
  if (ran == nullptr) {
    const auto* failed = std::get_if<Failed>(&event);
    return failed == nullptr ? Await{} : fail(failed->failure, sentenceOf(*failed));
  }
  const QString why = sentenceOf(current().command, *ran);
  if (why.isEmpty()) return settle(*ran);
  const bool never = reloadBefore_ == Reload::Failed && (!ran->started || ran->exitCode > 0);
  if (never) progress_.reload = Reload::Failed;
  return never ? passed(Routing::tr("nginx never read another: %1").arg(why)) : fail({}, why);
}

}  // namespace vx11::cluster
