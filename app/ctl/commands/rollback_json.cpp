#include "ctl/commands/rollback_json.h"

#include <QJsonArray>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::RollbackOutcome;
using cluster::RollbackSpec;
using cluster::RollbackStep;
using cluster::UnfinishedRollback;
using namespace cluster::rollback;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

bool changesMode(Kind kind) { return kind == Kind::Switch || kind == Kind::Change || kind == Kind::Restore; }
bool takesTime(Kind kind) { return kind == Kind::Drain || kind == Kind::Watch; }

QString plannedWord() { return QStringLiteral("planned"); }

/// Of the instances that the steps work on, in their order.
QStringList members(const QList<RollbackStep>& steps) {
  QStringList names;
  for (const RollbackStep& step : steps) {
    const bool itself = step.kind == Kind::Gate && step.state == State::Done;
    if (itself && !names.contains(step.instance)) names << step.instance;
  }
  return names;
}

}  // namespace

QJsonObject toJson(const RollbackStep& step) {
  QJsonObject object{{QStringLiteral("step"), wordOf(step.kind)},
                     {QStringLiteral("instance"), orNull(step.instance)},
                     {QStringLiteral("state"), wordOf(step.state)},
                     {QStringLiteral("detail"), orNull(step.detail)}};
  if (changesMode(step.kind)) {
    object.insert(QStringLiteral("from"), orNull(step.from));
    object.insert(QStringLiteral("to"), orNull(step.to));
  }
  if (step.kind == Kind::Route) {
    object.insert(QStringLiteral("servers"), QJsonArray::fromStringList(step.servers));
    object.insert(QStringLiteral("sticky"), step.sticky);
  }
  if (!step.command.isEmpty()) object.insert(QStringLiteral("command"), QJsonArray::fromStringList(step.command));
  if (takesTime(step.kind)) object.insert(QStringLiteral("remaining_ms"), step.remainingMs);
  if (step.state == State::Asking) object.insert(QStringLiteral("failed"), step.failed);
  return object;
}

QJsonObject planned(const RollbackStep& step) {
  QJsonObject object = toJson(step);
  object.insert(QStringLiteral("effect"), effectOf(step));
  if (step.state == State::Skipped || step.state == State::Waiting) {
    object.insert(QStringLiteral("state"), plannedWord());
  }
  return object;
}

QJsonObject toJson(const RollbackOutcome& outcome, const QStringList& warnings) {
  QJsonObject object{{QStringLiteral("result"), wordOf(outcome.result)},
                     {QStringLiteral("reason"), orNull(outcome.reason)},
                     {QStringLiteral("restored"), outcome.restored},
                     {QStringLiteral("warnings"), QJsonArray::fromStringList(warnings)}};
  if (outcome.failure) object.insert(QStringLiteral("error"), toJson(outcome.failure));
  return object;
}

QString sentence(const RollbackStep& step) {
  const QString word = step.state == State::Asking && step.failed ? wordOf(State::Failed) : wordOf(step.state);
  const QString line = QStringLiteral("%1 %2").arg(word.leftJustified(8), titleOf(step));
  return step.detail.isEmpty() ? line : QStringLiteral("%1: %2").arg(line, step.detail);
}

QString running(const RollbackStep& step) {
  const QString left = lasting(static_cast<double>(step.remainingMs) / 1000);
  return takesTime(step.kind) && step.remainingMs > 0 ? tr("%1, %2 left").arg(doing(step), left) : doing(step);
}

Tone toneOf(State state) {
  switch (state) {
    case State::Done:
      return Tone::Good;
    case State::Failed:
      return Tone::Bad;
    case State::Asking:
      return Tone::Doubtful;
    case State::Skipped:
      return Tone::Faint;
    default:
      return Tone::Plain;
  }
}

Table planTable(const QList<RollbackStep>& steps) {
  Table table({{QString(), Table::Side::Right}, {tr("STEP")}, {tr("WHERE")}, {tr("EFFECT")}});
  int number = 0;
  for (const RollbackStep& step : steps) {
    table.add({{QString::number(++number)}, {titleOf(step)}, {whereOf(step)}, {effectOf(step)}});
  }
  return table;
}

Table progressTable(const QList<RollbackStep>& steps) {
  Table table({{QString(), Table::Side::Right}, {tr("STEP")}, {tr("STATE")}, {tr("WHAT CAME OF IT")}});
  int number = 0;
  for (const RollbackStep& step : steps) {
    table.add({{QString::number(++number)}, {titleOf(step)}, {wordOf(step.state), toneOf(step.state)}, {step.detail}});
  }
  return table;
}

QString achieved(const RollbackSpec& spec, const QList<RollbackStep>& steps) {
  const QString names = members(steps).join(QStringLiteral(", "));
  if (spec.plan == RollbackSpec::Plan::Restart) return tr("every instance was restarted: %1").arg(names);
  if (spec.to == QStringLiteral("single")) return tr("%1 is left, in mode memory").arg(names);
  return tr("every instance is in mode %1: %2").arg(spec.to, names);
}

QString nameOf(const UnfinishedRollback& one) {
  const QString begun = one.begun.toLocalTime().toString(QStringLiteral("HH:mm:ss, d MMMM"));
  if (one.spec.plan == RollbackSpec::Plan::Restart) return tr("The rolling restart begun at %1").arg(begun);
  return tr("The change to %1 begun at %2").arg(one.spec.to, begun);
}

QString resumeLine(const UnfinishedRollback& one) {
  const QString word = one.spec.plan == RollbackSpec::Plan::Restart ? QStringLiteral("restart")
                                                                    : QStringLiteral("rollback");
  return QStringLiteral("%1 --resume %2").arg(word, one.id.left(8));
}

bool isYes(const QString& answer) {
  const QString word = answer.toLower();
  return word == QStringLiteral("y") || word == QStringLiteral("yes");
}

}  // namespace vx11::ctl
