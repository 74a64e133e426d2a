#include <QJsonArray>
#include <QJsonDocument>
#include <QPointer>

#include "ctl/commands/commands.h"
#include "ctl/permission.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

/// What is JSON counts as such; everything else is a text.
QJsonValue valueOf(const QString& text) {
  const QJsonDocument wrapped = QJsonDocument::fromJson('[' + text.toUtf8() + ']');
  const QJsonArray values = wrapped.array();
  return values.size() == 1 ? values.first() : QJsonValue(text);
}

class Publish final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    sure_ = arguments.has(QStringLiteral("--yes"));
    spec_.event = arguments.words()[0];
    spec_.data = valueOf(arguments.words()[1]);
    return spec_.event.isEmpty() ? tr("an event has a name") : QString();
  }

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    if (!permitByName(out_, cluster, tr("to publish"), sure_)) return finish(Exit::No);
    job_ = cluster.publish(spec_);
    connect(job_, &cluster::PublishJob::finished, this,
            [this, &cluster](const cluster::PublishOutcome& outcome) { tell(cluster, outcome); });
  }

  void interrupt() override {
    if (job_) job_->cancel();
    else Command::interrupt();
  }

 private:
  void tell(const cluster::Cluster& cluster, const cluster::PublishOutcome& outcome) {
    if (outcome.failure) return fail(outcome.failure);
    const cluster::InstanceInfo instance = cluster.instances().value(outcome.slot);
    if (instance.mode == QStringLiteral("memory")) {
      out_.note(tr("%1 is in memory mode: only its own streams hear of it").arg(instance.id));
    }
    out_.document({{QStringLiteral("id"), orNull(outcome.id)}, {QStringLiteral("instance"), instance.id}});
    out_.line(outcome.id.isEmpty() ? tr("published by %1").arg(instance.id)
                                   : tr("published by %1 as %2").arg(instance.id, outcome.id));
    finish(Exit::Worked);
  }

  cluster::PublishSpec spec_;
  QPointer<cluster::PublishJob> job_;
  bool sure_ = false;
};

}  // namespace

CommandSpec publishCommand() {
  return {{.name = QStringLiteral("publish"),
           .words = QStringLiteral("EVENT DATA"),
           .summary = tr("send an event to the open streams; DATA is JSON, or else a text"),
           .fewestWords = 2,
           .mostWords = 2,
           .options = {{QStringLiteral("--yes"), {}, tr("don't ask for the name of a production profile")}}},
          {.principal = true, .discovery = false},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Publish>(output); }};
}

}  // namespace vx11::ctl
