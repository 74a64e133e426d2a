#include <QDateTime>
#include <QHash>
#include <QJsonArray>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "ctl/commands/commands.h"
#include "ctl/commands/token_json.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::TokenBatch;
using cluster::TokenId;
using cluster::TokenRow;
using cluster::TokenState;

constexpr int lookEveryMs = 50;
constexpr qint64 quietMs = 500, stuckMs = 5000, newsMs = 500, youngMs = 1000;

class ListTokens final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    follows_ = arguments.has(QStringLiteral("--follow"));
    return {};
  }

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    cluster_ = &cluster;
    grewAt_ = cluster.now();
    connect(&timer_, &QTimer::timeout, this, &ListTokens::look);
    timer_.start(lookEveryMs);
    look();
  }

  void interrupt() override { finish(listed_ ? Exit::Worked : Exit::No); }

 private:
  void look() {
    const auto count = cluster_->tokens().count();
    if (std::exchange(count_, count) != count) grewAt_ = cluster_->now();
    if (!cluster_->tokens().complete() && !isAsWholeAsItGets()) {
      out_.progress(tr("%1 tokens").arg(count));
      return;
    }
    if (!follows_ && newsIsUnderWay()) return;
    timer_.stop();
    listed_ = true;
    for (const auto& instance : cluster_->instances()) {
      if (!answers(instance)) out_.note(whySilent(instance) + tr("; its tokens are missing"));
      else if (refuses(instance)) out_.note(tr("%1 refuses the principal; its tokens are missing").arg(instance.id));
      else if (!instance.internalCalls) out_.note(tr("%1 can't list its tokens: they are missing").arg(instance.id));
    }
    if (!cluster_->tokens().complete() && cluster_->redis().up == false) {
      out_.note(tr("Redis does not answer: the tokens that only it knows are missing"));
    }
    if (follows_) follow();
    else tell();
  }

  /// An instance that can't be walked keeps the list incomplete for ever; the others are quiet when they have told all.
  bool isAsWholeAsItGets() const {
    const auto& instances = cluster_->instances();
    const bool allThere = std::all_of(instances.begin(), instances.end(), [](const auto& instance) {
      return instance.state == cluster::InstanceState::Live && instance.internalCalls && !refuses(instance);
    });
    return cluster_->now() - grewAt_ > (allThere ? stuckMs : quietMs);
  }
  /// That a token was issued is told up to two flushes before what became of it since.
  bool newsIsUnderWay() {
    const qint64 now = cluster_->now();
    if (wholeAt_ == 0) wholeAt_ = now;
    if (now - wholeAt_ >= newsMs) return false;
    const QList<TokenRow> all = rows();
    return std::any_of(all.begin(), all.end(), [now](const TokenRow& row) { return now - row.createdAt < youngMs; });
  }
  static bool refuses(const cluster::InstanceInfo& instance) {
    return instance.reason == QStringLiteral("refused_principal");
  }

  QList<TokenRow> rows() const {
    QList<TokenRow> rows = cluster_->tokens().everything().added;
    std::sort(rows.begin(), rows.end(), [](const TokenRow& a, const TokenRow& b) {
      return a.createdAt != b.createdAt ? a.createdAt > b.createdAt : a.id < b.id;
    });
    return rows;
  }

  /// With a Redis of its own in the profile the list may be Redis' where no instance has one.
  bool somebodyLists() const {
    const auto& instances = cluster_->instances();
    return !cluster_->profile().redis.isEmpty() ||
           std::any_of(instances.begin(), instances.end(), [](const auto& instance) {
             return answers(instance) && instance.internalCalls && !refuses(instance);
           });
  }

  void tell() {
    const auto& instances = cluster_->instances();
    const bool refused = std::all_of(instances.begin(), instances.end(),
                                     [](const auto& instance) { return !answers(instance) || refuses(instance); });
    if (refused) {
      cluster::Failure failure;
      failure.kind = cluster::Failure::Kind::Http;
      failure.httpStatus = 403;
      failure.code = QStringLiteral("refused_principal");
      failure.instance = std::find_if(instances.begin(), instances.end(), refuses)->id;
      return fail(failure);
    }
    Table table = tokenTable();
    QJsonArray list;
    for (const TokenRow& row : rows()) {
      if (row.state != TokenState::Live) continue;  // what was revoked a moment ago has yet to leave the list
      if (out_.json()) list.append(toJson(*cluster_, row));
      else addTo(table, *cluster_, row);
    }
    const bool complete = cluster_->tokens().complete();
    const auto counted = cluster::foreignTokens(*cluster_);
    out_.document({{QStringLiteral("tokens"), list},
                   {QStringLiteral("complete"), complete},
                   {QStringLiteral("foreign"), toJson(counted)}});
    if (!rows().isEmpty()) {
      out_.table(table);
      if (counted.foreign > 0) out_.note(cluster::foreignTokenWords(counted, complete));
      if (counted.issuers.size() > 1) {
        for (const QString& line : cluster::foreignTokenDetails(counted).split(u'\n')) out_.note(line);
      }
      return finish(Exit::Worked);
    }
    const bool known = cluster_->tokens().complete() && somebodyLists();
    out_.line(known ? tr("no token lives") : tr("no token is known to live"), Tone::Faint);
    finish(known ? Exit::Worked : Exit::Unreachable);
  }

  void follow() {
    for (const TokenRow& row : rows()) say(QStringLiteral("listed"), row);
    connect(&cluster_->tokens(), &cluster::Tokens::changed, this, &ListTokens::take);
  }

  void take(const TokenBatch& batch) {
    for (const TokenId& id : batch.gone) {
      const auto known = known_.constFind(id);
      // One that was revoked or used up has been told of; it only leaves the list.
      if (known != known_.cend() && known->state == TokenState::Live) {
        TokenRow row = *known;
        row.state = TokenState::Expired;
        say(QStringLiteral("expired"), row);
      }
      known_.remove(id);
    }
    for (const TokenRow& row : batch.added + batch.changed) {
      const auto known = known_.constFind(row.id);
      if (known == known_.cend()) say(QStringLiteral("issued"), row);
      if (row.state != TokenState::Live && (known == known_.cend() || known->state == TokenState::Live))
        say(stateWord(row.state), row);
    }
  }

  void say(const QString& event, const TokenRow& row) {
    if (row.state == TokenState::Expired) known_.remove(row.id);
    else known_.insert(row.id, row);
    const QDateTime now = QDateTime::currentDateTime();
    QJsonObject object = toJson(*cluster_, row);
    object.insert(QStringLiteral("event"), event);
    object.insert(QStringLiteral("at"), now.toUTC().toString(Qt::ISODateWithMs));
    out_.event(object);
    const QString issuer = cluster_->tokens().issuerName(row.issuer);
    const QString life = row.state == TokenState::Live ? tr("%1 s left").arg((row.expiresAt - cluster_->now()) / 1000)
                                                       : QString();
    out_.line(QStringLiteral("%1  %2  %3  %4  %5")
                  .arg(now.toString(QStringLiteral("HH:mm:ss")), event.leftJustified(7), row.masked(),
                       issuer.isEmpty() ? tr("foreign") : issuer, life)
                  .trimmed());
  }

  cluster::Cluster* cluster_ = nullptr;
  QHash<TokenId, TokenRow> known_;
  QTimer timer_;
  qint64 grewAt_ = 0, wholeAt_ = 0;
  qsizetype count_ = 0;
  bool follows_ = false, listed_ = false;
};

}  // namespace

CommandSpec tokensCommand() {
  return {{.name = QStringLiteral("tokens"),
           .words = {},
           .summary = tr("the tokens that live, masked"),
           .options = {{QStringLiteral("--follow"), {}, tr("and what becomes of them, until it is interrupted")}}},
          {.principal = true, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<ListTokens>(output); }};
}

}  // namespace vx11::ctl
