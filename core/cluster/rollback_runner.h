// An operation on the cluster as a state machine without I/O: it is told what happened and says what to do next, one
// thing at a time. Whatever fails, it ends; what it may have changed, it puts back; what is saved of it goes on
// elsewhere, and asks what is so instead of doing it twice.
#pragma once

#include <set>
#include <variant>

#include "cluster/matrix.h"
#include "cluster/rollback_progress.h"

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
/// The command that still runs: as Run; an end that came during a Sign is told now. Any action but this and Sign ends
/// the command.
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
struct Written {
  QString copy = {};  ///< where the file as it was at first is kept; empty: nowhere, for it is as it was
};
struct Ran {
  int exitCode = -1;  ///< -1: it didn't exit by itself
  QStringList lastLines = {};
  QString problem = {};  ///< a sentence, where it didn't: no such program, timed out
  bool started = true;
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
  static constexpr qint64 startPatienceMs = 60'000;  ///< for a process to end or to be ready
  static constexpr qint64 retryMs = 250;
  static constexpr int leastAttempts = 2;
  static constexpr qint64 renewMs = 20'000;  ///< the hold on the mode (60 s) is renewed so often

  RollbackRunner(RollbackPlan plan, RollbackSpec spec, RollbackOperation operation);
  /// Nothing when it isn't what `saved` gave. `begin` goes on with it. Pauses aren't kept. A member for which there is
  /// no slot any more gets one that no instance has.
  [[nodiscard]] static std::optional<RollbackRunner> from(const QJsonObject& saved, const rollback::SlotOf& slotOf,
                                                          bool attended);
  [[nodiscard]] QJsonObject saved() const;

  /// The plan's refusal is its end.
  [[nodiscard]] rollback::Action begin(qint64 now);
  /// Instead of `begin`.
  [[nodiscard]] rollback::Action refuse(const Failure& failure);
  [[nodiscard]] rollback::Action next(const rollback::Event& event, qint64 now);

  // Heeded at the next event, which is the action's own; a wait is to be cut short for it.
  void pause() { pause_ = true; }
  void resume() { pause_ = false, nudged_ = true; }
  /// While things are put back: what still waits for old tokens, or for somebody, waits no longer.
  void abort() { abort_ = nudged_ = true; }
  // Of a step in state Asking; nothing in any other.
  void confirm() { answer(Answer::Confirm); }
  void retry() { answer(Answer::Retry); }
  void skip(const QString& why) { answer(Answer::Skip, why); }
  [[nodiscard]] bool paused() const { return pause_; }
  /// Something is being put back.
  [[nodiscard]] bool undoing() const { return progress_.undoing && !progress_.ended; }

  [[nodiscard]] const QList<RollbackStep>& steps() const { return plan().steps; }
  [[nodiscard]] const QStringList& warnings() const { return plan().warnings; }
  [[nodiscard]] const RollbackPlan& plan() const { return progress_.plan; }
  [[nodiscard]] const RollbackOperation& operation() const { return progress_.operation; }
  [[nodiscard]] const RollbackSpec& spec() const { return progress_.spec; }
  /// Which steps changed since the last call; they may be more in number than before.
  [[nodiscard]] std::set<int> takeChanged() { return std::exchange(changed_, {}); }

  /// After Done: counts the drain window down; false: there is nothing left to count.
  bool countDown(qint64 now);

 private:
  using Action = rollback::Action;
  using Event = rollback::Event;
  enum class Answer { None, Confirm, Retry, Skip };
  /// Of a step: what it does now.
  enum class Stage { See, Do, Reload, Try, Know, Wait };

  explicit RollbackRunner(rollback::Progress progress);

  // rollback_runner.cpp: what all steps have in common
  [[nodiscard]] Action emitted(Action action);
  [[nodiscard]] Action onSigned(const Event& event);
  [[nodiscard]] Action handle(const Event& event);
  [[nodiscard]] Action enter(int at);
  [[nodiscard]] Action start();
  [[nodiscard]] Action passed(const QString& detail = {});
  [[nodiscard]] Action again(const Failure& failure, const QString& reason);
  [[nodiscard]] Action fail(const Failure& failure, const QString& reason);
  [[nodiscard]] Action ask(const QString& what);
  [[nodiscard]] Action whileAsking();
  [[nodiscard]] Action skipped(const QString& detail);
  [[nodiscard]] Action undo(const QString& reason);
  [[nodiscard]] Action finish(RollbackOutcome::Result result, const QString& reason);
  void answer(Answer answer, const QString& why = {});
  void set(int step, RollbackStep::State state, const QString& detail = {});
  void note();
  void leaveOut();
  void leaveRoutingAsItIs();

  // rollback_resume.cpp
  [[nodiscard]] Action goOn();
  [[nodiscard]] Action onLookedAgain(const Event& event);

  // rollback_steps.cpp: modes, gates, tests
  [[nodiscard]] Action act();
  [[nodiscard]] Action on(const Event& event);
  [[nodiscard]] Action onConfirmed();
  [[nodiscard]] Action onLook(const Event& event);
  [[nodiscard]] Action afterLook();
  [[nodiscard]] Action onLock(const Event& event);
  [[nodiscard]] Action onSwitch(const Event& event);
  [[nodiscard]] Action onGate(const Event& event);
  [[nodiscard]] Action onMatrix(const Event& event);
  [[nodiscard]] Action onRelease(const Event& event);
  [[nodiscard]] Action onLookAtAll(const Event& event);
  [[nodiscard]] Action lookAtAll(QList<int> slotsAsked);

  // rollback_routing_steps.cpp: the nginx file, commands
  [[nodiscard]] Action write();
  [[nodiscard]] Action reload();
  [[nodiscard]] Action change();
  [[nodiscard]] Action onRoute(const Event& event);
  [[nodiscard]] Action onRan(const Event& event);
  [[nodiscard]] Action onSticky(const Event& event);
  [[nodiscard]] Action onReturn(const Event& event);
  [[nodiscard]] Action onUnroute(const Event& event);

  // rollback_waits.cpp: processes, windows
  [[nodiscard]] Action startInstance();
  [[nodiscard]] Action askAlive() { return rollback::AskAlive{current().slot}; }
  [[nodiscard]] Action onStop(const Event& event);
  [[nodiscard]] Action onStart(const Event& event);
  [[nodiscard]] Action afterDrainLook();
  [[nodiscard]] Action drain();
  [[nodiscard]] Action watch();
  [[nodiscard]] Action onWatch(const Event& event);

  [[nodiscard]] RollbackStep& current() { return progress_.plan.steps[progress_.at]; }
  [[nodiscard]] const RollbackStep& current() const { return progress_.plan.steps[progress_.at]; }
  [[nodiscard]] QString nameOf(int slot) const;
  /// What it puts back.
  [[nodiscard]] static QString subjectOf(const RollbackStep& step);
  [[nodiscard]] QList<int> lockable() const;
  [[nodiscard]] QList<int> switched() const;
  [[nodiscard]] QList<int> tested() const;
  [[nodiscard]] bool isAfterStart() const;
  static void touch(QList<int>& all, int slot);

  rollback::Progress progress_;
  bool resumed_ = false;   ///< the step may have had its effect already: reality is asked
  bool loaded_ = false;    ///< `begin` goes on
  bool entered_ = false;   ///< false: a pause keeps it from being begun
  bool looksAgain_ = false, retrying_ = false, signing_ = false, finished_ = false;
  bool pause_ = false, abort_ = false, nudged_ = false;
  bool waited_ = false;    ///< time has passed since all were looked at
  Stage stage_ = Stage::See;
  Answer answer_ = Answer::None;
  QString why_;
  QHash<int, wire::ModeState> modes_;  ///< as told at first
  QList<int> asked_;       ///< who is looked at, one after the other
  qsizetype index_ = 0;    ///< of asked_
  QStringList silent_;     ///< who didn't answer
  int attempts_ = 0, goneSeen_ = 0;
  bool mayHaveTaken_ = false;  ///< a POST ended without saying whether the mode is changed
  bool drained_ = false;
  rollback::Progress::Reload reloadBefore_ = rollback::Progress::Reload::None;
  qint64 now_ = 0, patientUntil_ = 0, renewAt_ = 0;
  qint64 longestDrainMs_ = 0, drainEndsAt_ = 0, watchEndsAt_ = -1, countAt_ = 0;
  QList<rollback::Sign> signs_;  ///< before the next action
  Action pending_;               ///< after them
  Failure failure_;
  std::set<int> changed_;
  rollback::Finish finish_;
};

}  // namespace vx11::cluster
