#include <memory>

#include "cluster/rollback_job.h"
#include "cluster/rollback_words.h"

namespace vx11::cluster {

using namespace rollback;

namespace {

using namespace std::chrono_literals;
constexpr auto gateDeadline = 2s, signDeadline = 1s, commandTime = 60s, restartTime = 120s;
constexpr int gateLifeSec = 10;

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

bool hasNoSuchCall(int status) { return status == 404 || status == 405; }

}  // namespace

InstanceClient* LiveRollbackJob::clientFor(int slot) {
  InstanceClient* client = context_.client(slot);
  if (client == nullptr) proceed(Failed{failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance"))});
  return client;
}

void LiveRollbackJob::carryOut(const Look& look) {
  InstanceClient* client = clientFor(look.slot);
  if (client == nullptr) return;
  call_ = client->mode([this](const Answer<wire::ModeState>& told) {
    if (told.has_value())
      proceed(ModeTold{*told});
    else
      proceed(Failed{told.error()});
  });
}

void LiveRollbackJob::carryOut(const Sign& sign) {
  const auto told = std::make_shared<Signed>();
  const auto left = std::make_shared<qsizetype>(sign.members.size() + 1);
  const auto oneLess = [this, told, left] {
    if (--*left == 0) proceed(*told);
  };
  const RollbackOperation& operation = runner_.operation();
  calls_.clear();
  for (const int slot : sign.members) {
    const auto one = [told, oneLess, slot](const Answer<wire::ModeState>& answer) {
      if (answer.has_error()) told->failures.insert(slot, answer.error());
      oneLess();
    };
    if (InstanceClient* client = context_.client(slot))
      calls_ << client->sign({operation.id, operation.owner, sign.release}, sign.text, signDeadline, one);
    else
      one(failureOf(Failure::Kind::NoInstance, QStringLiteral("no_instance")));
  }
  oneLess();
}

void LiveRollbackJob::carryOut(const Post& post) {
  InstanceClient* client = clientFor(post.slot);
  if (client == nullptr) return;
  const RollbackOperation& operation = runner_.operation();
  call_ = client->setMode(post.mode, {operation.id, operation.owner}, [this](const Answer<wire::ModeState>& told) {
    if (told.has_value())
      proceed(ModeTold{*told});
    else
      proceed(Failed{told.error()});
  });
}

void LiveRollbackJob::carryOut(const Issue& issue) {
  InstanceClient* client = clientFor(issue.slot);
  if (client == nullptr) return;
  const int ttl = std::min(gateLifeSec, context_.instances[issue.slot].maxTtlSec.value_or(gateLifeSec));
  call_ = client->issue(
      ttl, false,
      [this](const Answer<wire::Issued>& issued) {
        if (issued.has_error()) return proceed(Failed{issued.error()});
        token_ = issued->token;
        proceed(rollback::Issued{});
      },
      gateDeadline);
}

void LiveRollbackJob::carryOut(const Check& asked) { check(asked.slot, false); }

void LiveRollbackJob::check(int slot, bool byStream) {
  InstanceClient* client = clientFor(slot);
  if (client == nullptr) return;
  const auto handler = [this, slot, byStream](const CheckAnswer& answer) {
    if (!byStream && hasNoSuchCall(answer.httpStatus)) return check(slot, true);
    token_ = {};
    own_.add(slot, answer.verdict);
    if (answer.failure) return proceed(Failed{answer.failure});
    proceed(Checked{answer.verdict == CheckAnswer::Verdict::Accepted, word(answer.verdict)});
  };
  call_ =
      byStream ? client->checkByStream(token_, handler, gateDeadline) : client->check(token_, handler, gateDeadline);
}

void LiveRollbackJob::written(const RollbackFiles::Result& result) {
  if (result.has_value()) return proceed(Written{nginx().hasCopy() ? nginx().copy() : QString()});
  Failure failure = failureOf(Failure::Kind::BadAnswer, QStringLiteral("file"));
  failure.text = result.error();
  proceed(Failed{failure, result.error()});
}

void LiveRollbackJob::carryOut(const WriteFile& write) { written(nginx().write(write.before, write.after)); }

void LiveRollbackJob::carryOut(const PutFileBack& back) { written(nginx().putBack(back.after)); }

void LiveRollbackJob::carryOut(const Run& run) {
  const QString instance = run.slot < 0 ? QString() : context_.nameOf(run.slot);
  if (run.restart) own_.forget(run.slot);
  const auto log = [this, instance](Severity severity, const QString& event, QVariantMap fields) {
    if (!instance.isEmpty()) fields.insert(QStringLiteral("instance"), instance);
    context_.log(severity, event, fields, {});
  };
  command_ = new CommandRun(this);
  connect(command_, &CommandRun::said, this, [log](const QStringList& lines) {
    for (const QString& line : lines)
      log(Severity::Info, QStringLiteral("command_said"), {{QStringLiteral("text"), line}});
  });
  connect(command_, &CommandRun::ended, this, [this, log](const CommandRun::End& end) {
    log(end.exitCode == 0 ? Severity::Info : Severity::Error, QStringLiteral("command_ended"),
        {{QStringLiteral("exit_code"), end.exitCode}, {QStringLiteral("text"), end.problem}});
    ran_ = Ran{end.exitCode, end.lastLines, end.problem};
    if (awaiting_) wait_.start(0);
  });
  log(Severity::Info, QStringLiteral("command_run"), {{QStringLiteral("command"), commandLine(run.command)}});
  if (const auto problem = command_->start(run.command, run.restart ? restartTime : commandTime)) {
    return proceed(Ran{-1, {}, *problem, false});
  }
  carryOut(Await{});
}

void LiveRollbackJob::carryOut(const Await&) {
  awaiting_ = true;
  wait_.start(ran_ ? 0 : static_cast<int>(RollbackRunner::renewMs));
}

void LiveRollbackJob::endCommand() {
  ran_.reset();
  if (CommandRun* command = command_) {
    command_ = nullptr;
    command->disconnect(this);
    command->deleteLater();  // it may be the one that calls
  }
}

void LiveRollbackJob::carryOut(const ProbeRouting&) {
  auto visitor = context_.visitor();
  if (visitor == nullptr) return proceed(Failed{failureOf(Failure::Kind::NoInstance, QStringLiteral("no_balancer"))});
  probe_ = new RoutingProbe(std::move(visitor), this);
  connect(probe_, &RoutingProbe::ended, this, [this](const RoutingProbe::Seen& seen) {
    probe_->deleteLater();
    own_.add(seen, context_.instances);
    proceed(Probed{seen.answers, seen.problem});
  });
}

void LiveRollbackJob::carryOut(const DrainInstance& drain) {
  InstanceClient* client = clientFor(drain.slot);
  if (client == nullptr) return;
  own_.forget(drain.slot);
  call_ = client->drain([this](const Answer<wire::DrainBegun>& begun) {
    if (begun.has_value())
      proceed(Drained{});
    else
      proceed(Failed{begun.error()});
  });
}

/// A foreign backend has its health for all that is known of it.
void LiveRollbackJob::carryOut(const AskAlive& ask) {
  InstanceClient* client = context_.client(ask.slot);
  if (client == nullptr) return proceed(Alive{});
  call_ = client->stats([this, slot = ask.slot](const Answer<wire::Stats>& stats) {
    if (stats.has_value()) {
      const bool ready = stats->state.isEmpty() || stats->state == QStringLiteral("ready");
      return proceed(Alive{true, ready, static_cast<qint64>(stats->startedAt.value_or(0) * 1000)});
    }
    if (!hasNoSuchCall(stats.error().httpStatus)) return proceed(Alive{stats.error().httpStatus != 0, false, 0});
    InstanceClient* again = context_.client(slot);
    if (again == nullptr) return proceed(Alive{});
    call_ = again->health([this](const Answer<wire::Health>& health) {
      const bool reachable = health.has_value() || health.error().httpStatus != 0;
      proceed(Alive{reachable, health.has_value(), 0});
    });
  });
}

void LiveRollbackJob::carryOut(const RunMatrix& run) {
  MatrixSpec spec;
  spec.throughBalancer = false;
  spec.members = run.members;
  matrix_ = new LiveMatrixJob(context_, spec, this);
  connect(matrix_, &MatrixJob::finished, this, [this](const MatrixResult& result) {
    own_.add(result);
    proceed(MatrixTold{result});
  });
}

void LiveRollbackJob::carryOut(const Count& count) {
  const auto counted = std::make_shared<Counted>();
  const auto left = std::make_shared<qsizetype>(count.members.size() + 1);
  const auto oneLess = [this, counted, left] {
    if (--*left == 0) proceed(*counted);
  };
  calls_.clear();
  for (const int slot : count.members) {
    InstanceClient* client = context_.client(slot);
    if (client == nullptr) {
      --*left;
      continue;
    }
    calls_ << client->stats([this, counted, oneLess, slot](const Answer<wire::Stats>& stats) {
      if (stats.has_value() && stats->accepted && stats->refused) {
        const qint64 checks = *stats->accepted + *stats->refused + stats->cannotTell.value_or(0);
        counted->counters.insert(slot, own_.without(slot, {checks, *stats->refused}));
      }
      oneLess();
    });
  }
  oneLess();
}

}  // namespace vx11::cluster
