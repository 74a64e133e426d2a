// What the answers during an operation on the cluster mean for it. No I/O. Sentences are without a full stop; an empty
// one says that all is well.
#pragma once

#include <QHash>

#include "cluster/matrix.h"
#include "cluster/rollback_runner.h"

namespace vx11::cluster {

/// The instance has answered, and says no: another attempt would hear the same.
[[nodiscard]] bool isFinal(const Failure& failure);
/// The request had no effect: it was answered with a no, or never reached anybody.
[[nodiscard]] bool hadNoEffect(const Failure& failure);
/// Another operation holds the mode there.
[[nodiscard]] bool isHeld(const Failure& failure);
/// What happened.
[[nodiscard]] QString sentenceOf(const QString& instance, const Failure& failure);
/// How it ended, where it didn't exit with 0.
[[nodiscard]] QString sentenceOf(const QStringList& command, const rollback::Ran& ran);

/// What modes (by slot; missing: not known) promise: each instance's tokens on itself, and on those that share its
/// store.
[[nodiscard]] QString brokenPromise(const MatrixResult& result, const QHash<int, QString>& modes);
/// Sticky: one client stays on one instance. `outsiders` (ids) must not answer at all.
[[nodiscard]] QString brokenRouting(const rollback::Probed& probed, const QStringList& outsiders, bool sticky);

/// Refusals of a while: `since` its beginning, by slot, against the level `before`, both as counted by the instances.
/// Too many: more than 1 % of the checks and twice their share before, and at least 5; on one instance, or over all.
class RefusalWatch {
 public:
  using Counters = rollback::Counters;
  RefusalWatch(QHash<int, Counters> before, QHash<int, Counters> since, const QHash<int, Counters>& now);
  /// `nameOf` an instance's slot.
  [[nodiscard]] QString tooMany(const std::function<QString(int)>& nameOf) const;
  /// "3 of 1,200 checks refused (0.3 %), before 0.2 %"
  [[nodiscard]] QString text() const;

 private:
  QHash<int, Counters> before_, during_;
  Counters allBefore_, allDuring_;
};

}  // namespace vx11::cluster
