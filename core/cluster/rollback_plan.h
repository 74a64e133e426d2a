// What an operation on the cluster will do, step by step, or why it isn't begun. No I/O: judged by what is known
// before, and again by what each instance says of its mode.
#pragma once

#include <QHash>
#include <QMap>

#include "cluster/rollback.h"
#include "cluster/wire.h"

namespace vx11::cluster {

/// What is known before anything was asked.
struct RollbackGround {
  QList<InstanceInfo> instances;
  QMap<QString, QUrl> addressMap = {};  ///< the profile's: advertised URL to the one that works from here
  bool hasBalancer = false;
  std::optional<bool> redisUp = {};  ///< empty: not known
  QByteArray nginx = {};             ///< the bytes of RollbackSpec::nginxFile
  QString nginxProblem = {};         ///< a sentence: they can't be read
};

/// An instance that takes part.
struct RollbackMember {
  int slot = 0;
  QString id;
  QUrl url = {};
  bool foreign = false;  ///< a backend with the public calls only: it can't switch
  QStringList servers =
      {};  ///< what the upstream calls it, as the file spells it; in a file that lacks it, its address
  QStringList restart = {};  ///< the restart command, filled in; empty: by hand
  qint64 windowMs = 0;       ///< how long a token of it may live; 0: not known
};

struct RollbackPlan {
  QString refusal;                            ///< a sentence; empty: it can be begun
  std::optional<RollbackHolder> heldBy = {};  ///< where that is the refusal
  QStringList warnings = {};
  QString summary = {};
  QList<RollbackMember> members = {};  ///< in the order in which they are changed; without those left out
  QList<RollbackStep> steps = {};
  QString mode = {};           ///< that is switched to; empty: none is
  QByteArray nginx = {};       ///< the file as it was found; empty: the routing isn't changed
  QStringList outsiders = {};  ///< ids of instances that the upstream doesn't lead to at the end
  bool redisDead = false;
  bool waitsForDrain = false;  ///< what comes after it would lose tokens that still live

  [[nodiscard]] int stepOf(RollbackStep::Kind kind, int slot) const;
  [[nodiscard]] const RollbackMember* member(int slot) const;
  [[nodiscard]] RollbackOutlook outlook() const { return {refusal, warnings, summary, steps}; }
};

/// A plan has its steps also where it is refused. The commands in its steps are filled in.
[[nodiscard]] RollbackPlan planRollback(const RollbackGround& ground, const RollbackSpec& spec);

/// Whose operation it is that wants to change the mode.
struct RollbackOperation {
  QString id, owner;
};

/// Why this member can't be taken: a sentence; empty: it is free, or the operation's already.
[[nodiscard]] QString whyHeld(const QString& id, const wire::ModeState& state, const RollbackOperation& operation,
                              bool breakLock);

[[nodiscard]] RollbackHolder holderOf(const ModeHolder& holder);

/// Reads what the members said of their modes (by slot) into the plan. A member that another operation holds is a
/// refusal, also when its owner has the same name: it may still be under way. A hold that has lapsed is one unless
/// `breakLock`.
void readModes(RollbackPlan& plan, const QHash<int, wire::ModeState>& modes, const RollbackOperation& operation,
               bool breakLock);

}  // namespace vx11::cluster
