#include "pages/rollback_run.h"

#include <algorithm>
#include <tuple>

namespace vx11::ui {

using cluster::RollbackJob;
using cluster::RollbackOutcome;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

constexpr double smallestGate = 0.01;

}  // namespace

double gateOf(const QList<cluster::InstanceInfo>& instances) {
  qint64 checked = 0, refused = 0;
  for (const auto& info : instances) {
    checked += info.checkedTotal.value_or(0);
    refused += info.refusedTotal.value_or(0);
  }
  const double share = checked > 0 ? static_cast<double>(refused) / static_cast<double>(checked) : 0;
  return std::clamp(2 * share, smallestGate, 1.0);
}

namespace {

bool changes(const RollbackStep& step) {
  return step.kind == Kind::Switch || step.kind == Kind::Change || step.kind == Kind::Start;
}

}  // namespace

bool operator==(const TimedStep& a, const TimedStep& b) {
  const auto parts = [](const TimedStep& t) {
    return std::tie(t.step.kind, t.step.state, t.step.slot, t.step.instance, t.step.from, t.step.to, t.step.detail,
                    t.step.failed, t.step.remainingMs, t.beganAt, t.endedAt);
  };
  return parts(a) == parts(b);
}

RollbackRun::RollbackRun(cluster::Cluster& cluster, QObject* parent) : QObject(parent), cluster_(cluster) {}

bool RollbackRun::start(const cluster::RollbackSpec& spec, const QString& fromMode) {
  if (running()) return true;
  RollbackJob* job = cluster_.rollBack(spec);
  if (job == nullptr) return false;
  follow(job, spec, fromMode);
  return true;
}

bool RollbackRun::resumeFrom(const cluster::UnfinishedRollback& unfinished) {
  if (running()) return false;
  RollbackJob* job = cluster_.resumeRollback(unfinished.id, true);
  if (job == nullptr) return false;
  QString from;
  for (const RollbackStep& step : unfinished.steps)
    if (from.isEmpty() && step.kind == Kind::Switch) from = step.from;
  follow(job, unfinished.spec, from);
  return true;
}

void RollbackRun::follow(RollbackJob* job, const cluster::RollbackSpec& spec, const QString& fromMode) {
  forget();
  job_ = job;
  spec_ = spec;
  from_ = fromMode;
  exists_ = true;
  startedAt_ = endedAt_ = cluster_.now();
  startedWhen_ = QDateTime::currentDateTime();
  gate_ = gateOf(cluster_.instances());
  connect(job, &RollbackJob::stepsChanged, this, &RollbackRun::readAll);
  connect(job, &RollbackJob::stepChanged, this, &RollbackRun::read);
  connect(job, &RollbackJob::finished, this, &RollbackRun::finish);
  readAll();
}

void RollbackRun::abort() {
  if (!running() || !job_) return;
  aborting_ = true;
  job_->cancel();
  Q_EMIT changed();
}

void RollbackRun::pause() {
  if (!running() || !job_) return;
  job_->pause();
  Q_EMIT changed();
}

void RollbackRun::goOn() {
  if (!running() || !job_) return;
  job_->resume();
  Q_EMIT changed();
}

void RollbackRun::confirm() {
  if (running() && job_) job_->confirm();
}

void RollbackRun::retry() {
  if (running() && job_) job_->retry();
}

void RollbackRun::skip(const QString& why) {
  if (running() && job_) job_->skip(why);
}

void RollbackRun::forget() {
  if (running()) return;
  if (job_) {
    job_->disconnect(this);
    job_->cancel();  // ends the countdown alone
  }
  job_ = nullptr;
  steps_.clear();
  warnings_.clear();
  operationId_.clear();
  outcome_.reset();
  exists_ = aborting_ = false;
  Q_EMIT changed();
}

bool RollbackRun::pausing() const {
  const int index = current();
  return running() && job_ && job_->paused() && index >= 0 && steps_.at(index).step.state == State::Running;
}

bool RollbackRun::paused() const { return running() && job_ && job_->paused() && current() < 0; }

bool RollbackRun::draining() const {
  return outcome_ && std::any_of(steps_.begin(), steps_.end(), [](const TimedStep& each) {
           return each.step.kind == Kind::Drain && each.step.state == State::Running;
         });
}

bool RollbackRun::real() const {
  return exists_ && !spec_.dryRun && (!outcome_ || outcome_->result != RollbackOutcome::Result::Refused);
}

int RollbackRun::current() const {
  const auto found = std::find_if(steps_.begin(), steps_.end(), [](const TimedStep& each) {
    return each.step.state == State::Running || each.step.state == State::Asking;
  });
  return found == steps_.end() ? -1 : static_cast<int>(found - steps_.begin());
}

int RollbackRun::next() const {
  const auto found = std::find_if(steps_.begin(), steps_.end(),
                                  [](const TimedStep& each) { return each.step.state == State::Waiting; });
  return found == steps_.end() ? -1 : static_cast<int>(found - steps_.begin());
}

const RollbackStep* RollbackRun::asking() const {
  const int index = running() ? current() : -1;
  return index >= 0 && steps_.at(index).step.state == State::Asking ? &steps_.at(index).step : nullptr;
}

int RollbackRun::switched() const {
  const auto done = [this](const auto& counts) {
    return std::count_if(steps_.begin(), steps_.end(), [&](const TimedStep& each) {
      return each.step.state == State::Done && counts(each.step);
    });
  };
  return static_cast<int>(done(changes) - done([](const RollbackStep& step) { return step.kind == Kind::Restore; }));
}

int RollbackRun::toChange() const {
  return static_cast<int>(
      std::count_if(steps_.begin(), steps_.end(), [](const TimedStep& each) { return changes(each.step); }));
}

void RollbackRun::readAll() {
  if (!job_) return;
  const auto& told = job_->steps();
  steps_.resize(told.size());
  for (int i = 0; i < told.size(); ++i) keep(i, told.at(i));
  operationId_ = job_->operationId();
  warnings_ = job_->warnings();
  Q_EMIT changed();
}

void RollbackRun::read(int index) {
  if (!job_ || index < 0 || index >= steps_.size()) return;
  keep(index, job_->steps().at(index));
  warnings_ = job_->warnings();
  Q_EMIT changed();
}

// What nobody here saw running took a time that nobody measured.
void RollbackRun::keep(int index, const RollbackStep& told) {
  TimedStep& mine = steps_[index];
  const bool again = mine.endedAt >= 0 && (told.state == State::Running || told.state == State::Waiting);
  if (again) mine.beganAt = mine.endedAt = -1;
  mine.step = told;
  const bool open = told.state == State::Running || told.state == State::Asking;
  const bool ended = told.state == State::Done || told.state == State::Failed;
  if (open && mine.beganAt < 0) mine.beganAt = cluster_.now();
  if (ended && mine.beganAt >= 0 && mine.endedAt < 0) mine.endedAt = cluster_.now();
}

void RollbackRun::finish(const RollbackOutcome& outcome) {
  endedAt_ = cluster_.now();
  outcome_ = outcome;
  aborting_ = false;
  Q_EMIT changed();
  Q_EMIT ended();
}

}  // namespace vx11::ui
