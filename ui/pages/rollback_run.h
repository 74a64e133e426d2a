// One change of mode as the page follows it: its steps with the times they took, and its outcome. The job belongs to
// the cluster; what it told stays here when it is gone.
#pragma once

#include <QPointer>
#include <optional>

#include "cluster/cluster.h"

namespace vx11::ui {

struct TimedStep {
  cluster::RollbackStep step;
  qint64 beganAt = -1, endedAt = -1;  ///< console clock, ms; -1: not yet
  friend bool operator==(const TimedStep& a, const TimedStep& b);
};

class RollbackRun : public QObject {
  Q_OBJECT
 public:
  explicit RollbackRun(cluster::Cluster& cluster, QObject* parent = nullptr);

  /// False: this cluster can't do it at all. One at a time; the drain window of an earlier one is no longer counted.
  bool start(const cluster::RollbackSpec& spec, const QString& fromMode);
  void abort();   ///< what was changed is put back
  void forget();  ///< of one that has ended: nothing is told of it any more

  [[nodiscard]] bool exists() const { return exists_; }
  [[nodiscard]] bool running() const { return exists_ && !outcome_; }
  [[nodiscard]] bool aborting() const { return running() && aborting_; }
  [[nodiscard]] bool draining() const;
  [[nodiscard]] const cluster::RollbackSpec& spec() const { return spec_; }
  [[nodiscard]] const QString& fromMode() const { return from_; }  ///< "hybrid"; empty: several, or unknown
  [[nodiscard]] const QDateTime& startedWhen() const { return startedWhen_; }
  [[nodiscard]] qint64 tookMs() const { return endedAt_ - startedAt_; }  ///< until its outcome
  [[nodiscard]] const QList<TimedStep>& steps() const { return steps_; }
  [[nodiscard]] const std::optional<cluster::RollbackOutcome>& outcome() const { return outcome_; }
  [[nodiscard]] int current() const;  ///< of the step that runs; -1: none
  /// How many instances were switched and not put back.
  [[nodiscard]] int switched() const;

 Q_SIGNALS:
  void changed();
  void ended();  ///< there is an outcome; the drain window may still count down

 private:
  void readAll();
  void read(int index);
  void keep(int index, const cluster::RollbackStep& told);
  void finish(const cluster::RollbackOutcome& outcome);

  cluster::Cluster& cluster_;
  QPointer<cluster::RollbackJob> job_;
  cluster::RollbackSpec spec_;
  QString from_;
  QList<TimedStep> steps_;
  std::optional<cluster::RollbackOutcome> outcome_;
  QDateTime startedWhen_;
  qint64 startedAt_ = 0, endedAt_ = 0;
  bool exists_ = false, aborting_ = false;
};

}  // namespace vx11::ui
