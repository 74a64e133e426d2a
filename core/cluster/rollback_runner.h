// A change of the cluster's mode as a state machine without I/O: it is told what happened and says what to do next, one
// thing at a time. Whatever fails, it ends; what it may have changed, it puts back.
#pragma once

#include <set>
#include <variant>

#include "cluster/matrix.h"
#include "cluster/rollback_plan.h"

namespace vx11::cluster {

namespace rollback {

// What is to be done.
struct Look {
  int slot = 0;
};  ///< GET mode: ends in ModeTold
struct Post {
  int slot = 0;
  QString mode;
  bool release = false;  ///< the operation's hold ends there
};  ///< POST mode, with the operation: ends in ModeTold
struct Issue {
  int slot = 0;
};  ///< a token there: ends in Issued
struct Check {
  int slot = 0;
};                    ///< of that token, on the same: ends in Checked
struct RunMatrix {};  ///< over all members: ends in MatrixTold
struct WaitUntil {
  qint64 at = 0;
};  ///< ends in TimeCame, also when something was asked for meanwhile
struct Finish {
  RollbackOutcome outcome;
};  ///< the last
using Action = std::variant<Look, Post, Issue, Check, RunMatrix, WaitUntil, Finish>;

// What came of it. Each action ends in one event: its own, or Failed.
struct ModeTold {
  wire::ModeState state;
};
struct Issued {};
struct Checked {
  bool accepted = false;
  QString reason;
};
struct MatrixTold {
  MatrixResult result;
};
struct TimeCame {};
struct Failed {
  Failure failure;
};
using Event = std::variant<ModeTold, Issued, Checked, MatrixTold, TimeCame, Failed>;

}  // namespace rollback

/// Times are of the console clock, in ms.
class RollbackRunner {
 public:
  static constexpr qint64 patienceMs = 3000;  ///< for a call that fails and for a gate
  static constexpr qint64 retryMs = 250;
  static constexpr qint64 renewMs = 20'000;  ///< while paused the hold on the mode (60 s) is renewed so often

  RollbackRunner(RollbackPlan plan, RollbackSpec spec, RollbackOperation operation);

  /// The plan's refusal is its end.
  [[nodiscard]] rollback::Action begin(qint64 now);
  /// Instead of `begin`.
  [[nodiscard]] rollback::Action refuse(const Failure& failure);
  [[nodiscard]] rollback::Action next(const rollback::Event& event, qint64 now);

  // Heeded at the next event, which is the action's own; a wait may be cut short for it.
  void pause() { pause_ = true; }
  void resume() { pause_ = false; }
  void abort() { abort_ = true; }
  [[nodiscard]] bool paused() const { return pause_; }
  /// Something is being put back, which nothing stops.
  [[nodiscard]] bool undoing() const { return phase_ == Phase::Restore || phase_ == Phase::RestoreGate; }

  [[nodiscard]] const QList<RollbackStep>& steps() const { return plan_.steps; }
  [[nodiscard]] const RollbackOperation& operation() const { return operation_; }
  /// Which steps changed since the last call; they may be more in number than before.
  [[nodiscard]] std::set<int> takeChanged() { return std::exchange(changed_, {}); }

  /// After Done: counts the drain window down; false: there is nothing left to count.
  bool countDown(qint64 now);

 private:
  enum class Phase { Look, Switch, Gate, Matrix, Confirm, Restore, RestoreGate, Release, Finished };
  using Action = rollback::Action;

  [[nodiscard]] Action go(qint64 now);
  [[nodiscard]] Action enter(Phase phase, qsizetype at, qint64 now);
  [[nodiscard]] Action onMode(const wire::ModeState& state, qint64 now);
  [[nodiscard]] Action onGatePassed(qint64 now);
  [[nodiscard]] Action onMatrix(const MatrixResult& result, qint64 now);
  [[nodiscard]] Action onFailure(const Failure& failure, const QString& reason, qint64 now);
  [[nodiscard]] Action fail(const Failure& failure, const QString& reason, qint64 now);
  [[nodiscard]] Action afterLook(qint64 now);
  [[nodiscard]] Action whilePaused(qint64 now);
  [[nodiscard]] Action onRenewed(const rollback::Event& event, qint64 now);
  [[nodiscard]] Action undo(const QString& reason, qint64 now);
  [[nodiscard]] Action nextUndo(qint64 now);
  [[nodiscard]] Action finish(RollbackOutcome::Result result, const QString& reason);
  [[nodiscard]] Action releaseNext();
  void concludeDone(qint64 now);
  void set(int step, RollbackStep::State state, const QString& detail = {});
  void skipWaiting();
  [[nodiscard]] int currentStep() const;
  [[nodiscard]] int slot() const;
  [[nodiscard]] QString name() const;

  RollbackPlan plan_;
  RollbackSpec spec_;
  RollbackOperation operation_;
  Phase phase_ = Phase::Look;
  qsizetype at_ = 0;  ///< of members; of the steps while putting back
  qint64 patientUntil_ = 0;
  int attempts_ = 0;
  bool pause_ = false, abort_ = false;
  bool mayHaveTaken_ = false;          ///< a POST ended without saying whether the mode is changed
  QHash<int, wire::ModeState> modes_;  ///< before
  QList<int> touched_;                 ///< slots whose mode is another than before, or may be
  QList<int> held_;                    ///< slots that took our operation
  qsizetype renewing_ = -1;            ///< of held_
  qint64 renewAt_ = 0, drainEndsAt_ = 0, longestDrainMs_ = 0;
  QStringList notRestored_;
  QString reason_;
  Failure failure_;
  std::set<int> changed_;
  rollback::Finish finish_;
};

}  // namespace vx11::cluster
