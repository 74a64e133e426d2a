// An operation on the cluster as a state machine without I/O: it is told what happened and says what to do next, one
// thing at a time. Whatever fails, it ends; what it may have changed, it puts back; what is saved of it goes on
// elsewhere, and asks what is so instead of doing it twice.
#pragma once

#include <set>

#include "cluster/rollback_actions.h"

namespace vx11::cluster {

/// Times are of the console clock, in ms.
class RollbackRunner {
 public:
  static constexpr qint64 patienceMs = 3000;         ///< for a call that fails and for a gate
  static constexpr qint64 startPatienceMs = 60'000;  ///< for a process to end or to be ready
  static constexpr qint64 retryMs = 250;
  static constexpr int leastAttempts = 2;
  static constexpr qint64 settleMs = 1000;   ///< from a reload to when nobody is routed by the old file any more
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
  [[nodiscard]] Action settle(const rollback::Ran& ran);
  [[nodiscard]] Action onSettled();
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
  bool resumed_ = false;  ///< the step may have had its effect already: reality is asked
  bool loaded_ = false;   ///< `begin` goes on
  bool entered_ = false;  ///< false: a pause keeps it from being begun
  bool looksAgain_ = false, retrying_ = false, signing_ = false, finished_ = false;
  bool pause_ = false, abort_ = false, nudged_ = false;
  bool waited_ = false;  ///< time has passed since all were looked at
  Stage stage_ = Stage::See;
  Answer answer_ = Answer::None;
  QString why_;
  QHash<int, wire::ModeState> modes_;  ///< as told at first
  QList<int> asked_;                   ///< who is looked at, one after the other
  qsizetype index_ = 0;                ///< of asked_
  QStringList silent_;                 ///< who didn't answer
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
