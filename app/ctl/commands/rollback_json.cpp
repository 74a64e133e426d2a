#include "ctl/commands/rollback_json.h"

#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::RollbackOutcome;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

QString word(Kind kind) {
  switch (kind) {
    case Kind::Look: break;
    case Kind::Switch: return QStringLiteral("switch");
    case Kind::Gate: return QStringLiteral("gate");
    case Kind::Matrix: return QStringLiteral("matrix");
    case Kind::Drain: return QStringLiteral("drain");
    case Kind::Restore: return QStringLiteral("restore");
  }
  return QStringLiteral("look");
}

QString word(State state) {
  switch (state) {
    case State::Waiting: break;
    case State::Running: return QStringLiteral("running");
    case State::Done: return QStringLiteral("done");
    case State::Failed: return QStringLiteral("failed");
    case State::Skipped: return QStringLiteral("skipped");
  }
  return QStringLiteral("waiting");
}

QString word(RollbackOutcome::Result result) {
  switch (result) {
    case RollbackOutcome::Result::Done: return QStringLiteral("done");
    case RollbackOutcome::Result::Aborted: return QStringLiteral("aborted");
    case RollbackOutcome::Result::Refused: break;
  }
  return QStringLiteral("refused");
}

bool changesMode(Kind kind) { return kind == Kind::Switch || kind == Kind::Restore; }

}  // namespace

QJsonObject toJson(const RollbackStep& step) {
  QJsonObject object{{QStringLiteral("step"), word(step.kind)},
                     {QStringLiteral("instance"), orNull(step.instance)},
                     {QStringLiteral("state"), word(step.state)},
                     {QStringLiteral("detail"), orNull(step.detail)}};
  if (changesMode(step.kind)) {
    object.insert(QStringLiteral("from"), orNull(step.from));
    object.insert(QStringLiteral("to"), orNull(step.to));
  }
  if (step.kind == Kind::Drain) object.insert(QStringLiteral("remaining_ms"), step.remainingMs);
  return object;
}

QJsonObject planned(const RollbackStep& step) {
  QJsonObject object = toJson(step);
  if (step.state == State::Skipped) object.insert(QStringLiteral("state"), QStringLiteral("planned"));
  return object;
}

QJsonObject toJson(const RollbackOutcome& outcome) {
  QJsonObject object{{QStringLiteral("result"), word(outcome.result)},
                     {QStringLiteral("reason"), orNull(outcome.reason)},
                     {QStringLiteral("restored"), outcome.restored}};
  if (outcome.failure) object.insert(QStringLiteral("error"), toJson(outcome.failure));
  return object;
}

QString sentence(const RollbackStep& step) {
  QStringList parts{word(step.kind).leftJustified(7)};
  if (!step.instance.isEmpty()) parts.append(step.instance);
  if (changesMode(step.kind)) parts.append(tr("%1 to %2").arg(step.from, step.to));
  parts.append(word(step.state));
  const QString line = parts.join(QStringLiteral("  "));
  return step.detail.isEmpty() ? line : QStringLiteral("%1: %2").arg(line, step.detail);
}

Tone toneOf(State state) {
  if (state == State::Failed) return Tone::Bad;
  if (state == State::Done) return Tone::Good;
  return state == State::Skipped ? Tone::Faint : Tone::Plain;
}

Table planTable(const QList<RollbackStep>& steps) {
  Table table({{tr("INSTANCE")}, {tr("FROM")}, {tr("TO")}});
  for (const RollbackStep& step : steps) {
    if (step.kind == Kind::Switch) table.add({{step.instance}, {step.from}, {step.to}});
  }
  return table;
}

}  // namespace vx11::ctl
