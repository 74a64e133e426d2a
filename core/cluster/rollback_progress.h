// How far an operation has come: all that has to survive an interruption, as plain data, and how it is written down.
// What may have had an effect is in here before it is tried.
#pragma once

#include <QJsonObject>
#include <functional>

#include "cluster/rollback_plan.h"

namespace vx11::cluster::rollback {

/// Of the checks of an instance since its start, without those that the operation itself caused. "Can't tell" is no
/// refusal.
struct Counters {
  qint64 checks = 0, refused = 0;
  friend bool operator==(const Counters&, const Counters&) = default;
};

struct Progress {
  RollbackSpec spec;
  RollbackOperation operation;
  RollbackPlan plan;
  int at = 0;       ///< the step
  int planned = 0;  ///< how many steps the plan had; those after them put back
  bool undoing = false;
  bool ended = false;
  QHash<int, QString> modes = {};  ///< by slot: before
  QHash<int, QString> now = {};    ///< by slot: as last told
  QList<int> held = {};            ///< slots that took our operation, or may have
  QList<int> touched = {};         ///< slots whose mode is another than before, or may be
  QList<int> changed = {};         ///< likewise, by the restart command or by hand
  QList<int> stopped = {};         ///< slots that were told to stop, and weren't started yet
  QList<int> leftOut = {};         ///< slots that the operator skipped on the way
  QHash<int, qint64> boots = {};   ///< by slot: when the process that is to be stopped began
  QByteArray fileBefore = {};      ///< what the nginx file held before the write that `file` is of
  QByteArray file = {};            ///< what it holds, or may hold; empty: nothing of ours
  /// `Failed`: only said no. `Maybe`: reads the file by now, for all we know.
  enum class Reload { None, Failed, Maybe };
  Reload reload = Reload::None;
  QHash<int, Counters> before = {};  ///< at first
  QHash<int, Counters> since = {};   ///< when the watch began
  QStringList notRestored = {};
  QString reason = {};  ///< of the undoing
};

[[nodiscard]] QJsonObject toJson(const RollbackSpec& spec);
[[nodiscard]] RollbackSpec specFrom(const QJsonObject& object);
[[nodiscard]] QJsonObject toJson(const Progress& progress);

/// Which slot an instance has now: slots are places in a profile and differ from one run to the next. -1: none.
using SlotOf = std::function<int(const QString& id, const QUrl& url)>;
/// A member without a slot gets one that no instance has. Nothing when it isn't what `toJson` gave.
[[nodiscard]] std::optional<Progress> progressFrom(const QJsonObject& object, const SlotOf& slotOf);

/// What has to be done to put back all that was done, in reverse order; appended by the caller. What has no way back is
/// named in `notRestored`.
[[nodiscard]] QList<RollbackStep> undoOf(Progress& progress);
/// How it ended, for `reason` without a full stop.
[[nodiscard]] QString afterUndo(const Progress& progress);

}  // namespace vx11::cluster::rollback
