#include "cluster/rollback_plan.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>

#include "cluster/command_run.h"
#include "cluster/rollback_draft.h"

namespace vx11::cluster {
namespace {

using Kind = RollbackStep::Kind;

struct Plan {
  Q_DECLARE_TR_FUNCTIONS(RollbackPlan)
};

/// Appends steps to a plan in the order in which its methods are called.
class Composer {
 public:
  Composer(const rollback::Draft& draft, RollbackPlan& plan) : draft_(draft), plan_(plan) {}

  void operator()() {
    add(Kind::Look);
    add(Kind::Lock);
    if (draft_.restart) {
      for (const RollbackMember& member : std::as_const(plan_.members)) restart(member);
    } else if (draft_.single) {
      route(true);
      switchAll();
      const bool stops = !draft_.others().isEmpty();
      add(Kind::Drain);
      plan_.waitsForDrain = stops;
      stopOthers();
      watch();
    } else if (draft_.up()) {
      switchAll();
      add(Kind::Matrix);
      add(Kind::Drain);
      // What was issued in memory mode is known to its issuer alone until it expires.
      plan_.waitsForDrain = draft_.file.has_value();
      route(false);
      watch();
    } else {
      route(true);
      switchAll();
      add(Kind::Matrix);
      add(Kind::Drain);
      watch();
    }
    add(Kind::Release);
  }

 private:
  RollbackStep& add(Kind kind) {
    RollbackStep step;
    step.kind = kind;
    step.to = draft_.mode;
    plan_.steps << step;
    return plan_.steps.last();
  }
  RollbackStep& add(Kind kind, const RollbackMember& member) {
    RollbackStep& step = add(kind);
    step.slot = member.slot;
    step.instance = member.id;
    return step;
  }

  void switchAll() {
    for (const InstanceInfo& instance : draft_.switched()) {
      const RollbackMember& member = *plan_.member(instance.slot);
      if (member.foreign) {
        add(Kind::Change, member).command = member.restart;
      } else {
        add(Kind::Switch, member).from = instance.mode;
      }
      add(Kind::Gate, member);
    }
  }

  void stopOthers() {
    for (const InstanceInfo& instance : draft_.others()) {
      const RollbackMember& member = *plan_.member(instance.slot);
      if (!member.foreign) add(Kind::Stop, member);
    }
  }

  void route(bool sticky) {
    if (!draft_.file) return;
    write(draft_.servers(), sticky);
    if (!draft_.reloads()) return;
    reload();
    RollbackStep& seen = add(Kind::Sticky);
    seen.sticky = sticky;
    if (draft_.ground.hasBalancer) return;
    seen.state = RollbackStep::State::Skipped;
    seen.detail = Plan::tr("No balancer is known to try it through");
  }
  void write(const QStringList& servers, bool sticky) {
    RollbackStep& step = add(Kind::Route);
    step.servers = servers;
    step.sticky = sticky;
  }
  void reload() { add(Kind::Reload).command = draft_.spec.reloadCommand; }

  void restart(const RollbackMember& member) {
    QStringList without = draft_.file ? draft_.file->servers() : QStringList();
    without.removeIf([&](const QString& server) { return member.servers.contains(server); });
    const bool routed =
        draft_.file && draft_.reloads() && !without.isEmpty() && without.size() < draft_.file->servers().size();
    if (routed) {
      write(without, draft_.file->sticky());
      reload();
    }
    if (!member.foreign) add(Kind::Stop, member);
    add(Kind::Start, member).command = member.restart;
    add(Kind::Gate, member);
    add(Kind::Matrix);
    if (routed) {
      write(draft_.file->servers(), draft_.file->sticky());
      reload();
    } else if (draft_.ground.hasBalancer && plan_.members.size() > 1) {
      add(Kind::Sticky, member);  // or the next one is stopped while the balancer still leaves this one out
    }
  }

  void watch() {
    if (draft_.spec.watchSec > 0) add(Kind::Watch);
  }

  const rollback::Draft& draft_;
  RollbackPlan& plan_;
};

QStringList commandFor(const QStringList& command, const InstanceInfo& instance) {
  return CommandRun::filledIn(command, instance.id, instance.url);
}

}  // namespace

int RollbackPlan::stepOf(Kind kind, int slot) const {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const RollbackStep& candidate) {
    return candidate.kind == kind && candidate.slot == slot;
  });
  return found == steps.end() ? -1 : static_cast<int>(found - steps.begin());
}

const RollbackMember* RollbackPlan::member(int slot) const {
  const auto found = std::find_if(members.begin(), members.end(), [slot](const auto& one) { return one.slot == slot; });
  return found == members.end() ? nullptr : &*found;
}

RollbackPlan planRollback(const RollbackGround& ground, const RollbackSpec& spec) {
  const rollback::Draft draft(ground, spec);
  RollbackPlan plan;
  plan.refusal = rollback::refusalOf(draft);
  plan.mode = draft.mode;
  plan.redisDead = draft.redisDead;
  if (draft.file) plan.nginx = ground.nginx;
  for (const InstanceInfo& instance : draft.chosen) {
    const qint64 windowMs = instance.maxTtlSec.value_or(instance.ttlSec.value_or(0)) * qint64{1000};
    plan.members << RollbackMember{instance.slot,
                                   instance.id,
                                   instance.url,
                                   !instance.internalCalls,
                                   draft.serversFor(instance),
                                   commandFor(spec.restartCommand, instance),
                                   windowMs};
  }
  plan.outsiders = rollback::namesOf(draft.leftOut) + rollback::namesOf(draft.others());
  if (!draft.chosen.isEmpty()) {
    plan.warnings = rollback::warningsOf(draft);
    plan.summary = rollback::summaryOf(draft);
  }
  Composer(draft, plan)();
  return plan;
}

QString whyHeld(const QString& id, const wire::ModeState& state, const RollbackOperation& operation, bool breakLock) {
  const bool free = state.operationId.isEmpty() || state.operationId == operation.id || (state.lapsed && breakLock);
  if (free) return {};
  constexpr int holdSec = 60;
  const auto silent = static_cast<int>(state.silentMs / 1000);
  const QString since = QDateTime::fromSecsSinceEpoch(state.since).toString(QStringLiteral("HH:mm:ss"));
  QString held = Plan::tr("The mode of %1 is held by an operation of %2").arg(id, state.owner);
  if (state.since > 0) held = Plan::tr("%1 since %2").arg(held, since);
  if (state.lapsed) {
    return Plan::tr(
               "%1, which gave no sign for %2 s: --break-lock takes its place, or --resume goes on with it where "
               "it was begun.")
        .arg(held)
        .arg(silent);
  }
  if (state.lastSign > 0) held = Plan::tr("%1, last sign %2 s ago").arg(held).arg(silent);
  if (!breakLock) return held + u'.';
  return Plan::tr("%1: its place can be taken in %2 s, if it gives no sign until then.")
      .arg(held)
      .arg(std::max(1, holdSec - silent));
}

RollbackHolder holderOf(const ModeHolder& holder) {
  const auto when = [](qint64 seconds) { return seconds > 0 ? QDateTime::fromSecsSinceEpoch(seconds) : QDateTime(); };
  return {holder.owner, when(holder.since), when(holder.lastSign), holder.lapsed};
}

void readModes(RollbackPlan& plan, const QHash<int, wire::ModeState>& modes, const RollbackOperation& operation,
               bool breakLock) {
  for (const RollbackMember& member : std::as_const(plan.members)) {
    if (!modes.contains(member.slot)) continue;
    const wire::ModeState state = modes.value(member.slot);
    if (const int step = plan.stepOf(Kind::Switch, member.slot); step >= 0) plan.steps[step].from = state.mode;
    const bool restarts = plan.stepOf(Kind::Start, member.slot) >= 0;
    if (restarts && !state.configured.isEmpty() && state.mode != state.configured) {
      plan.warnings << Plan::tr("%1 is in mode %2 and comes back in %3, which it is configured to.")
                           .arg(member.id, state.mode, state.configured);
    }
    if (!plan.refusal.isEmpty()) continue;
    plan.refusal = whyHeld(member.id, state, operation, breakLock);
    if (!plan.refusal.isEmpty()) plan.heldBy = holderOf(state);
  }
}

}  // namespace vx11::cluster
