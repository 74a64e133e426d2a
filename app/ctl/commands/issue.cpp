#include <QJsonArray>
#include <QPointer>

#include "ctl/commands/commands.h"
#include "ctl/permission.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

constexpr int mostTokens = 100'000, longestTtlSec = 86'400;

class Issue final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    QString error;
    spec_.count = arguments.number(QStringLiteral("--count"), 1, mostTokens, error).value_or(1);
    spec_.ttlSec = arguments.number(QStringLiteral("--ttl"), 1, longestTtlSec, error);
    spec_.singleUse = arguments.has(QStringLiteral("--single-use"));
    return error;
  }

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    permit(cluster);
    job_ = cluster.issue(spec_);
    connect(job_, &cluster::Job::progressed, this, [this](int done, int total) {
      if (total > 1) out_.progress(tr("%1 of %2 tokens").arg(done).arg(total));
    });
    connect(job_, &cluster::IssueJob::finished, this,
            [this, &cluster](const cluster::IssueOutcome& outcome) { tell(cluster, outcome); });
  }

  void interrupt() override {
    if (job_) job_->cancel();  // it ends soon, and the tokens it has made are told
    else Command::interrupt();
  }

 private:
  void tell(cluster::Cluster& cluster, const cluster::IssueOutcome& outcome) {
    using enum Table::Side;
    Table table({{tr("TOKEN")}, {tr("LIVES"), Right}, {tr("INSTANCE")}});
    QJsonArray list;
    int gone = 0;
    for (const cluster::TokenId& id : outcome.ids) {
      const auto value = cluster.tokens().value(id);
      const auto row = cluster.tokens().find(id);
      if (!value || !row) {
        ++gone;
        continue;
      }
      const auto text = value->reveal();
      const QString token = QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
      const QString instance = cluster.tokens().issuerName(row->issuer);
      const qint64 leftSec = (row->expiresAt - cluster.now() + 500) / 1000;
      if (out_.json()) {
        list.append(QJsonObject{{QStringLiteral("sse_token"), token},
                                {QStringLiteral("expires_in_sec"), leftSec},
                                {QStringLiteral("instance"), instance}});
      } else if (out_.onTerminal()) {
        table.add({{token}, {tr("%1 s").arg(leftSec)}, {instance}});
      } else {
        out_.line(token);  // for T=$(vx11ctl issue)
      }
    }
    if (!table.empty()) out_.table(table);
    if (gone > 0) out_.note(tr("%1 of the tokens have ended already").arg(gone));
    if (outcome.failure) return fail(outcome.failure, {{QStringLiteral("tokens"), list}});
    out_.document({{QStringLiteral("tokens"), list}});
    finish(Exit::Worked);
  }

  cluster::IssueSpec spec_;
  QPointer<cluster::IssueJob> job_;
};

}  // namespace

CommandSpec issueCommand() {
  return {{.name = QStringLiteral("issue"),
           .words = {},
           .summary = tr("issue tokens and print them"),
           .options = {{QStringLiteral("--count"), QStringLiteral("N"), tr("how many (1)")},
                       {QStringLiteral("--ttl"), QStringLiteral("S"), tr("seconds they live (the instance's default)")},
                       {QStringLiteral("--single-use"), {}, tr("each is accepted once")}}},
          {.principal = true, .discovery = false},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Issue>(output); }};
}

}  // namespace vx11::ctl
