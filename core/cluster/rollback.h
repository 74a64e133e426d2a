// A change of the whole cluster's mode, one instance at a time. The job; its plan and runner are state machines without
// I/O in rollback_plan.h and rollback_runner.h.
#pragma once

#include <QList>
#include <QString>
#include <optional>

#include "cluster/jobs.h"
#include "cluster/matrix.h"

namespace vx11::cluster {

struct RollbackSpec {
  QString to = QStringLiteral("memory");  ///< "memory", "redis", "hybrid", "signed"
  bool dryRun = false;                    ///< says what it would do, and changes nothing
  QString owner;                          ///< who does it: shown to others that want to
};

struct RollbackStep {
  /// `Gate`: its own issue and check. `Matrix`: the cross-instance test at the end. `Drain`: counts the window down.
  enum class Kind { Look, Switch, Gate, Matrix, Drain, Restore };
  enum class State { Waiting, Running, Done, Failed, Skipped };

  Kind kind = Kind::Look;
  State state = State::Waiting;
  int slot = -1;           ///< of the instance; -1: the cluster's
  QString instance;        ///< its id
  QString from, to;        ///< modes, of Switch and Restore
  QString detail;          ///< what came of it, for people
  qint64 remainingMs = 0;  ///< of Drain while it runs
};

struct RollbackOutcome {
  enum class Result { Done, Aborted, Refused };
  Result result = Result::Done;
  QString reason;          ///< a sentence, of Aborted and Refused
  bool restored = true;    ///< after an abort: everything is as it was
  Failure failure;         ///< the call that was the reason, or Failure::Kind::ReadOnly
  MatrixResult matrix;     ///< of the last test at the end; without cells: it didn't come to one
};

/// Ends by itself; `cancel` is an abort: what was changed is put back, in reverse order. `finished` comes once all is
/// switched and gated. While a step of kind Drain still runs then, the job stays and tells how it counts down; `cancel`
/// ends just that.
class RollbackJob : public Job {
  Q_OBJECT
 public:
  using Job::Job;
  [[nodiscard]] virtual const QList<RollbackStep>& steps() const = 0;
  /// No further instance is begun until `resume`.
  virtual void pause() = 0;
  virtual void resume() = 0;
  [[nodiscard]] virtual bool paused() const = 0;

 Q_SIGNALS:
  void stepsChanged();                                  ///< their number: the plan is known
  void stepChanged(int index);
  void finished(const vx11::cluster::RollbackOutcome& outcome);
};

}  // namespace vx11::cluster
