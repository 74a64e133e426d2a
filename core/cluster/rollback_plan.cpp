#include "cluster/rollback_plan.h"

#include <QCoreApplication>
#include <algorithm>

namespace vx11::cluster {
namespace {

using Kind = RollbackStep::Kind;

struct Plan {
  Q_DECLARE_TR_FUNCTIONS(RollbackPlan)
};

bool needsRedis(const QString& mode) { return mode == QStringLiteral("redis") || mode == QStringLiteral("hybrid"); }
bool isMode(const QString& word) {
  return needsRedis(word) || word == QStringLiteral("memory") || word == QStringLiteral("signed");
}

/// Why this instance can't be changed; empty: nothing is known against it.
QString objectionTo(const InstanceInfo& instance, const QString& to) {
  const QString& id = instance.id;
  if (!instance.internalCalls) {
    return Plan::tr("%1 is a backend of others: there is no call to change its mode.").arg(id);
  }
  switch (instance.state) {
    case InstanceState::Unreachable:
      return Plan::tr("%1 doesn't answer, so nothing is begun.").arg(id);
    case InstanceState::Stopped:
      return Plan::tr("%1 is stopped, so nothing is begun.").arg(id);
    case InstanceState::Paused:
      return Plan::tr("%1 is paused, so nothing is begun.").arg(id);
    case InstanceState::Draining:
      return Plan::tr("%1 is draining: it is about to end.").arg(id);
    case InstanceState::Starting:
      return Plan::tr("%1 is still starting.").arg(id);
    case InstanceState::Unknown:
    case InstanceState::Live:
    case InstanceState::Degraded:
      break;
  }
  if (needsRedis(to) && instance.redisConfigured == false) {
    return Plan::tr("%1 has no Redis configured, which mode %2 needs.").arg(id, to);
  }
  if (needsRedis(to) && instance.state == InstanceState::Degraded && instance.reason == QStringLiteral("redis_down")) {
    return Plan::tr("%1 doesn't reach its Redis, which mode %2 needs.").arg(id, to);
  }
  return {};
}

RollbackStep step(Kind kind, const QString& to, const RollbackMember& member = {-1, {}, {}, false, {}, 0}) {
  RollbackStep made;
  made.kind = kind;
  made.slot = member.slot;
  made.instance = member.id;
  made.to = to;
  return made;
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
  const QList<InstanceInfo>& instances = ground.instances;
  const QString& to = spec.to;
  RollbackPlan plan;
  if (!isMode(to))
    plan.refusal = Plan::tr("%1 is no mode.").arg(to);
  else if (instances.isEmpty())
    plan.refusal = Plan::tr("There is no instance to change.");
  plan.steps << step(Kind::Look, to);
  for (const InstanceInfo& instance : instances) {
    const RollbackMember member{instance.slot, instance.id, instance.url, !instance.internalCalls, {}, 0};
    plan.members << member;
    plan.steps << step(Kind::Switch, to, member) << step(Kind::Gate, to, member);
    plan.steps[plan.steps.size() - 2].from = instance.mode;
    if (plan.refusal.isEmpty()) plan.refusal = objectionTo(instance, to);
  }
  plan.steps << step(Kind::Matrix, to) << step(Kind::Drain, to);
  return plan;
}

void readModes(RollbackPlan& plan, const QHash<int, wire::ModeState>& modes, const RollbackOperation& operation,
               bool breakLock) {
  for (const RollbackMember& member : plan.members) {
    const wire::ModeState state = modes.value(member.slot);
    plan.steps[plan.stepOf(Kind::Switch, member.slot)].from = state.mode;
    if (state.operationId.isEmpty() || state.operationId == operation.id || (state.lapsed && breakLock) || !plan.refusal.isEmpty()) continue;
    plan.refusal = Plan::tr("The mode of %1 is held by an operation of %2 until a minute after its last sign.")
                       .arg(member.id, state.owner);
  }
}

}  // namespace vx11::cluster
