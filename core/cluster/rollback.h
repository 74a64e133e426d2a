// An operation on the whole cluster, one instance at a time: a change of its mode with the routing that goes with it,
// or a rolling restart. The job; its plan and runner are state machines without I/O in rollback_plan.h and
// rollback_runner.h, and what is left of an interrupted one is in rollback_store.h.
#pragma once

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

#include "cluster/jobs.h"
#include "cluster/matrix.h"

namespace vx11::cluster {

struct RollbackSpec {
  enum class Plan { Mode, Restart };
  Plan plan = Plan::Mode;
  /// "memory", "single" (memory mode on one instance, the others drained), "redis", "hybrid", "signed"; of Plan::Mode.
  QString to = QStringLiteral("memory");
  QString keep = {};      ///< id or URL of the one that stays, of "single"
  QStringList skip = {};  ///< ids or URLs that are left out by the operator's word
  bool dryRun = false;    ///< says what it would do, and changes nothing
  /// A step that fails waits for the operator's word (`retry`, `skip`, `cancel`); else it aborts by itself.
  bool attended = false;
  bool breakLock = false;           ///< takes the place of an operation that gave no sign for 60 s
  QString owner = {};               ///< who does it: shown to others that want to
  QString nginxFile = {};           ///< holds the upstream between our marks; empty: routing is left as it is
  QStringList reloadCommand = {};   ///< argument vector, without a shell; empty: the operator reloads, or nobody
  QStringList restartCommand = {};  ///< likewise; "{id}" and "{url}" in it stand for the instance's
  /// How long refusals are watched after the drain window. 0: neither is waited for; `finished` comes once all is
  /// switched and tested, and the window is counted down after it. Before instances are stopped and before sticky
  /// routing ends the window is waited for in any case: tokens would be lost.
  int watchSec = 0;
};

struct RollbackStep {
  enum class Kind {
    Look,     ///< pre-checks
    Lock,     ///< the mode of every instance is held by this operation
    Route,    ///< the upstream and its locations are written into the nginx file
    Reload,   ///< the reload command
    Sticky,   ///< through the balancer: one client stays on one instance; of one instance: it sends to it again
    Switch,   ///< the mode of one instance
    Gate,     ///< its own issue and check
    Change,   ///< a backend that can't switch: by the restart command, or by hand
    Stop,     ///< one instance is drained and ends
    Start,    ///< it is started again, by the restart command or by hand, and is healthy
    Matrix,   ///< the cross-instance test
    Drain,    ///< counts the drain window down
    Watch,    ///< refusals against their level before
    Release,  ///< the hold on the modes ends
    Restore,  ///< undoes a Switch
    Unroute,  ///< undoes a Route, byte for byte, and reloads
  };
  /// `Asking`: waits for the operator: to do something by hand and `confirm` it, or, after a failure (then `failed`),
  /// for `retry`, `skip` or `cancel`.
  enum class State { Waiting, Running, Done, Failed, Skipped, Asking };

  Kind kind = Kind::Look;
  State state = State::Waiting;
  int slot = -1;               ///< of the instance; -1: the cluster's
  QString instance = {};       ///< its id
  QString from = {}, to = {};  ///< modes, of Switch and Restore
  QStringList servers = {};    ///< of the upstream, of Route
  bool sticky = false;         ///< of Route and Sticky: one client stays on one instance, or no longer has to
  QStringList command = {};    ///< of Reload, Change, Start: what will be run; empty: by hand
  bool failed = false;         ///< of Asking
  QString detail = {};         ///< what came of it, or what is asked, for people
  qint64 remainingMs = 0;      ///< of Drain and Watch while they run
};

/// Another operation that holds the modes, as the instance told that named it.
struct RollbackHolder {
  QString owner;
  QDateTime since, lastSign;
  bool lapsed = false;  ///< no sign for 60 s: `breakLock` takes its place
};

struct RollbackOutcome {
  enum class Result { Done, Aborted, Refused };
  Result result = Result::Done;
  QString reason;        ///< a sentence, of Aborted and Refused
  bool restored = true;  ///< after an abort: everything is as it was
  Failure failure;       ///< the call that was the reason, or Failure::Kind::ReadOnly
  MatrixResult matrix;   ///< of the last test at the end; without cells: it didn't come to one
  std::optional<RollbackHolder> heldBy;  ///< of Refused, where that was the reason
};

/// What is known before anything was asked: for the page, and for who has to say yes.
struct RollbackOutlook {
  QString refusal;       ///< a sentence; empty: it can be begun
  QStringList warnings;  ///< sentences
  /// What will change, on how many instances, how long it takes, what clients notice, and what can't be kept.
  QString summary;
  QList<RollbackStep> steps;
};

/// An operation that was begun and not ended, as the file on this machine tells it.
struct UnfinishedRollback {
  QString id;  ///< of the operation
  RollbackSpec spec;
  QDateTime begun, lastSaved;
  QList<RollbackStep> steps;
  qint64 processId = 0;  ///< who works on it
  bool running = false;  ///< that process still lives: it can't be resumed here
};

/// Ends by itself; `cancel` is an abort: what was changed is put back, in reverse order. `finished` comes at the end;
/// where the watch time is 0, once all is switched and tested: while the step of kind Drain still runs then, the job
/// stays and tells how it counts down; `cancel` ends just that.
class RollbackJob : public Job {
  Q_OBJECT
 public:
  using Job::Job;
  [[nodiscard]] virtual const QList<RollbackStep>& steps() const = 0;
  [[nodiscard]] virtual QString operationId() const { return {}; }
  [[nodiscard]] virtual QStringList warnings() const { return {}; }
  /// No further step is begun until `resume`.
  virtual void pause() = 0;
  virtual void resume() = 0;
  [[nodiscard]] virtual bool paused() const = 0;
  // Of a step in state Asking; nothing in any other.
  virtual void confirm() {}                             ///< it was done by hand
  virtual void retry() {}                               ///< of one that failed
  virtual void skip(const QString& why){Q_UNUSED(why)}  ///< of one that failed, the reason is kept with it

  Q_SIGNALS : void stepsChanged();  ///< their number: the plan is known
  void stepChanged(int index);
  void finished(const vx11::cluster::RollbackOutcome& outcome);
};

}  // namespace vx11::cluster
