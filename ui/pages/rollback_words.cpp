#include "pages/rollback_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "widgets/format.h"

namespace vx11::ui::rollback {
namespace {

using cluster::InstanceInfo;
using cluster::RollbackOutcome;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::rollback)
};

const QString memory = QStringLiteral("memory");
const QString redis = QStringLiteral("redis");

QString seconds(qint64 ms) {
  return ms < 10'000 ? format::latency(static_cast<double>(ms)) : format::duration(ms / 1000);
}

Verdict verdictOfEnd(const RollbackRun& run, const RollbackOutcome& outcome) {
  const auto count = static_cast<int>(std::count_if(run.steps().begin(), run.steps().end(),
                                                    [](const auto& each) { return each.step.kind == Kind::Switch; }));
  switch (outcome.result) {
    case RollbackOutcome::Result::Done:
      break;
    case RollbackOutcome::Result::Refused:
      return {Mark::Fail, run.spec().dryRun ? Words::tr("It can’t be done now.") : Words::tr("Not begun."),
              Words::tr("Nothing was changed.")};
    case RollbackOutcome::Result::Aborted:
      return outcome.restored
                 ? Verdict{Mark::Warning, Words::tr("Aborted."), Words::tr("Every instance is in the mode it had.")}
                 : Verdict{Mark::Fail, Words::tr("Aborted, and not all is put back."),
                           Words::tr("The plan says which instance.")};
  }
  if (run.spec().dryRun)
    return {Mark::Pass, Words::tr("It can be done."), Words::tr("Every instance was asked, and nothing was changed.")};
  const QString done =
      Words::tr("%1 in %2 mode after %3.").arg(instanceCount(count), run.spec().to, seconds(run.tookMs()));
  if (!run.draining()) return {Mark::Pass, Words::tr("Done."), done};
  return {Mark::Draining, Words::tr("Done, draining."), done};
}

}  // namespace

QString instanceCount(qint64 count) {
  return count == 1 ? Words::tr("1 instance") : Words::tr("%1 instances").arg(format::count(count));
}

QString promise(const QString& mode) {
  if (mode == memory)
    return Words::tr(
        "New tokens stay with the instance that issues them and no other accepts them, so routing must be "
        "sticky; Redis is no longer needed.");
  if (mode == redis)
    return Words::tr("New tokens are kept in Redis alone and every instance accepts them; each check asks Redis.");
  return Words::tr(
      "New tokens are kept in Redis and every instance accepts them, those it has seen even while Redis is away.");
}

QString commonMode(const QList<InstanceInfo>& instances) {
  if (instances.isEmpty()) return {};
  const QString& mode = instances.first().mode;
  const bool same =
      std::all_of(instances.begin(), instances.end(), [&](const auto& info) { return info.mode == mode; });
  return same ? mode : QString();
}

QString modesNow(const QList<InstanceInfo>& instances) {
  const QString common = commonMode(instances);
  if (!common.isEmpty()) return Words::tr("%1 on %2").arg(common, instanceCount(instances.size()));
  QStringList parts;
  bool known = false;
  for (const InstanceInfo& info : instances) {
    known = known || !info.mode.isEmpty();
    parts << QStringLiteral("%1 %2").arg(info.id, info.mode.isEmpty() ? format::unknown() : info.mode);
  }
  return known ? parts.join(QStringLiteral(", ")) : format::unknown();
}

std::optional<qint64> longestLife(const QList<InstanceInfo>& instances) {
  std::optional<qint64> longest;
  for (const InstanceInfo& info : instances)
    if (info.maxTtlSec) longest = std::max<qint64>(longest.value_or(0), *info.maxTtlSec);
  return longest;
}

QString verb(const QString& mode) {
  return mode == memory ? Words::tr("Roll back to memory…") : Words::tr("Roll forward to %1…").arg(mode);
}

QString detailOf(const RollbackStep& step) {
  if (!step.detail.isEmpty()) return step.detail;
  if (step.state != State::Done) return cluster::rollback::effectOf(step);
  if (step.kind == Kind::Drain) return Words::tr("No token of before is left");
  const bool changed = step.kind == Kind::Switch || step.kind == Kind::Restore;
  return changed && !step.from.isEmpty() ? Words::tr("From %1").arg(step.from) : QString();
}

Mark markOf(const RollbackStep& step) {
  switch (step.state) {
    case State::Waiting:
      return Mark::Waiting;
    case State::Running:
      return step.kind == Kind::Drain && step.remainingMs > 0 ? Mark::Draining : Mark::Running;
    case State::Done:
      return Mark::Pass;
    case State::Failed:
      return Mark::Fail;
    case State::Asking:
      return Mark::Warning;
    case State::Skipped:
      break;
  }
  return Mark::Skipped;
}

QString timeOf(const TimedStep& timed, qint64 now) {
  const RollbackStep& step = timed.step;
  switch (step.state) {
    case State::Waiting:
      return Words::tr("waiting");
    case State::Skipped:
      return Words::tr("not begun");
    case State::Running:
    case State::Asking:
      if (step.remainingMs > 0) return format::countdown(format::secondsLeft(step.remainingMs));
      return timed.beganAt < 0 ? QString() : format::duration(std::max<qint64>(0, now - timed.beganAt) / 1000);
    case State::Done:
    case State::Failed:
      break;
  }
  return timed.endedAt < 0 || timed.beganAt < 0 ? QString() : seconds(timed.endedAt - timed.beganAt);
}

Verdict verdictBefore(const QList<InstanceInfo>& instances, const QString& refusal) {
  if (!refusal.isEmpty()) return {Mark::Warning, Words::tr("Not now."), refusal};
  const QString common = commonMode(instances);
  if (!common.isEmpty()) {
    return {Mark::Waiting, Words::tr("All in %1 mode.").arg(common),
            Words::tr("A dry run asks every instance and changes nothing.")};
  }
  const bool known =
      std::all_of(instances.begin(), instances.end(), [](const auto& info) { return !info.mode.isEmpty(); });
  if (!known) return {Mark::Unknown, Words::tr("Unknown."), Words::tr("Not every instance has told its mode.")};
  return {Mark::Warning, Words::tr("Modes differ."), Words::tr("%1.").arg(modesNow(instances))};
}

Verdict verdictOf(const RollbackRun& run) {
  if (run.outcome()) return verdictOfEnd(run, *run.outcome());
  const int current = run.current();
  if (current < 0) return {Mark::Running, run.aborting() ? Words::tr("Aborting.") : Words::tr("Beginning."), {}};
  const RollbackStep& step = run.steps().at(current).step;
  const bool back = step.kind == Kind::Restore;
  const QString phrase = Words::tr("Step %1 of %2, %3.").arg(current + 1).arg(run.steps().size()).arg(cluster::rollback::doing(step));
  const QString wait = step.detail.isEmpty() ? QString() : Words::tr("%1; it is tried again.").arg(step.detail);
  return {back ? Mark::Warning : Mark::Running, run.aborting() && !back ? Words::tr("Aborting.") : phrase, wait};
}

QString shellCommand(const QList<InstanceInfo>& instances, const QString& mode) {
  QString command = QStringLiteral("vx11ctl");
  for (const InstanceInfo& info : instances)
    command += QStringLiteral(" --instance ") + info.url.toString(QUrl::StripTrailingSlash);
  return command + QStringLiteral(" rollback --to ") + mode;
}

}  // namespace vx11::ui::rollback
