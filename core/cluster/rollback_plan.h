// What a change of the cluster's mode will do, or why it isn't begun. No I/O: judged by what is known of the instances
// before, and again by what each says of its mode.
#pragma once

#include <QHash>

#include "cluster/rollback.h"
#include "cluster/wire.h"

namespace vx11::cluster {

struct RollbackMember {
  int slot = 0;
  QString id;
};

struct RollbackPlan {
  QString refusal;                ///< a sentence; empty: it can be begun
  QList<RollbackMember> members;  ///< in the order in which they are changed
  QList<RollbackStep> steps;      ///< look, then switch and gate of each, then matrix and drain

  [[nodiscard]] int stepOf(RollbackStep::Kind kind, int slot) const;
};

[[nodiscard]] RollbackPlan planRollback(const QList<InstanceInfo>& instances, const QString& to);

/// Whose operation it is that wants to change the mode.
struct RollbackOperation {
  QString id, owner;
};

/// Reads what every member said of its mode (by slot) into the plan. A member that another operation holds is a
/// refusal, also when its owner has the same name: it may still be under way.
void readModes(RollbackPlan& plan, const QHash<int, wire::ModeState>& modes, const RollbackOperation& operation);

}  // namespace vx11::cluster
