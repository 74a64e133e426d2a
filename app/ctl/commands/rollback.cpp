#include <QPointer>

#include "ctl/commands/commands.h"
#include "ctl/commands/rollback_json.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::RollbackOutcome;
using cluster::RollbackStep;

/// Looks first where somebody can be asked; an interruption puts back what was changed.
class Rollback final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    static const QStringList modes{QStringLiteral("memory"), QStringLiteral("redis"), QStringLiteral("hybrid"),
                                   QStringLiteral("signed"), QStringLiteral("single")};
    const QString to = QStringLiteral("--to");
    if (!arguments.has(to)) return tr("rollback takes --to memory, redis, hybrid or signed");
    spec_.to = arguments.value(to);
    spec_.dryRun = arguments.has(QStringLiteral("--dry-run"));
    sure_ = spec_.dryRun || arguments.has(QStringLiteral("--yes")) || !out_.interactive();
    if (spec_.to == QStringLiteral("single")) return tr("--to single isn't there yet: memory, redis, hybrid or signed");
    return modes.contains(spec_.to) ? QString()
                                    : tr("--to takes memory, redis, hybrid or signed, not \"%1\"").arg(spec_.to);
  }

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    cluster_ = &cluster;
    // A part of the cluster in another mode than the rest is worse than what it is now.
    if (!spec_.dryRun && !cluster.whyNotDiscovered().isEmpty()) {
      RollbackOutcome refused;
      refused.result = RollbackOutcome::Result::Refused;
      refused.reason = tr("Nothing was changed: name every instance with --instance, or say --no-discover.");
      return conclude({}, refused, false);
    }
    start(!sure_);
  }

  void interrupt() override {
    if (!job_) return Command::interrupt();
    out_.note(tr("aborting: what was changed is put back"));
    job_->cancel();
  }

 private:
  /// `onlyLooks`: to ask by what was found.
  void start(bool onlyLooks) {
    cluster::RollbackSpec spec = spec_;
    spec.dryRun = spec_.dryRun || onlyLooks;
    job_ = cluster_->rollBack(spec);
    connect(job_, &cluster::RollbackJob::stepChanged, this, [this, dry = spec.dryRun](int index) {
      if (job_ && !dry) tell(job_->steps()[index]);
    });
    connect(job_, &cluster::RollbackJob::finished, this, [this, onlyLooks](const RollbackOutcome& outcome) {
      const QList<RollbackStep> steps = job_ ? job_->steps() : QList<RollbackStep>();
      job_ = nullptr;
      if (onlyLooks && outcome.result == RollbackOutcome::Result::Done) ask(steps);
      else conclude(steps, outcome, onlyLooks || spec_.dryRun);
    });
  }

  void ask(const QList<RollbackStep>& steps) {
    out_.table(planTable(steps));
    if (out_.confirmed(tr("Change them one after the other to mode %1?").arg(spec_.to))) return start(false);
    out_.note(tr("nothing was changed"));
    finish(Exit::No);
  }

  void tell(const RollbackStep& step) {
    out_.event(toJson(step));
    const QString line = sentence(step);
    if (step.state == RollbackStep::State::Running) out_.progress(line);
    else if (step.state != RollbackStep::State::Waiting) out_.line(line, toneOf(step.state));
  }

  void conclude(const QList<RollbackStep>& steps, const RollbackOutcome& outcome, bool dry) {
    const bool done = outcome.result == RollbackOutcome::Result::Done;
    if (dry) {
      for (const RollbackStep& step : steps) out_.event(planned(step));
      if (done) out_.table(planTable(steps));
    }
    for (const RollbackStep& step : steps) {
      if (dry || !done || step.kind != RollbackStep::Kind::Drain) continue;
      out_.event(toJson(step));
      if (step.remainingMs > 0) {
        out_.line(tr("for %1 more tokens of the mode before are still read where they are")
                      .arg(lasting(static_cast<double>(step.remainingMs) / 1000)));
      }
    }
    out_.event(toJson(outcome));
    if (done) out_.line(dry ? tr("it can be begun") : tr("every instance is in mode %1: %2").arg(spec_.to, members()), Tone::Good);
    else out_.note(outcome.reason);
    finish(done ? Exit::Worked : Exit::No);
  }

  [[nodiscard]] QString members() const {
    QStringList names;
    for (const auto& instance : cluster_->instances()) names.append(instance.id);
    return names.join(QStringLiteral(", "));
  }

  cluster::Cluster* cluster_ = nullptr;
  cluster::RollbackSpec spec_;
  QPointer<cluster::RollbackJob> job_;
  bool sure_ = false;
};

}  // namespace

CommandSpec rollbackCommand() {
  return {{.name = QStringLiteral("rollback"),
           .words = QStringLiteral("--to MODE"),
           .summary = tr("change the mode of every instance, one after the other; 1 when it was put back"),
           .options = {{QStringLiteral("--to"), QStringLiteral("MODE"), tr("memory, redis, hybrid or signed")},
                       {QStringLiteral("--dry-run"), {}, tr("say what would be done, and change nothing")},
                       {QStringLiteral("--yes"), {}, tr("don't ask before it")}}},
          {.principal = true, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Rollback>(output); }};
}

}  // namespace vx11::ctl
