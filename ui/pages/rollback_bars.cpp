#include "pages/rollback_bars.h"

#include <QDateTime>
#include <algorithm>

#include "pages/first_sentence.h"
#include "pages/rollback_questions.h"
#include "widgets/format.h"
#include "widgets/inline_bar.h"

namespace vx11::ui {
namespace {

using Result = cluster::RollbackOutcome::Result;

constexpr qint64 signSec = 60;  // a hold without a sign lapses then
const auto outcomeKey = QStringLiteral("outcome"), impossibleKey = QStringLiteral("impossible");

}  // namespace

RollbackBars::RollbackBars(InlineBar& bar, QObject* parent) : QObject(parent), bar_(bar) {}

void RollbackBars::showOutcome(const RollbackRun& run, const QString& whyNoDryRun, const QString& whyNoTakeover) {
  const auto& outcome = run.outcome();
  if (!outcome || outcome->result == Result::Done) return bar_.clearCause(outcomeKey);
  if (outcome->heldBy) return showHolder(*outcome->heldBy, whyNoDryRun, whyNoTakeover);
  const bool lasting = !outcome->restored || outcome->result == Result::Refused;
  const auto [what, rest] = firstSentence(outcome->reason);
  bar_.setCause({outcomeKey,
                 lasting ? Mark::Fail : Mark::Warning,
                 what,
                 rest,
                 {},
                 {BarAction{tr("Try a dry run"), {}, [this] { Q_EMIT dryRunAsked(); }, whyNoDryRun},
                  BarAction{tr("Show in log"), {}, [this] { Q_EMIT logAsked(); }, {}}}});
}

void RollbackBars::showHolder(const cluster::RollbackHolder& holder, const QString& whyNoDryRun,
                              const QString& whyNoTakeover) {
  const QDateTime now = QDateTime::currentDateTime();
  const qint64 quiet = std::max<qint64>(0, holder.lastSign.secsTo(now));
  const QString owner = holder.owner.isEmpty() ? tr("Somebody else") : holder.owner;
  const BarAction look{tr("Look again"), {}, [this] { Q_EMIT dryRunAsked(); }, whyNoDryRun};
  const BarAction take{tr("Take its place…"), {}, [this] { Q_EMIT takeoverAsked(); }, whyNoTakeover};
  const BarAction log{tr("Show in log"), {}, [this] { Q_EMIT logAsked(); }, {}};
  const QString said = tr("Last sign %1 ago.").arg(format::duration(quiet));
  if (holder.lapsed)
    return bar_.setCause({outcomeKey, Mark::Warning,
                          tr("An operation of %1 was left, begun %2.").arg(owner, format::moment(holder.since, now.date())),
                          tr("%1 It can be resumed where it was begun, or another takes its place.").arg(said),
                          {}, {take, look, log}});
  bar_.setCause({outcomeKey, Mark::Fail,
                 tr("%1 holds the modes since %2.").arg(owner, format::moment(holder.since, now.date())),
                 tr("%1 Only one operation may be under way; nothing was changed.").arg(said),
                 quiet < signSec ? tr("Without another sign its place can be taken in %1.")
                                       .arg(format::duration(signSec - quiet))
                                 : QString(),
                 {look, log}});
}

void RollbackBars::clearOutcome() { bar_.clearCause(outcomeKey); }

void RollbackBars::showUnfinished(const QList<cluster::UnfinishedRollback>& all, const QString& whyNot) {
  QStringList now;
  for (const auto& each : all) {
    const QString key = QStringLiteral("unfinished ") + each.id;
    now << key;
    const QString owner = each.spec.owner.isEmpty() ? tr("An operation") : tr("An operation of %1").arg(each.spec.owner);
    const QString where = tr("It is %1, begun %2, and stands at %3.")
                              .arg(rollback::nameOf(each.spec), format::moment(each.begun, QDate::currentDate()),
                                   rollback::whereItStands(each));
    if (each.running) {
      bar_.setCause({key, Mark::Warning, tr("%1 is under way in another process.").arg(owner), where,
                     tr("Process %1 works on it.").arg(each.processId),
                     {BarAction{tr("Look again"), {}, [this] { Q_EMIT lookAsked(); }, {}}}});
      continue;
    }
    bar_.setCause({key, Mark::Warning, tr("%1 was not ended.").arg(owner), where, {},
                   {BarAction{tr("Resume"), {}, [this, id = each.id] { Q_EMIT resumeAsked(id); }, whyNot},
                    BarAction{tr("Forget…"), {}, [this, id = each.id] { Q_EMIT forgetAsked(id); }, {}}}});
  }
  for (const QString& key : std::as_const(unfinished_))
    if (!now.contains(key)) bar_.clearCause(key);
  unfinished_ = now;
}

void RollbackBars::showImpossible(const QString& sentence) {
  if (sentence.isEmpty()) return bar_.clearCause(impossibleKey);
  bar_.setCause({impossibleKey, Mark::Fail, sentence, {}, {}, {}});
}

}  // namespace vx11::ui
