// The line under the page's title: where a run stands, and how it ended.
#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "pages/rollback_words.h"
#include "widgets/format.h"

namespace vx11::ui::rollback {
namespace {

using cluster::InstanceInfo;
using cluster::RollbackOutcome;
using cluster::RollbackSpec;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::rollback)
};

QString whatIsDone(const RollbackRun& run) {
  const QString count = instanceCount(run.toChange()), time = took(run.tookMs());
  if (run.spec().plan == RollbackSpec::Plan::Restart) return Words::tr("%1 restarted after %2.").arg(count, time);
  if (run.spec().to == QStringLiteral("single"))
    return Words::tr("%1 stands alone in memory mode after %2.").arg(run.spec().keep, time);
  return Words::tr("%1 in %2 mode after %3.").arg(count, run.spec().to, time);
}

Verdict verdictOfEnd(const RollbackRun& run, const RollbackOutcome& outcome) {
  const bool dry = run.spec().dryRun;
  switch (outcome.result) {
    case RollbackOutcome::Result::Done:
      break;
    case RollbackOutcome::Result::Refused:
      return {Mark::Fail, dry ? Words::tr("It can’t be done now.") : Words::tr("Not begun."),
              Words::tr("Nothing was changed.")};
    case RollbackOutcome::Result::Aborted:
      if (dry) return {Mark::Warning, Words::tr("Dry run ended."), Words::tr("Nothing was changed.")};
      return outcome.restored ? Verdict{Mark::Warning, Words::tr("Aborted."), Words::tr("Everything is as it was.")}
                              : Verdict{Mark::Fail, Words::tr("Aborted, and not all is put back."),
                                        Words::tr("The plan says what isn’t.")};
  }
  if (dry)
    return {Mark::Pass, Words::tr("It can be done."), Words::tr("Every instance was asked, and nothing was changed.")};
  if (!run.draining()) return {Mark::Pass, Words::tr("Done."), whatIsDone(run)};
  return {Mark::Draining, Words::tr("Done, draining."), whatIsDone(run)};
}

Verdict verdictWhileAsking(const RollbackStep& step, const QString& place) {
  const QString what = cluster::rollback::doing(step);
  if (step.failed)
    return {Mark::Warning, Words::tr("%1 failed, %2.").arg(place, what),
            Words::tr("Nothing changes until you decide: retry, skip or abort.")};
  return {Mark::Warning, Words::tr("%1 waits for you, %2.").arg(place, what),
          Words::tr("Do it by hand, then say so.")};
}

}  // namespace

Verdict verdictBefore(const QList<InstanceInfo>& instances, const QString& refusal) {
  if (!refusal.isEmpty()) return {Mark::Warning, Words::tr("Not now."), refusal.section(u'\n', 0, 0)};
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

Verdict verdictOf(const RollbackRun& run, const QList<InstanceInfo>& instances) {
  if (run.outcome()) return verdictOfEnd(run, *run.outcome());
  const auto total = run.steps().size();
  if (run.paused())
    return {Mark::Paused, Words::tr("Paused before step %1 of %2.").arg(run.next() + 1).arg(total),
            Words::tr("Nothing changes until you go on, here or from elsewhere.")};
  const int current = run.current();
  if (current < 0) return {Mark::Running, run.aborting() ? Words::tr("Aborting.") : Words::tr("Beginning."), {}};
  const RollbackStep& step = run.steps().at(current).step;
  const QString place = Words::tr("Step %1 of %2").arg(current + 1).arg(total);
  if (run.asking() != nullptr) return verdictWhileAsking(step, place);
  if (const QString away = waitsFor(run, instances); !away.isEmpty())
    return {Mark::Unreachable, Words::tr("Waiting for %1, nothing changes meanwhile.").arg(away),
            Words::tr("%1, %2.").arg(place, cluster::rollback::doing(step))};

  const bool back = step.kind == Kind::Restore || step.kind == Kind::Unroute;
  if (run.aborting() && !back) return {Mark::Running, Words::tr("Aborting."), Words::tr("What was changed is put back.")};
  QStringList sentences;
  if (step.remainingMs > 0)
    sentences << Words::tr("%1 left.").arg(format::countdown(format::secondsLeft(step.remainingMs)));
  if (!step.detail.isEmpty())
    sentences << Words::tr("%1.").arg(step.detail);
  if (run.pausing()) sentences.prepend(Words::tr("Pauses after this step."));
  return {back ? Mark::Warning : Mark::Running, Words::tr("%1, %2.").arg(place, cluster::rollback::doing(step)),
          sentences.join(u' ')};
}

}  // namespace vx11::ui::rollback
