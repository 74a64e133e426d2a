#include "cluster/rollback_job.h"

#include "cluster/rollback_words.h"

namespace vx11::cluster {

using namespace rollback;

namespace {

constexpr std::chrono::seconds drainBeat{1};
QString wordOfPlan(RollbackSpec::Plan plan) {
  return plan == RollbackSpec::Plan::Restart ? QStringLiteral("restart") : QStringLiteral("mode");
}

const auto runnerPart = QStringLiteral("runner"), ownPart = QStringLiteral("own_checks");

}  // namespace

LiveRollbackJob::LiveRollbackJob(const JobContext& context, RollbackRunner runner, std::optional<SavedRollback> kept,
                                 QObject* parent)
    : RollbackJob(parent), given_(context), context_(context), runner_(std::move(runner)), kept_(std::move(kept)) {
  context_.canChange = [this] { return mayChange(); };
  resumed_ = isKept_ = kept_ && !kept_->state.isEmpty();
  if (resumed_) own_ = OwnChecks::from(kept_->state.value(ownPart).toObject(), context_.instances);
  wait_.setSingleShot(true);
  connect(&wait_, &QTimer::timeout, this, [this] {
    awaiting_ = false;
    if (const auto ran = std::exchange(ran_, std::nullopt))
      proceed(*ran);
    else
      proceed(TimeCame{});
  });
  connect(&drain_, &QTimer::timeout, this, [this] {
    const bool counting = runner_.countDown(context_.now());
    if (!tellChanges() || counting) return;
    drain_.stop();
    deleteLater();
  });
  QTimer::singleShot(0, this, &LiveRollbackJob::begin);
}

LiveRollbackJob::~LiveRollbackJob() {
  call_.cancel();
  for (HttpCall& call : calls_) call.cancel();
  if (isKept_) store_.letGo(kept_->id);
}

QJsonObject LiveRollbackJob::runnerIn(const QJsonObject& state) { return state.value(runnerPart).toObject(); }

int LiveRollbackJob::done() const {
  return static_cast<int>(std::count_if(steps().begin(), steps().end(), [](const RollbackStep& step) {
    return step.state == RollbackStep::State::Done || step.state == RollbackStep::State::Failed ||
           step.state == RollbackStep::State::Skipped;
  }));
}

void LiveRollbackJob::begin() {
  const RollbackSpec& spec = runner_.spec();
  context_.log(Severity::Warning,
               spec.dryRun ? QStringLiteral("rollback_looked")
               : resumed_  ? QStringLiteral("rollback_resumed")
                           : QStringLiteral("rollback_begun"),
               {{QStringLiteral("plan"), wordOfPlan(spec.plan)},
                {QStringLiteral("to"), spec.to},
                {QStringLiteral("instances"), static_cast<int>(context_.instances.size())},
                {QStringLiteral("owner"), runner_.operation().owner},
                {QStringLiteral("operation_id"), runner_.operation().id}},
               {});
  const QPointer<QObject> alive(this);
  toldSteps_ = steps().size();
  Q_EMIT stepsChanged();
  if (!alive) return;
  const bool allowed = spec.dryRun || context_.canChange();
  begun_ = allowed;
  perform(allowed ? runner_.begin(context_.now())
                  : runner_.refuse(failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"))));
}

void LiveRollbackJob::proceed(const Event& event) { perform(runner_.next(event, context_.now())); }

void LiveRollbackJob::perform(const Action& action) {
  keep(action);
  if (!tellChanges()) return;
  if (!isAllowed(action)) return proceed(Failed{failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"))});
  const bool goesOnWithCommand = std::holds_alternative<Await>(action) || std::holds_alternative<Sign>(action);
  if (!goesOnWithCommand) endCommand();
  std::visit([this](const auto& one) { carryOut(one); }, action);
}

/// Half a change is worse than one whose time ran out; a permission that is taken back is another matter.
bool LiveRollbackJob::mayChange() {
  if (given_.canChange()) return true;
  if (!begun_ || !given_.permissionLapsed()) return false;
  if (const QString warning = tr("The permission to change this cluster has lapsed: what was begun with it goes on.");
      !ownWarnings_.contains(warning)) {
    ownWarnings_ << warning;
    context_.log(Severity::Warning, QStringLiteral("rollback_outlasts_permission"),
                 {{QStringLiteral("operation_id"), runner_.operation().id}}, {});
  }
  return true;
}

bool LiveRollbackJob::isAllowed(const Action& action) {
  const bool changes = std::holds_alternative<Post>(action) || std::holds_alternative<Issue>(action) ||
                       std::holds_alternative<WriteFile>(action) || std::holds_alternative<Run>(action) ||
                       std::holds_alternative<DrainInstance>(action) || std::holds_alternative<ProbeRouting>(action);
  return !changes || mayChange() || runner_.undoing();
}

/// False: somebody who was told has deleted the job.
bool LiveRollbackJob::tellChanges() {
  const QPointer<QObject> alive(this);
  const std::set<int> changed = runner_.takeChanged();
  if (std::exchange(toldSteps_, steps().size()) != steps().size()) Q_EMIT stepsChanged();
  for (const int step : changed) {
    if (!alive) return false;
    Q_EMIT stepChanged(step);
  }
  if (alive && !changed.empty()) Q_EMIT progressed(done(), total());
  return !alive.isNull();
}

/// From the first effect on. What can't be saved is done all the same: it may be the disk's night, too.
void LiveRollbackJob::keep(const Action& next) {
  if (!kept_ || runner_.spec().dryRun || ended_ || std::holds_alternative<Finish>(next)) return;
  QList<RollbackStep::State> states;
  for (const RollbackStep& step : steps()) states << step.state;
  const bool stepped = isKept_ && states != keptStates_;
  if (!stepped && !hasEffect(next)) return;
  keptStates_ = states;
  kept_->state = {{runnerPart, runner_.saved()}, {ownPart, own_.saved(context_.instances)}};
  if (const auto done = store_.save(*kept_); done.has_value()) {
    isKept_ = true;
  } else if (const QString warning = tr("It couldn't be resumed after a crash: %1.").arg(done.error());
             !ownWarnings_.contains(warning)) {
    ownWarnings_ << warning;
    context_.log(Severity::Warning, QStringLiteral("rollback_not_saved"), {{QStringLiteral("text"), done.error()}}, {});
  }
}

/// What isn't as it was, and an operation of before that couldn't go on, stay for the operator to resume or to forget.
void LiveRollbackJob::keepNoLonger(const RollbackOutcome& outcome) {
  const bool settled = outcome.result == RollbackOutcome::Result::Done ||
                       (outcome.result == RollbackOutcome::Result::Aborted && outcome.restored) ||
                       (outcome.result == RollbackOutcome::Result::Refused && !resumed_);
  if (!std::exchange(isKept_, false)) return;
  if (settled) {
    store_.remove(kept_->id);
  } else {
    if (outcome.result != RollbackOutcome::Result::Refused) {
      kept_->state = {{runnerPart, runner_.saved()}, {ownPart, own_.saved(context_.instances)}};
      static_cast<void>(store_.save(*kept_));  // what was saved before still tells of it
    }
    store_.letGo(kept_->id);
  }
}

void LiveRollbackJob::carryOut(const WaitUntil& wait) {
  wait_.start(static_cast<int>(std::max<qint64>(0, wait.at - context_.now())));
}

void LiveRollbackJob::carryOut(const Finish& end) {
  const RollbackOutcome outcome = end.outcome;
  ended_ = true;
  const RollbackSpec& spec = runner_.spec();
  context_.log(outcome.result == RollbackOutcome::Result::Done ? Severity::Info : Severity::Error,
               QStringLiteral("rollback_ended"),
               {{QStringLiteral("result"), wordOf(outcome.result)},
                {QStringLiteral("plan"), wordOfPlan(spec.plan)},
                {QStringLiteral("to"), spec.to},
                {QStringLiteral("dry_run"), spec.dryRun},
                {QStringLiteral("reason"), outcome.reason},
                {QStringLiteral("restored"), outcome.restored},
                {QStringLiteral("operation_id"), runner_.operation().id}},
               outcome.failure.correlationId);
  if (!spec.dryRun && !spec.nginxFile.isEmpty() && nginx().hasUsefulCopy()) {
    context_.log(Severity::Info, QStringLiteral("nginx_copy_kept"),
                 {{QStringLiteral("file"), nginx().file()}, {QStringLiteral("copy"), nginx().copy()}}, {});
  }
  keepNoLonger(outcome);
  const bool counting = runner_.countDown(context_.now());
  const QPointer<QObject> alive(this);
  Q_EMIT finished(outcome);
  if (!alive) return;
  if (counting)
    drain_.start(drainBeat);
  else
    deleteLater();
}

void LiveRollbackJob::cutWait() {
  if (wait_.isActive()) wait_.start(0);
}

void LiveRollbackJob::cancel() {
  if (ended_) {
    drain_.stop();
    deleteLater();
    return;
  }
  runner_.abort();
  if (matrix_ != nullptr) matrix_->cancel();
  cutWait();
}

void LiveRollbackJob::pause() { runner_.pause(); }

void LiveRollbackJob::resume() {
  runner_.resume();
  cutWait();
}

void LiveRollbackJob::confirm() {
  runner_.confirm();
  cutWait();
}

void LiveRollbackJob::retry() {
  runner_.retry();
  cutWait();
}

void LiveRollbackJob::skip(const QString& why) {
  runner_.skip(why);
  cutWait();
}

}  // namespace vx11::cluster
