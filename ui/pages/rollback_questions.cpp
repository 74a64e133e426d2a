#include "pages/rollback_questions.h"

#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "pages/rollback_shell.h"
#include "pages/rollback_words.h"
#include "widgets/format.h"

namespace vx11::ui::rollback {
namespace {

using cluster::RollbackSpec;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::rollback)
};

const QString icon = QStringLiteral("arrow-counterclockwise");

QStringList changedBy(const QList<RollbackStep>& steps, Kind kind) {
  QStringList names;
  for (const RollbackStep& step : steps)
    if (step.kind == kind) names << step.instance;
  return names;
}

QStringList changedBy(const QList<RollbackStep>& steps) {
  return changedBy(steps, Kind::Switch) + changedBy(steps, Kind::Change);
}

struct StartWords {
  QString question, verb;
};

StartWords startWords(const RollbackSpec& spec, const QList<RollbackStep>& steps, const QString& where) {
  if (spec.plan == RollbackSpec::Plan::Restart) {
    const QString count = instanceCount(changedBy(steps, Kind::Start).size());
    return {Words::tr("Restart %1 of %2, one by one?").arg(count, where), Words::tr("Restart %1").arg(count)};
  }
  if (spec.to == QStringLiteral("single")) {
    const QString count = instanceCount(changedBy(steps, Kind::Stop).size());
    return {Words::tr("Stop %1 of %2 and keep %3?").arg(count, where, spec.keep), Words::tr("Stop %1").arg(count)};
  }
  const QString count = instanceCount(changedBy(steps).size());
  return {Words::tr("Switch %1 of %2 to %3 mode?").arg(count, where, spec.to), Words::tr("Switch %1").arg(count)};
}

}  // namespace

QString nameOf(const RollbackSpec& spec) {
  if (spec.plan == RollbackSpec::Plan::Restart) return Words::tr("a rolling restart");
  if (spec.to == QStringLiteral("single")) return Words::tr("a change to one instance, %1").arg(spec.keep);
  return Words::tr("a change to %1 mode").arg(spec.to);
}

QString whereItStands(const cluster::UnfinishedRollback& unfinished) {
  const auto& steps = unfinished.steps;
  const auto open = std::find_if(steps.begin(), steps.end(), [](const RollbackStep& step) {
    return step.state != State::Done && step.state != State::Skipped;
  });
  if (open == steps.end()) return Words::tr("all %1 steps done").arg(steps.size());
  return Words::tr("step %1 of %2, %3")
      .arg(open - steps.begin() + 1)
      .arg(steps.size())
      .arg(cluster::rollback::doing(*open));
}

Confirmation startQuestion(const cluster::Cluster& cluster, const RollbackSpec& spec,
                           const cluster::RollbackOutlook& outlook) {
  const auto words = startWords(spec, outlook.steps, cluster.profile().name);
  Confirmation question;
  question.title = spec.plan == RollbackSpec::Plan::Restart ? Words::tr("Restart one by one") : Words::tr("Change the mode");
  question.question = words.question;
  question.facts = {{Words::tr("Now"), modesNow(cluster.instances())}};
  if (!outlook.summary.isEmpty()) question.facts.append({Words::tr("What happens"), outlook.summary});
  QStringList order = changedBy(outlook.steps);
  if (order.isEmpty()) order = changedBy(outlook.steps, Kind::Start);
  if (order.size() > 1) question.facts.append({Words::tr("Order"), order.join(QStringLiteral(", "))});
  for (const QString& warning : outlook.warnings) question.facts.append({Words::tr("Warning"), warning});
  question.facts.append({Words::tr("Undo"), Words::tr("Abort puts back what was changed, in reverse order")});
  question.verb = words.verb;
  question.icon = icon;
  question.note = Words::tr("Each step is written to the audit log of the instances.");
  question.command = shellCommand(cluster.profile(), cluster.instances(), spec);
  return question;
}

Confirmation abortQuestion(const RollbackRun& run) {
  QStringList back;
  bool routing = false;
  for (const TimedStep& each : run.steps()) {
    const bool touched = each.step.state != State::Waiting && each.step.state != State::Skipped;
    if (each.step.kind == Kind::Switch && touched) back.prepend(each.step.instance);
    if (each.step.kind == Kind::Route && touched) routing = true;
  }
  const int at = run.current() >= 0 ? run.current() : run.next();
  Confirmation question;
  question.title = Words::tr("Abort");
  question.question = at >= 0 ? Words::tr("Abort at step %1 of %2?").arg(at + 1).arg(run.steps().size())
                              : Words::tr("Abort now?");
  QStringList parts;
  if (!back.isEmpty())
    parts << (run.fromMode().isEmpty() ? Words::tr("%1 to the mode they had").arg(back.join(QStringLiteral(", ")))
                                       : Words::tr("%1 to %2").arg(back.join(QStringLiteral(", ")), run.fromMode()));
  if (routing) parts << Words::tr("the nginx file, byte for byte");
  question.facts = {{Words::tr("Put back"), parts.isEmpty() ? Words::tr("nothing was changed yet") : parts.join(QStringLiteral("; "))},
                    {Words::tr("Then"), Words::tr("the hold on the modes ends")}};
  question.verb = parts.isEmpty() ? Words::tr("Abort") : Words::tr("Abort and put back");
  question.icon = icon;
  return question;
}

Confirmation takeoverQuestion(const cluster::RollbackHolder& holder) {
  const QDate today = QDate::currentDate();
  Confirmation question;
  question.title = Words::tr("Take its place");
  question.question = Words::tr("Take the place of %1’s operation?").arg(holder.owner);
  question.facts = {{Words::tr("Began"), format::moment(holder.since, today)},
                    {Words::tr("Last sign"), format::moment(holder.lastSign, today)},
                    {Words::tr("Then"), Words::tr("what it left half done stays as it is, and this operation begins")},
                    {Words::tr("Instead"), Words::tr("it can be resumed where it was begun")}};
  question.verb = Words::tr("Take its place");
  question.icon = icon;
  return question;
}

Confirmation resumeQuestion(const cluster::Cluster& cluster, const cluster::UnfinishedRollback& unfinished) {
  Confirmation question;
  question.title = Words::tr("Resume an operation");
  question.question = Words::tr("Go on with %1 on %2?").arg(nameOf(unfinished.spec), cluster.profile().name);
  question.facts = {{Words::tr("Stands at"), whereItStands(unfinished)},
                    {Words::tr("Then"), Words::tr("each instance is asked how it is, and the steps left follow")},
                    {Words::tr("Undo"), Words::tr("Abort puts back what was changed, in reverse order")}};
  question.verb = Words::tr("Resume 1 operation");
  question.icon = icon;
  question.note = Words::tr("Each step is written to the audit log of the instances.");
  return question;
}

Confirmation forgetQuestion(const cluster::UnfinishedRollback& unfinished) {
  Confirmation question;
  question.title = Words::tr("Forget an operation");
  question.question = Words::tr("Forget %1?").arg(nameOf(unfinished.spec));
  question.facts = {{Words::tr("Stands at"), whereItStands(unfinished)},
                    {Words::tr("Stays"), Words::tr("what it changed: modes, and the nginx file")},
                    {Words::tr("Undo"), Words::tr("not possible: it can’t be resumed then")}};
  question.verb = Words::tr("Forget 1 operation");
  question.icon = QStringLiteral("slash-circle");
  return question;
}

}  // namespace vx11::ui::rollback
