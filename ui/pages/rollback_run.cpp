#include "pages/rollback_run.h"

#include <algorithm>
#include <tuple>

namespace vx11::ui {

using cluster::RollbackJob;
using cluster::RollbackOutcome;
using Kind = cluster::RollbackStep::Kind;
using State = cluster::RollbackStep::State;

bool operator==(const TimedStep& a, const TimedStep& b) {
  const auto parts = [](const TimedStep& t) {
    return std::tie(t.step.kind, t.step.state, t.step.slot, t.step.instance, t.step.from, t.step.to, t.step.detail,
                    t.step.remainingMs, t.beganAt, t.endedAt);
  };
  return parts(a) == parts(b);
}

RollbackRun::RollbackRun(cluster::Cluster& cluster, QObject* parent) : QObject(parent), cluster_(cluster) {}

bool RollbackRun::start(const cluster::RollbackSpec& spec, const QString& fromMode) {
  if (running()) return true;
  RollbackJob* job = cluster_.rollBack(spec);
  if (job == nullptr) return false;
  forget();
  job_ = job;
  spec_ = spec;
  from_ = fromMode;
  exists_ = true;
  startedAt_ = endedAt_ = cluster_.now();
  startedWhen_ = QDateTime::currentDateTime();
  connect(job, &RollbackJob::stepsChanged, this, &RollbackRun::readAll);
  connect(job, &RollbackJob::stepChanged, this, &RollbackRun::read);
  connect(job, &RollbackJob::finished, this, &RollbackRun::finish);
  readAll();
  return true;
}

void RollbackRun::abort() {
  if (!running() || !job_) return;
  aborting_ = true;
  job_->cancel();
  Q_EMIT changed();
}

void RollbackRun::forget() {
  if (running()) return;
  if (job_) {
    job_->disconnect(this);
    job_->cancel();  // ends the countdown alone
  }
  job_ = nullptr;
  steps_.clear();
  outcome_.reset();
  exists_ = aborting_ = false;
  Q_EMIT changed();
}

bool RollbackRun::draining() const {
  return outcome_ && std::any_of(steps_.begin(), steps_.end(), [](const TimedStep& each) {
           return each.step.kind == Kind::Drain && each.step.state == State::Running;
         });
}

int RollbackRun::current() const {
  const auto found = std::find_if(steps_.begin(), steps_.end(),
                                  [](const TimedStep& each) { return each.step.state == State::Running; });
  return found == steps_.end() ? -1 : static_cast<int>(found - steps_.begin());
}

int RollbackRun::switched() const {
  const auto done = [this](Kind kind) {
    return std::count_if(steps_.begin(), steps_.end(), [kind](const TimedStep& each) {
      return each.step.kind == kind && each.step.state == State::Done;
    });
  };
  return static_cast<int>(done(Kind::Switch) - done(Kind::Restore));
}

void RollbackRun::readAll() {
  const auto& told = job_->steps();
  steps_.resize(told.size());
  for (int i = 0; i < told.size(); ++i) keep(i, told.at(i));
  Q_EMIT changed();
}

void RollbackRun::read(int index) {
  if (!job_ || index >= steps_.size()) return;
  keep(index, job_->steps().at(index));
  Q_EMIT changed();
}

void RollbackRun::keep(int index, const cluster::RollbackStep& told) {
  TimedStep& mine = steps_[index];
  mine.step = told;
  const State state = mine.step.state;
  const bool begun = state != State::Waiting && state != State::Skipped;
  if (begun && mine.beganAt < 0) mine.beganAt = cluster_.now();
  if (begun && state != State::Running && mine.endedAt < 0) mine.endedAt = cluster_.now();
}

void RollbackRun::finish(const RollbackOutcome& outcome) {
  endedAt_ = cluster_.now();
  outcome_ = outcome;
  aborting_ = false;
  Q_EMIT changed();
  Q_EMIT ended();
}

}  // namespace vx11::ui
