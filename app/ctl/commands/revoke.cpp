#include <QJsonArray>
#include <QPointer>

#include "ctl/commands/commands.h"
#include "ctl/permission.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

class Revoke final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    const QString id = arguments.value(QStringLiteral("--id"));
    spec_.all = arguments.has(QStringLiteral("--all"));
    sure_ = arguments.has(QStringLiteral("--yes"));
    const auto named = arguments.words().size() + (id.isEmpty() ? 0 : 1) + (spec_.all ? 1 : 0);
    if (named != 1) return tr("revoke takes one of TOKEN, --id ID and --all");
    if (!id.isEmpty()) {
      const auto parsed = cluster::TokenId::parse(id);
      if (!parsed) return tr("--id takes the 32 hexadecimal digits that tokens --json shows, not \"%1\"").arg(id);
      spec_.ids.append(*parsed);
    } else if (!spec_.all) {
      const std::string text = arguments.words().first().toStdString();
      spec_.token = TokenText(text);
      if (spec_.token.empty()) return tr("a token has 1 to %1 characters").arg(TokenText::capacity);
    }
    return {};
  }

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    const bool named = cluster.profile().environment == cluster::Environment::Production;
    if (spec_.all && !named && !sure_ && out_.interactive() && !out_.confirmed(question(cluster))) {
      out_.note(tr("nothing was revoked"));
      return finish(Exit::No);
    }
    const QString toDo = spec_.all ? tr("to revoke every token") : tr("to revoke 1 token");
    if (!permitByName(out_, cluster, toDo, sure_)) return finish(Exit::No);
    bool someoneCan = false;
    for (const auto& instance : cluster.instances()) {
      someoneCan = someoneCan || instance.internalCalls || !answers(instance);
      if (answers(instance) && !instance.internalCalls)
        out_.note(tr("%1 has no call to revoke: its own tokens live to their end").arg(instance.id));
    }
    if (!someoneCan) {
      out_.document({{QStringLiteral("revoked"), 0}, {QStringLiteral("others_pending"), false}});
      return finish(Exit::No);
    }
    job_ = cluster.revoke(spec_);
    connect(job_, &cluster::RevokeJob::finished, this, &Revoke::tell);
  }

  void interrupt() override {
    if (job_) job_->cancel();
    else Command::interrupt();
  }

 private:
  static QString question(const cluster::Cluster& cluster) {
    QStringList names;
    for (const auto& instance : cluster.instances()) names.append(instance.id);
    return tr("Revoke every token that %1 knows?").arg(names.join(QStringLiteral(", ")));
  }

  void tell(const cluster::RevokeOutcome& outcome) {
    const QJsonObject document{{QStringLiteral("revoked"), outcome.revoked},
                               {QStringLiteral("others_pending"), outcome.othersPending}};
    out_.line(outcome.revoked == 1 ? tr("1 token revoked") : tr("%1 tokens revoked").arg(outcome.revoked));
    if (outcome.othersPending) out_.note(tr("Redis does not answer: the other instances hear of it when it is back"));
    if (outcome.failure) return fail(outcome.failure, document);
    out_.document(document);
    finish(outcome.revoked > 0 || spec_.all ? Exit::Worked : Exit::No);
  }

  cluster::RevokeSpec spec_;
  QPointer<cluster::RevokeJob> job_;
  bool sure_ = false;
};

}  // namespace

CommandSpec revokeCommand() {
  return {{.name = QStringLiteral("revoke"),
           .words = QStringLiteral("TOKEN|--id ID|--all"),
           .summary = tr("take tokens back; 1 when none was known"),
           .fewestWords = 0,
           .mostWords = 1,
           .options = {{QStringLiteral("--id"), QStringLiteral("ID"), tr("the token of this public id")},
                       {QStringLiteral("--all"), {}, tr("every token that lives")},
                       {QStringLiteral("--yes"), {}, tr("don't ask before --all, nor for the name of a production profile")}}},
          {.principal = true, .discovery = false},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Revoke>(output); }};
}

}  // namespace vx11::ctl
