// An operation on the cluster as a state machine without I/O: it is told what happened and says what to do next, one
// thing at a time. Whatever fails, it ends; what it may have changed, it puts back; what is saved of it goes on
// elsewhere, and asks what is so instead of doing it twice.
#pragma once

#include <QJsonObject>
#include <set>
#include <variant>

#include "cluster/matrix.h"
#include "cluster/rollback_plan.h"

namespace vx11::cluster {

namespace rollback {

// What is to be done. Each ends in exactly one event: the one that is named, or Failed.
/// GET mode: ModeTold.
struct Look {
  int slot = 0;
};
/// A sign of life of the operation on each of them at the same time, with a deadline of a second: Signed.
struct Sign {
  QList<int> members;
  QString text;          ///< for their audit logs; empty: no entry
  bool release = false;  ///< the hold ends
};
/// POST mode, with the operation: ModeTold.
struct Post {
  int slot = 0;
  QString mode;
};
/// A token there, short-lived: Issued.
struct Issue {
  int slot = 0;
};
/// Of that token, on the same: Checked. On a backend without `validate` by a stream.
struct Check {
  int slot = 0;
};
/// The nginx file from `before` to `after`; where it holds `after` already nothing is done, and what neither of them
/// begins is a failure: Written.
struct WriteFile {
  QByteArray before, after;
};
/// The nginx file from `after` back to what it was at first: Written.
struct PutFileBack {
  QByteArray after;
};
/// A command of the operator's, with its placeholders filled in: Ran; or TimeCame after `RollbackRunner::renewMs`, and
/// when something was asked for meanwhile, while it still runs.
struct Run {
  QStringList command;
  int slot = -1;         ///< for whom; -1: nginx
  bool restart = false;  ///< its time-out is that of a restart
};
/// The command that still runs: as Run. Any action but this and Sign ends the command.
struct Await {};
/// Through the balancer, several times: Probed.
struct ProbeRouting {
  bool sticky = false;
};
/// It stops gracefully: Drained.
struct DrainInstance {
  int slot = 0;
};
/// Alive, whatever comes of it; Failed isn't used.
struct AskAlive {
  int slot = 0;
};
/// The cross-instance test over these members: MatrixTold.
struct RunMatrix {
  QList<int> members;
};
/// Counters of their checks: Counted.
struct Count {
  QList<int> members;
};
/// TimeCame, also when something was asked for meanwhile: the job cuts it short.
struct WaitUntil {
  qint64 at = 0;
};
/// The last: nothing comes after it.
struct Finish {
  RollbackOutcome outcome;
};
using Action = std::variant<Look, Sign, Post, Issue, Check, WriteFile, PutFileBack, Run, Await, ProbeRouting,
                            DrainInstance, AskAlive, RunMatrix, Count, WaitUntil, Finish>;

// What came of it.
struct ModeTold {
  wire::ModeState state;
};
struct Signed {
  QHash<int, Failure> failures;  ///< by slot; the others took it
};
struct Issued {};
struct Checked {
  bool accepted = false;
  QString reason;
};
struct Written {};
struct Ran {
  int exitCode = -1;  ///< -1: it didn't exit by itself
  QStringList lastLines = {};
  QString problem = {};  ///< a sentence, where it didn't: no such program, timed out
};
/// Answers to this machine by who gave them; "": it didn't say.
struct Probed {
  QHash<QString, int> answers;
  QString problem = {};  ///< a sentence: no answer, or a token that was refused
};
struct Drained {};
struct Alive {
  bool reachable = false, ready = false;
  qint64 bootMs = 0;  ///< when its process began, in wall time; 0: it doesn't tell
};
struct MatrixTold {
  MatrixResult result;
};
/// Since the instance's start, without those that the operation itself caused. "Can't tell" is no refusal.
struct Counters {
  qint64 checks = 0, refused = 0;
};
struct Counted {
  QHash<int, Counters> counters;  ///< by slot; who doesn't tell is missing
};
struct TimeCame {};
struct Failed {
  Failure failure;
  QString sentence = {};  ///< instead, where it was no call
};
using Event = std::variant<ModeTold, Signed, Issued, Checked, Written, Ran, Probed, Drained, Alive, MatrixTold, Counted,
                           TimeCame, Failed>;

/// Does it change anything? Then `RollbackRunner::saved` belongs on the disk before it is done.
[[nodiscard]] bool hasEffect(const Action& action);

}  // namespace rollback

/// Times are of the console clock, in ms.
class RollbackRunner {
 public:
  static constexpr qint64 patienceMs = 3000;  ///< for a call that fails and for a gate
  static constexpr qint64 retryMs = 250;
  static constexpr qint64 renewMs = 20'000;  ///< the hold on the mode (60 s) is renewed so often

  RollbackRunner(RollbackPlan plan, RollbackSpec spec, RollbackOperation operation);
  /// Nothing when it isn't what `saved` gave. `begin` goes on with it. Pauses aren't kept.
  [[nodiscard]] static std::optional<RollbackRunner> from(const QJsonObject& saved, bool attended);
  [[nodiscard]] QJsonObject saved() const;

  /// The plan's refusal is its end.
  [[nodiscard]] rollback::Action begin(qint64 now);
  /// Instead of `begin`.
  [[nodiscard]] rollback::Action refuse(const Failure& failure);
  [[nodiscard]] rollback::Action next(const rollback::Event& event, qint64 now);

  // Heeded at the next event, which is the action's own; a wait is to be cut short for it.
  void pause() { pause_ = true; }
  void resume() { pause_ = false; }
  /// While things are put back: what still waits for old tokens, or for somebody, waits no longer.
  void abort() { abort_ = true; }
  // Of a step in state Asking; nothing in any other.
  void confirm();
  void retry();
  void skip(const QString& why);
  [[nodiscard]] bool paused() const { return pause_; }
  /// Something is being put back.
  [[nodiscard]] bool undoing() const { return phase_ == Phase::Restore || phase_ == Phase::RestoreGate; }

  [[nodiscard]] const QList<RollbackStep>& steps() const { return plan_.steps; }
  [[nodiscard]] const QStringList& warnings() const { return plan_.warnings; }
  [[nodiscard]] const RollbackOperation& operation() const { return operation_; }
  [[nodiscard]] const RollbackSpec& spec() const { return spec_; }
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
