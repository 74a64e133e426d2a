#include "cluster/rollback_job.h"

#include <QSysInfo>

#include "cluster/rollback_words.h"

namespace vx11::cluster {

using namespace rollback;

namespace {

constexpr std::chrono::seconds gateDeadline{2}, signDeadline{1}, drainBeat{1};
constexpr int gateLifeSec = 10;

/// Shown to others that want to change the mode meanwhile; never empty.
QString ownerOf(const RollbackSpec& spec) {
  if (!spec.owner.isEmpty()) return spec.owner.left(100);
  const QString user = qEnvironmentVariable("USER", QStringLiteral("console"));
  return (user + u'@' + QSysInfo::machineHostName()).left(100);
}

QString word(CheckAnswer::Verdict verdict) {
  switch (verdict) {
    case CheckAnswer::Verdict::Accepted:
      return QStringLiteral("accepted");
    case CheckAnswer::Verdict::Refused:
      return QStringLiteral("refused");
    case CheckAnswer::Verdict::CantTell:
      return QStringLiteral("can't tell");
    case CheckAnswer::Verdict::NoAnswer:
      break;
  }
  return QStringLiteral("no answer");
}

}  // namespace

LiveRollbackJob::LiveRollbackJob(JobContext& context, const RollbackSpec& spec, const QString& operationId,
                                 QObject* parent)
    : RollbackJob(parent),
      context_(context),
      spec_(spec),
      runner_(planRollback(RollbackGround{context.instances}, spec), spec, {operationId, ownerOf(spec)}) {
  wait_.setSingleShot(true);
  connect(&wait_, &QTimer::timeout, this, [this] { proceed(TimeCame{}); });
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
  for (HttpCall& sign : signs_) sign.cancel();
}

int LiveRollbackJob::done() const {
  return static_cast<int>(std::count_if(steps().begin(), steps().end(), [](const RollbackStep& step) {
    return step.state != RollbackStep::State::Waiting && step.state != RollbackStep::State::Running;
  }));
}

void LiveRollbackJob::begin() {
  context_.log(Severity::Warning, spec_.dryRun ? QStringLiteral("rollback_looked") : QStringLiteral("rollback_begun"),
               {{QStringLiteral("to"), spec_.to},
                {QStringLiteral("instances"), static_cast<int>(context_.instances.size())},
                {QStringLiteral("owner"), runner_.operation().owner},
                {QStringLiteral("operation_id"), runner_.operation().id}},
               {});
  const QPointer<QObject> alive(this);
  toldSteps_ = steps().size();
  Q_EMIT stepsChanged();
  if (!alive) return;
  const bool allowed = spec_.dryRun || context_.canChange();
  perform(allowed ? runner_.begin(context_.now())
                  : runner_.refuse(failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"))));
}

void LiveRollbackJob::proceed(const Event& event) { perform(runner_.next(event, context_.now())); }

void LiveRollbackJob::perform(const Action& action) {
  if (!tellChanges()) return;
  std::visit([this](const auto& one) { carryOut(one); }, action);
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

InstanceClient* LiveRollbackJob::clientFor(int slot, bool changes) {
  InstanceClient* client = context_.client(slot);
  if (changes && !runner_.undoing() && !context_.canChange()) {
    proceed(Failed{failureOf(Failure::Kind::ReadOnly, QStringLiteral("read_only"))});
    return nullptr;
  }
  if (client == nullptr) proceed(Failed{failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"))});
  return client;
}

void LiveRollbackJob::carryOut(const Look& look) {
  if (InstanceClient* client = clientFor(look.slot, false)) {
    call_ = client->mode([this](const Answer<wire::ModeState>& told) {
      if (told.has_value())
        proceed(ModeTold{*told});
      else
        proceed(Failed{told.error()});
    });
  }
}

void LiveRollbackJob::carryOut(const Post& post) {
  if (InstanceClient* client = clientFor(post.slot, true)) {
    const RollbackOperation& operation = runner_.operation();
    call_ = client->setMode(post.mode, {operation.id, operation.owner},
                            [this](const Answer<wire::ModeState>& told) {
                              if (told.has_value())
                                proceed(ModeTold{*told});
                              else
                                proceed(Failed{told.error()});
                            });
  }
}

void LiveRollbackJob::carryOut(const Sign& sign) {
  const auto told = std::make_shared<Signed>();
  const auto left = std::make_shared<qsizetype>(sign.members.size());
  const RollbackOperation& operation = runner_.operation();
  signs_.clear();
  for (const int slot : sign.members) {
    const auto one = [this, told, left, slot](const Answer<wire::ModeState>& answer) {
      if (answer.has_error()) told->failures.insert(slot, answer.error());
      if (--*left == 0) proceed(*told);
    };
    InstanceClient* client = context_.client(slot);
    if (client == nullptr)
      one(failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance")));
    else
      signs_ << client->sign({operation.id, operation.owner, sign.release}, sign.text, signDeadline, one);
  }
}

void LiveRollbackJob::carryOut(const Issue& issue) {
  if (InstanceClient* client = clientFor(issue.slot, true)) {
    const int ttl = std::min(gateLifeSec, context_.instances[issue.slot].maxTtlSec.value_or(gateLifeSec));
    call_ = client->issue(
        ttl, false,
        [this](const Answer<wire::Issued>& issued) {
          if (issued.has_error()) {
            proceed(Failed{issued.error()});
          } else {
            token_ = issued->token;
            proceed(Issued{});
          }
        },
        gateDeadline);
  }
}

void LiveRollbackJob::carryOut(const Check& check) {
  if (InstanceClient* client = clientFor(check.slot, false)) {
    call_ = client->check(
        token_,
        [this](const CheckAnswer& answer) {
          token_ = {};
          if (answer.failure)
            proceed(Failed{answer.failure});
          else
            proceed(Checked{answer.verdict == CheckAnswer::Verdict::Accepted, word(answer.verdict)});
        },
        gateDeadline);
  }
}

void LiveRollbackJob::carryOut(const RunMatrix&) {
  MatrixSpec spec;
  spec.throughBalancer = false;
  for (const InstanceInfo& instance : context_.instances) spec.members << instance.slot;
  matrix_ = new LiveMatrixJob(context_, spec, this);
  connect(matrix_, &MatrixJob::finished, this, [this](const MatrixResult& result) { proceed(MatrixTold{result}); });
}

void LiveRollbackJob::carryOut(const WaitUntil& wait) {
  wait_.start(static_cast<int>(std::max<qint64>(0, wait.at - context_.now())));
}

void LiveRollbackJob::carryOut(const Finish& end) {
  const RollbackOutcome outcome = end.outcome;
  ended_ = true;
  context_.log(outcome.result == RollbackOutcome::Result::Done ? Severity::Info : Severity::Error,
               QStringLiteral("rollback_ended"),
               {{QStringLiteral("result"), wordOf(outcome.result)},
                {QStringLiteral("to"), spec_.to},
                {QStringLiteral("dry_run"), spec_.dryRun},
                {QStringLiteral("reason"), outcome.reason},
                {QStringLiteral("restored"), outcome.restored},
                {QStringLiteral("operation_id"), runner_.operation().id}},
               outcome.failure.correlationId);
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

}  // namespace vx11::cluster
