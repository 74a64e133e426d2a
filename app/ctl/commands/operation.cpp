#include "ctl/commands/operation.h"

#include <QFileInfo>
#include <algorithm>

#include "cluster/command_consents.h"
#include "cluster/profile_store.h"
#include "cluster/typed_command.h"
#include "ctl/commands/rollback_json.h"
#include "ctl/permission.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::RollbackOutcome;
using cluster::RollbackSpec;
using cluster::RollbackStep;
using State = RollbackStep::State;

constexpr int usualWatchSec = 60, longestWatchSec = 86'400;

QString readCommand(QStringList& command, const Arguments& arguments, const QString& option) {
  if (!arguments.has(option)) return {};
  const QString line = arguments.value(option);
  if (const QString why = cluster::typed::problemOf(line); !why.isEmpty()) return tr("%1: %2").arg(option, why);
  command = cluster::typed::argumentsOf(line);
  return command.isEmpty() ? tr("%1 takes a command").arg(option) : QString();
}

cluster::CommandConsents consents() {
  return cluster::CommandConsents(cluster::CommandConsents::pathBeside(cluster::ProfileStore::defaultPath()));
}

}  // namespace

QList<OptionSpec> Operation::commonOptions() {
  return {
      {QStringLiteral("--skip"), QStringLiteral("ID|URL"), tr("leave this instance out; may be repeated"), true},
      {QStringLiteral("--dry-run"), {}, tr("say what would be done, and change nothing")},
      {QStringLiteral("--yes"), {}, tr("ask nothing; a failed step aborts and undoes")},
      {QStringLiteral("--nginx-out"), QStringLiteral("FILE"), tr("nginx file that holds the upstream between our marks")},
      {QStringLiteral("--reload-command"), QStringLiteral("CMD"), tr("makes nginx read it; no shell")},
      {QStringLiteral("--restart-command"), QStringLiteral("CMD"),
       tr("restarts an instance: {id}, {url}, {host}, {port} stand for its own")},
      {QStringLiteral("--break-lock"), {}, tr("take the place of one that gave no sign for 60 s")},
      {QStringLiteral("--resume"), QStringLiteral("[ID]"), tr("go on with one that was begun here and not ended")},
  };
}

QString Operation::read(const Arguments& arguments) {
  spec_.dryRun = arguments.has(QStringLiteral("--dry-run"));
  spec_.skip = arguments.values(QStringLiteral("--skip"));
  spec_.breakLock = arguments.has(QStringLiteral("--break-lock"));
  sure_ = arguments.has(QStringLiteral("--yes")) || !out_.interactive();
  spec_.attended = !sure_;
  resumes_ = arguments.has(QStringLiteral("--resume"));
  resumed_ = arguments.value(QStringLiteral("--resume"));
  const QString file = arguments.value(QStringLiteral("--nginx-out"));
  if (!file.isEmpty()) spec_.nginxFile = QFileInfo(file).absoluteFilePath();
  QString error = readCommand(spec_.reloadCommand, arguments, QStringLiteral("--reload-command"));
  if (error.isEmpty()) error = readCommand(spec_.restartCommand, arguments, QStringLiteral("--restart-command"));
  if (!error.isEmpty()) return error;
  ownCommands_ = {spec_.reloadCommand, spec_.restartCommand};
  if (resumes_) {
    for (const QString& option :
         {QStringLiteral("--to"), QStringLiteral("--keep"), QStringLiteral("--skip"), QStringLiteral("--dry-run"),
          QStringLiteral("--nginx-out"), QStringLiteral("--reload-command"), QStringLiteral("--restart-command"),
          QStringLiteral("--watch-seconds"), QStringLiteral("--break-lock")}) {
      if (arguments.has(option)) return tr("--resume goes on with what was begun: it takes no %1").arg(option);
    }
    return {};
  }
  return spec_.plan == RollbackSpec::Plan::Mode ? readMode(arguments) : QString();
}

QString Operation::readMode(const Arguments& arguments) {
  static const QStringList modes{QStringLiteral("memory"), QStringLiteral("redis"), QStringLiteral("hybrid"),
                                 QStringLiteral("signed"), QStringLiteral("single")};
  const QString to = QStringLiteral("--to"), keep = QStringLiteral("--keep");
  if (!arguments.has(to)) return tr("rollback takes --to memory, single, redis, hybrid or signed");
  spec_.to = arguments.value(to);
  if (!modes.contains(spec_.to)) {
    return tr("--to takes memory, single, redis, hybrid or signed, not \"%1\"").arg(spec_.to);
  }
  const bool single = spec_.to == QStringLiteral("single");
  spec_.keep = arguments.value(keep);
  if (single && spec_.keep.isEmpty()) return tr("--to single takes --keep ID: the instance that stays");
  if (!single && !spec_.keep.isEmpty()) return tr("--keep belongs to --to single");
  QString error;
  spec_.watchSec =
      arguments.number(QStringLiteral("--watch-seconds"), 0, longestWatchSec, error).value_or(usualWatchSec);
  return error;
}

void Operation::takeDefaults(const cluster::Profile& profile) {
  if (spec_.nginxFile.isEmpty()) spec_.nginxFile = profile.nginxFile;
  if (spec_.reloadCommand.isEmpty()) spec_.reloadCommand = profile.reloadCommand;
  if (spec_.restartCommand.isEmpty()) spec_.restartCommand = profile.restartCommand;
}

void Operation::run(cluster::Cluster& cluster) {
  if (!someoneAnswers(cluster)) return;
  cluster_ = &cluster;
  // A part of the cluster in another mode than the rest is worse than what it is now.
  if (!spec_.dryRun && !cluster.whyNotDiscovered().isEmpty()) {
    return refuse(tr("Nothing was changed: name every instance with --instance, or say --no-discover."));
  }
  takeDefaults(cluster.profile());
  if (resumes_) return resume();
  tellUnfinished();
  if (spec_.dryRun || !sure_) return look();
  const QList<QStringList> unknown = unconfirmed();
  if (unknown.isEmpty()) return start();
  refuse(tr("Nothing was changed: nobody confirmed on this machine that it may run \"%1\", which the profile names. "
            "Begin once at a terminal without --yes, or give the command on this line.")
             .arg(cluster::typed::lineOf(unknown.first())));
}

void Operation::tellUnfinished() {
  const QList<cluster::UnfinishedRollback> left = cluster_->unfinishedRollbacks();
  for (const cluster::UnfinishedRollback& one : left) {
    if (!one.running) out_.note(tr("%1 was not ended; %2 goes on with it").arg(nameOf(one), resumeLine(one)));
  }
}

/// What would be done, by what each instance says now; then it is asked for, where that is what was wanted.
void Operation::look() {
  RollbackSpec spec = spec_;
  spec.dryRun = true;
  job_ = cluster_->rollBack(spec);
  connect(job_, &cluster::RollbackJob::finished, this, [this](const RollbackOutcome& outcome) {
    const QList<RollbackStep> steps = job_ ? job_->steps() : QList<RollbackStep>();
    const QStringList warnings = job_ ? job_->warnings() : QStringList();
    job_ = nullptr;
    if (outcome.result == RollbackOutcome::Result::Done && !spec_.dryRun) return ask(steps, warnings);
    for (const RollbackStep& step : steps) out_.event(planned(step));
    if (outcome.result == RollbackOutcome::Result::Done) showPlan(steps, warnings);
    conclude(steps, warnings, outcome);
  });
}

void Operation::tellWarnings(const QStringList& warnings) {
  for (const QString& warning : warnings) {
    if (toldWarnings_.contains(warning)) continue;
    toldWarnings_ << warning;
    out_.note(tr("warning: %1").arg(warning));
  }
}

void Operation::showPlan(const QList<RollbackStep>& steps, const QStringList& warnings) {
  tellWarnings(warnings);
  if (const QString summary = cluster_->outlook(spec_).summary; !summary.isEmpty()) out_.line(summary);
  out_.table(planTable(steps));
}

void Operation::ask(const QList<RollbackStep>& steps, const QStringList& warnings) {
  showPlan(steps, warnings);
  const QList<QStringList> unknown = unconfirmed();
  unknown.isEmpty() ? askToBegin() : askToRun(unknown);
}

QList<QStringList> Operation::unconfirmed() const {
  QList<QStringList> commands = cluster::commandsOf(spec_, cluster_->instances());
  commands.removeIf([this](const QStringList& command) { return ownCommands_.contains(command); });
  return consents().unconfirmed(commands);
}

void Operation::askToRun(const QList<QStringList>& commands) {
  for (const QStringList& command : commands)
    out_.line(tr("for the first time on this machine it would run: %1").arg(cluster::typed::lineOf(command)));
  prompt_.ask(commands.size() == 1 ? tr("May it be run? [y/N]") : tr("May they be run? [y/N]"),
              [this, commands](const std::optional<QString>& answer) {
                if (!isYes(answer.value_or(QString()))) {
                  out_.note(tr("nothing was changed"));
                  return finish(Exit::No);
                }
                if (const auto kept = consents().confirm(commands); kept.has_error()) out_.note(kept.error());
                askToBegin();
              });
}

void Operation::askToBegin() {
  const cluster::Profile& profile = cluster_->profile();
  if (profile.environment == cluster::Environment::Production) {
    return askFor(tr("This is production. Type its name, %1, to begin:").arg(profile.name), profile.name);
  }
  askFor(tr("Begin? [y/N]"), {});
}

/// Begins where `wanted`, or without it "yes", is the answer.
void Operation::askFor(const QString& question, const QString& wanted) {
  prompt_.ask(question, [this, wanted](const std::optional<QString>& answer) {
    const QString word = answer.value_or(QString());
    const bool yes = wanted.isEmpty() ? isYes(word) : word == wanted;
    if (yes) return resumes_ ? goOn() : start();
    out_.note(tr("nothing was changed"));
    finish(Exit::No);
  });
}

void Operation::start() {
  permit(*cluster_);
  follow(cluster_->rollBack(spec_));
}

void Operation::goOn() {
  permit(*cluster_);
  follow(cluster_->resumeRollback(resumed_, spec_.attended));
}

void Operation::resume() {
  const QList<cluster::UnfinishedRollback> left = cluster_->unfinishedRollbacks();
  const auto found = std::find_if(left.begin(), left.end(), [this](const auto& one) {
    return resumed_.isEmpty() ? one.spec.plan == spec_.plan : one.id.startsWith(resumed_);
  });
  if (found == left.end()) {
    return refuse(resumed_.isEmpty() ? tr("There is nothing to resume: none was begun here and left unfinished.")
                                     : tr("No operation %1 was begun here and left unfinished.").arg(resumed_));
  }
  if (found->running) {
    return refuse(tr("%1 is still under way, in process %2.").arg(nameOf(*found)).arg(found->processId));
  }
  const bool attended = spec_.attended;
  spec_ = found->spec;
  spec_.attended = attended;
  resumed_ = found->id;
  if (sure_) return goOn();
  out_.line(nameOf(*found));
  out_.table(progressTable(found->steps));
  const cluster::Profile& profile = cluster_->profile();
  if (profile.environment == cluster::Environment::Production) {
    return askFor(tr("This is production. Type its name, %1, to go on:").arg(profile.name), profile.name);
  }
  askFor(tr("Go on with it? [y/N]"), {});
}

void Operation::follow(cluster::RollbackJob* job) {
  if (job == nullptr) return refuse(tr("It can't be resumed: its file is gone, or somebody else goes on with it."));
  job_ = job;
  connect(job, &cluster::RollbackJob::stepChanged, this, &Operation::tell);
  connect(&cluster_->journal(), &cluster::Journal::appended, this, [this](const QList<cluster::LogEntry>& entries) {
    for (const cluster::LogEntry& entry : entries) {
      const bool said = entry.event == QStringLiteral("command_said") && !prompt_.isOpen();
      if (said) out_.note(entry.fields.value(QStringLiteral("text")).toString());
    }
  });
  connect(job, &cluster::RollbackJob::finished, this, [this](const RollbackOutcome& outcome) {
    const QList<RollbackStep> steps = job_ ? job_->steps() : QList<RollbackStep>();
    const QStringList warnings = job_ ? job_->warnings() : QStringList();
    prompt_.withdraw();
    job_ = nullptr;
    conclude(steps, warnings, outcome);
  });
}

void Operation::tell(int index) {
  if (!job_) return;
  const RollbackStep step = job_->steps().value(index);
  if (index == asking_ && step.state != State::Asking) {
    asking_ = -1;
    prompt_.withdraw();
  }
  const QString line = sentence(step);
  if (step.state == State::Waiting) return;
  if (step.state == State::Running && !prompt_.isOpen()) out_.progress(running(step));
  // A countdown is no news.
  if (told_.value(index) == line) return;
  told_[index] = line;
  if (step.kind == RollbackStep::Kind::Look && step.state == State::Done) tellWarnings(job_->warnings());
  out_.event(toJson(step));
  if (step.state != State::Running) out_.line(line, toneOf(step.state));
  if (step.state != State::Asking) return;
  asking_ = index;
  askAbout(step);
}

void Operation::askAbout(const RollbackStep& step) {
  if (step.failed) {
    return prompt_.ask(tr("Retry, skip or abort? [r/s/a]"), [this](const auto& answer) { answerFailed(answer); });
  }
  prompt_.ask(tr("Press Enter when it is done, or type abort:"), [this, step](const std::optional<QString>& answer) {
    if (!job_) return;
    if (!answer || answer->startsWith(u'a', Qt::CaseInsensitive)) return interrupt();
    if (answer->isEmpty()) job_->confirm();
    else askAbout(step);
  });
}

void Operation::answerFailed(const std::optional<QString>& answer) {
  if (!job_) return;
  const QString word = answer.value_or(QStringLiteral("a")).left(1).toLower();
  if (word == u'a') return interrupt();
  if (word == u'r') return job_->retry();
  if (word == u's') {
    return prompt_.ask(tr("Why can it be skipped? It is kept with the step:"), [this](const auto& why) {
      if (job_ && why && !why->isEmpty()) job_->skip(*why);
      else if (job_) askAbout(job_->steps().value(asking_));
    });
  }
  askAbout(job_->steps().value(asking_));
}

void Operation::interrupt() {
  const bool begun = job_ && !prompt_.isOpen();
  prompt_.withdraw();
  if (!job_) {
    if (cluster_ != nullptr) out_.note(tr("nothing was changed"));
    return Command::interrupt();
  }
  if (begun || asking_ >= 0) out_.note(tr("aborting: what was changed is put back"));
  job_->cancel();
}

void Operation::refuse(const QString& reason) {
  RollbackOutcome refused;
  refused.result = RollbackOutcome::Result::Refused;
  refused.reason = reason;
  conclude({}, {}, refused);
}

void Operation::conclude(const QList<RollbackStep>& steps, const QStringList& warnings,
                         const RollbackOutcome& outcome) {
  const bool done = outcome.result == RollbackOutcome::Result::Done;
  if (done && !spec_.dryRun) {
    for (const RollbackStep& step : steps) {
      if (step.kind != RollbackStep::Kind::Drain || step.state != State::Running) continue;
      out_.event(toJson(step));
      if (step.remainingMs > 0) {
        out_.line(tr("for %1 more tokens of the mode before are still read where they are")
                      .arg(lasting(static_cast<double>(step.remainingMs) / 1000)));
      }
    }
  }
  tellWarnings(warnings);
  out_.event(toJson(outcome, warnings));
  if (done) out_.line(spec_.dryRun ? tr("it can be begun") : achieved(spec_, steps), Tone::Good);
  else out_.note(outcome.reason);
  finish(done ? Exit::Worked : Exit::No);
}

}  // namespace vx11::ctl
