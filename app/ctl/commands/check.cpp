#include <QJsonArray>
#include <algorithm>

#include "ctl/commands/commands.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::CheckAnswer;
using Verdict = CheckAnswer::Verdict;

QString word(Verdict verdict) {
  switch (verdict) {
    case Verdict::Accepted: return QStringLiteral("accepted");
    case Verdict::Refused: return QStringLiteral("refused");
    case Verdict::CantTell: return QStringLiteral("cant_tell");
    case Verdict::NoAnswer: break;
  }
  return QStringLiteral("no_answer");
}

Cell cell(Verdict verdict) {
  switch (verdict) {
    case Verdict::Accepted: return {tr("valid"), Tone::Good};
    case Verdict::Refused: return {tr("refused"), Tone::Bad};
    case Verdict::CantTell: return {tr("can't tell"), Tone::Doubtful};
    case Verdict::NoAnswer: break;
  }
  return {tr("no answer"), Tone::Bad};
}

class Check final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    const std::string text = arguments.words().first().toStdString();
    token_ = TokenText(text);
    return token_.empty() ? tr("a token has 1 to %1 characters").arg(TokenText::capacity) : QString();
  }

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    connect(cluster.check(token_, -1), &cluster::CheckJob::finished, this,
            [this, &cluster](QList<CheckAnswer> answers) {
              std::sort(answers.begin(), answers.end(), [](auto& a, auto& b) { return a.slot < b.slot; });
              tell(cluster, answers);
            });
  }

 private:
  void tell(const cluster::Cluster& cluster, const QList<CheckAnswer>& answers) {
    using enum Table::Side;
    Table table({{tr("INSTANCE")}, {tr("ANSWER")}, {tr("STATUS"), Right}, {tr("LIVES"), Right}, {tr("KNOWN BY")},
                 {tr("TOOK"), Right}});
    QJsonArray list;
    int accepted = 0, refused = 0;
    for (const CheckAnswer& answer : answers) {
      const QString instance = cluster.instances().value(answer.slot).id;
      const bool valid = answer.verdict == Verdict::Accepted;
      accepted += valid ? 1 : 0;
      refused += answer.verdict == Verdict::Refused ? 1 : 0;
      // A backend that was asked by its stream doesn't say how long the token lives.
      const bool tellsLife = valid && !answer.source.isEmpty();
      const auto life = tellsLife ? std::optional(answer.expiresInMs) : std::nullopt;
      const auto status = answer.httpStatus != 0 ? std::optional(qint64{answer.httpStatus}) : std::nullopt;
      QJsonObject object{{QStringLiteral("instance"), instance},
                         {QStringLiteral("verdict"), word(answer.verdict)},
                         {QStringLiteral("status"), orNull(status)},
                         {QStringLiteral("expires_in_ms"), orNull(life)},
                         {QStringLiteral("source"), orNull(answer.source)},
                         {QStringLiteral("latency_ms"), answer.latencyMs}};
      if (answer.failure) object.insert(QStringLiteral("error"), toJson(answer.failure));
      list.append(object);
      table.add({{instance}, cell(answer.verdict), {counted(status)},
                 {tellsLife ? lasting(static_cast<double>(answer.expiresInMs) / 1000) : QStringLiteral("–")},
                 {answer.source}, {inMs(answer.latencyMs)}});
      if (answer.failure) out_.note(sentence(answer.failure));
    }
    const bool valid = accepted == answers.size() && accepted > 0;
    const QJsonValue verdict = refused > 0 ? QJsonValue(false) : valid ? QJsonValue(true) : QJsonValue();
    out_.document({{QStringLiteral("valid"), verdict}, {QStringLiteral("answers"), list}});
    out_.table(table);
    if (refused > 0) finish(Exit::No);
    else finish(valid ? Exit::Worked : Exit::Unreachable);
  }

  TokenText token_;
};

}  // namespace

CommandSpec checkCommand() {
  return {{.name = QStringLiteral("check"),
           .words = QStringLiteral("TOKEN"),
           .summary = tr("ask whether a token is valid; 1 when an instance refuses it"),
           .fewestWords = 1,
           .mostWords = 1,
           .options = {}},
          {.principal = false, .discovery = false},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Check>(output); }};
}

}  // namespace vx11::ctl
