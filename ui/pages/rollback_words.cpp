#include "pages/rollback_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "widgets/format.h"

namespace vx11::ui::rollback {
namespace {

using cluster::InstanceInfo;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::rollback)
};

const QString memory = QStringLiteral("memory"), single = QStringLiteral("single"), redis = QStringLiteral("redis"),
              hybrid = QStringLiteral("hybrid"), restart = QStringLiteral("restart");

/// A second. Of fewer the operation's own probes would make a share that says nothing.

}  // namespace

QStringList targets() { return {memory, single, redis, hybrid, restart}; }

QString targetOf(const cluster::RollbackSpec& spec) {
  return spec.plan == cluster::RollbackSpec::Plan::Restart ? restart : spec.to;
}

QString targetWord(const QString& target) {
  if (target == single) return Words::tr("one instance");
  return target == restart ? Words::tr("restart") : target;
}

QString promise(const QString& target) {
  if (target == memory)
    return Words::tr(
        "New tokens stay with the instance that issues them and no other accepts them, so routing must be "
        "sticky; Redis is no longer needed.");
  if (target == single)
    return Words::tr("One instance stays in the upstream, in memory mode. The others are drained and end.");
  if (target == redis)
    return Words::tr("New tokens are kept in Redis alone and every instance accepts them; each check asks Redis.");
  if (target == restart)
    return Words::tr("Each instance is drained, started again and tested before the next one. Modes stay as they are.");
  return Words::tr(
      "New tokens are kept in Redis and every instance accepts them, those it has seen even while Redis is away.");
}

QString verb(const QString& target) {
  if (target == memory) return Words::tr("Roll back to memory…");
  if (target == single) return Words::tr("Roll back to one instance…");
  if (target == restart) return Words::tr("Restart one by one…");
  return Words::tr("Roll forward to %1…").arg(target);
}

QString instanceCount(qint64 count) {
  return count == 1 ? Words::tr("1 instance") : Words::tr("%1 instances").arg(format::count(count));
}

QString took(qint64 ms) {
  return ms < 10'000 ? format::latency(static_cast<double>(ms)) : format::duration(ms / 1000);
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

QString course(const QString& from, const cluster::RollbackSpec& spec) {
  if (spec.plan == cluster::RollbackSpec::Plan::Restart) return Words::tr("restart one by one");
  const QString to = spec.to != single      ? spec.to
                     : spec.keep.isEmpty() ? Words::tr("one instance")
                                           : Words::tr("%1 alone").arg(spec.keep);
  return from.isEmpty() ? Words::tr("to %1").arg(to) : Words::tr("%1 to %2").arg(from, to);
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
      return step.detail.isEmpty() ? Words::tr("not begun") : Words::tr("skipped");
    case State::Running:
    case State::Asking:
      if (step.remainingMs > 0) return format::countdown(format::secondsLeft(step.remainingMs));
      return timed.beganAt < 0 ? QString() : format::duration(std::max<qint64>(0, now - timed.beganAt) / 1000);
    case State::Done:
    case State::Failed:
      break;
  }
  return timed.endedAt < 0 || timed.beganAt < 0 ? QString() : took(timed.endedAt - timed.beganAt);
}

QString percent(double share) {
  const double value = share * 100;
  const bool whole = value >= 10 || value == static_cast<int>(value);
  return Words::tr("%1\u00a0%").arg(QLocale().toString(value, 'f', whole ? 0 : 1));
}

QString waitsFor(const RollbackRun& run, const QList<InstanceInfo>& instances) {
  const int index = run.running() ? run.current() : -1;
  if (index < 0) return {};
  const RollbackStep& step = run.steps().at(index).step;
  // Of these two an instance is away because it is meant to be.
  if (step.state != State::Running || step.kind == Kind::Stop || step.kind == Kind::Start) return {};
  for (const InstanceInfo& info : instances)
    if (info.slot == step.slot && info.state == cluster::InstanceState::Unreachable) return info.id;
  return {};
}

}  // namespace vx11::ui::rollback
