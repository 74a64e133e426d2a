// The common half of jobs that make many requests: starts them from the event loop, reports progress at most twenty
// times a second, ends once and then deletes the job.
#pragma once

#include <QPointer>
#include <QTimer>
#include <utility>

#include "cluster/job_context.h"

namespace vx11::cluster {

/// `JobType` is IssueJob, CheckJob or RevokeJob. A subclass implements `step`.
template <typename JobType>
class SteppedJob : public JobType {
 public:
  SteppedJob(JobContext& context, int total, QObject* parent) : JobType(parent), context_(context), total_(total) {
    progress_.setSingleShot(true);
    QObject::connect(&progress_, &QTimer::timeout, this, [this] { Q_EMIT this->progressed(done_, total_); });
    later();
  }
  [[nodiscard]] int done() const override { return done_; }
  [[nodiscard]] int total() const override { return total_; }

 protected:
  /// Starts what can be started, or ends the job when nothing is left. Called once at first and after `later`.
  virtual void step() = 0;

  void later() {
    QTimer::singleShot(0, this, [this] {
      if (!ended_) step();
    });
  }
  void advance(int by = 1) {
    done_ += by;
    if (!progress_.isActive()) progress_.start(50);
  }
  /// The last thing a job does.
  template <typename Outcome>
  void end(const Outcome& outcome) {
    if (std::exchange(ended_, true)) return;
    QPointer<QObject> alive(this);
    if (progress_.isActive()) Q_EMIT this->progressed(done_, total_);
    if (alive) progress_.stop();
    if (alive) Q_EMIT this->finished(outcome);
    if (alive) this->deleteLater();
  }
  [[nodiscard]] bool ended() const { return ended_; }

  JobContext& context_;

 private:
  QTimer progress_;
  int done_ = 0, total_ = 0;
  bool ended_ = false;
};

}  // namespace vx11::cluster
