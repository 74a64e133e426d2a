// One operation on the cluster as the page follows it: its steps with the times they took, and its outcome. The job
// belongs to the cluster; what it told stays here when it is gone.
#pragma once

#include <QPointer>
#include <optional>

#include "cluster/cluster.h"

namespace vx11::ui {

struct TimedStep {
  cluster::RollbackStep step;
  qint64 beganAt = -1, endedAt = -1;  ///< console clock, ms; -1: not yet, or not while somebody looked
  friend bool operator==(const TimedStep& a, const TimedStep& b);
};

/// The share of refusals at which an operation stops: twice what was counted before it, and 0.01 at least.
[[nodiscard]] double gateOf(const QList<cluster::InstanceInfo>& instances);

class RollbackRun : public QObject {
  Q_OBJECT
 public:
  explicit RollbackRun(cluster::Cluster& cluster, QObject* parent = nullptr);

  /// False: this cluster can't do it at all. One at a time; the drain window of an earlier one is no longer counted.
  bool start(const cluster::RollbackSpec& spec, const QString& fromMode);
  /// Goes on with what was begun and not ended. False: it is gone, or another process works on it.
  bool resumeFrom(const cluster::UnfinishedRollback& unfinished);
  void forget();  ///< of one that has ended: nothing is told of it any more

  // To the job, while it runs.
  void abort();  ///< what was changed is put back
  void pause();  ///< after this step
  void goOn();
  void confirm();
  void retry();
  void skip(const QString& why);

  [[nodiscard]] bool exists() const { return exists_; }
  [[nodiscard]] bool running() const { return exists_ && !outcome_; }
  [[nodiscard]] bool aborting() const { return running() && aborting_; }
  [[nodiscard]] bool pausing() const;  ///< it was asked for, and a step still runs
  [[nodiscard]] bool paused() const;   ///< nothing runs until `goOn`
  [[nodiscard]] bool draining() const;
  /// A run that has changed something, or was about to: neither a dry one nor a refused one.
  [[nodiscard]] bool real() const;
  [[nodiscard]] const cluster::RollbackSpec& spec() const { return spec_; }
  [[nodiscard]] QString operationId() const { return operationId_; }
  [[nodiscard]] QStringList warnings() const { return warnings_; }
  [[nodiscard]] const QString& fromMode() const { return from_; }  ///< "hybrid"; empty: several, or unknown
  [[nodiscard]] const QDateTime& startedWhen() const { return startedWhen_; }
  [[nodiscard]] qint64 tookMs() const { return endedAt_ - startedAt_; }  ///< until its outcome
  [[nodiscard]] const QList<TimedStep>& steps() const { return steps_; }
  [[nodiscard]] const std::optional<cluster::RollbackOutcome>& outcome() const { return outcome_; }
  [[nodiscard]] int current() const;  ///< of the step that runs or asks; -1: none
  [[nodiscard]] int next() const;     ///< of the first that waits; -1: none
  [[nodiscard]] const cluster::RollbackStep* asking() const;
  /// How many instances were changed and not put back, and how many were to be.
  [[nodiscard]] int switched() const;
  [[nodiscard]] int toChange() const;
  /// The share of refusals that the operation stops at, by what was counted before it: 0.01 and more.
  [[nodiscard]] double gate() const { return gate_; }

 Q_SIGNALS:
  void changed();
  void ended();  ///< there is an outcome; the drain window may still count down

 private:
  void follow(cluster::RollbackJob* job, const cluster::RollbackSpec& spec, const QString& fromMode);
  void readAll();
  void read(int index);
  void keep(int index, const cluster::RollbackStep& told);
  void finish(const cluster::RollbackOutcome& outcome);

  cluster::Cluster& cluster_;
  QPointer<cluster::RollbackJob> job_;
  cluster::RollbackSpec spec_;
  QString from_, operationId_;
  QStringList warnings_;
  QList<TimedStep> steps_;
  std::optional<cluster::RollbackOutcome> outcome_;
  QDateTime startedWhen_;
  qint64 startedAt_ = 0, endedAt_ = 0;
  double gate_ = 0.01;
  bool exists_ = false, aborting_ = false;
};

}  // namespace vx11::ui
