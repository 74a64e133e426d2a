#include "ctl/commands/rollback_json.h"

#include "cluster/rollback_words.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::RollbackOutcome;
using cluster::RollbackStep;
using cluster::rollback::wordOf;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

bool changesMode(Kind kind) { return kind == Kind::Switch || kind == Kind::Restore; }

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
  if (step.kind == Kind::Drain) object.insert(QStringLiteral("remaining_ms"), step.remainingMs);
  return object;
}

QJsonObject planned(const RollbackStep& step) {
  QJsonObject object = toJson(step);
  if (step.state == State::Skipped) object.insert(QStringLiteral("state"), QStringLiteral("planned"));
  return object;
}

QJsonObject toJson(const RollbackOutcome& outcome) {
  QJsonObject object{{QStringLiteral("result"), wordOf(outcome.result)},
                     {QStringLiteral("reason"), orNull(outcome.reason)},
                     {QStringLiteral("restored"), outcome.restored}};
  if (outcome.failure) object.insert(QStringLiteral("error"), toJson(outcome.failure));
  return object;
}

QString sentence(const RollbackStep& step) {
  QStringList parts{wordOf(step.kind).leftJustified(7)};
  if (!step.instance.isEmpty()) parts.append(step.instance);
  if (changesMode(step.kind)) parts.append(tr("%1 to %2").arg(step.from, step.to));
  parts.append(wordOf(step.state));
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
