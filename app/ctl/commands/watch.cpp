#include <QDateTime>
#include <QJsonObject>
#include <QSet>
#include <QTimer>

#include "ctl/commands/commands.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::InstanceInfo;
using cluster::LogEntry;
using cluster::Severity;
using cluster::TokenState;

constexpr int tokensEveryMs = 1000;

QString word(Severity severity) {
  switch (severity) {
    case Severity::Debug: return QStringLiteral("debug");
    case Severity::Info: break;
    case Severity::Warning: return QStringLiteral("warning");
    case Severity::Error: return QStringLiteral("error");
  }
  return QStringLiteral("info");
}

Tone toneOf(Severity severity) {
  if (severity == Severity::Error) return Tone::Bad;
  return severity == Severity::Warning ? Tone::Doubtful : Tone::Plain;
}

/// Instances that come, go and change, what the log says besides, and how many tokens came and went.
class Watch final : public Command {
 public:
  using Command::Command;

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    cluster_ = &cluster;
    for (const InstanceInfo& instance : cluster.instances()) look(instance.slot);
    connect(&cluster, &cluster::Cluster::instanceChanged, this, &Watch::look);
    connect(&cluster.journal(), &cluster::Journal::appended, this, [this](const QList<LogEntry>& entries) {
      for (const LogEntry& entry : entries) tell(entry);
    });
    connect(&cluster.tokens(), &cluster::Tokens::changed, this, &Watch::count);
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &Watch::tellTokens);
  }

  void interrupt() override { finish(Exit::Worked); }

 private:
  void say(const QString& source, const QString& event, const QString& text, QJsonObject object, Tone tone) {
    const QDateTime now = QDateTime::currentDateTime();
    object.insert(QStringLiteral("at"), now.toUTC().toString(Qt::ISODateWithMs));
    object.insert(QStringLiteral("source"), source);
    object.insert(QStringLiteral("event"), event);
    out_.event(object);
    const QString time = now.toString(QStringLiteral("HH:mm:ss"));
    out_.line(QStringLiteral("%1  %2  %3  %4").arg(time, source.leftJustified(10), event.leftJustified(8), text), tone);
  }

  void look(int slot) {
    const InstanceInfo& instance = cluster_->instances()[slot];
    const QStringList seen{instance.id, stateWord(instance.state), instance.reason, instance.mode};
    if (std::exchange(seen_[slot], seen) == seen) return;
    QStringList words{seen[1]};
    if (!instance.reason.isEmpty() && instance.reason != seen[1]) words.append(u'(' + instance.reason + u')');
    if (!instance.mode.isEmpty()) words.append(tr("mode %1").arg(instance.mode));
    words.append(instance.url.toString());
    say(instance.id, QStringLiteral("instance"), words.join(u' '),
        {{QStringLiteral("url"), instance.url.toString()},
         {QStringLiteral("state"), seen[1]},
         {QStringLiteral("reason"), orNull(instance.reason)},
         {QStringLiteral("mode"), orNull(instance.mode)}},
        ctl::toneOf(instance.state) == Tone::Good ? Tone::Plain : ctl::toneOf(instance.state));
  }

  void tell(const LogEntry& entry) {
    // These are what an instance's state says already.
    static const QSet<QString> told{QStringLiteral("connected"), QStringLiteral("lost"), QStringLiteral("mode_changed"),
                                    QStringLiteral("draining")};
    if (entry.severity == Severity::Debug || told.contains(entry.event)) return;
    QStringList words;
    for (auto field = entry.fields.cbegin(); field != entry.fields.cend(); ++field)
      words.append(field.key() + u'=' + field.value().toString());
    say(entry.source, entry.event, words.join(u' '),
        {{QStringLiteral("severity"), word(entry.severity)},
         {QStringLiteral("fields"), QJsonObject::fromVariantMap(entry.fields)},
         {QStringLiteral("correlation_id"), orNull(entry.correlationId)}},
        toneOf(entry.severity));
  }

  void count(const cluster::TokenBatch& batch) {
    if (batch.reset || !cluster_->tokens().complete()) return;  // those were there before
    added_ += batch.added.size();
    for (const auto& row : batch.changed + batch.added) {
      revoked_ += row.state == TokenState::Revoked ? 1 : 0;
      used_ += row.state == TokenState::Used ? 1 : 0;
    }
    if (!timer_.isActive()) timer_.start(tokensEveryMs);
  }

  void tellTokens() {
    const qint64 live = cluster_->tokens().liveCount();
    const auto added = std::exchange(added_, 0), revoked = std::exchange(revoked_, 0), used = std::exchange(used_, 0);
    QStringList words{tr("%1 live").arg(live)};
    if (added > 0) words.append(tr("%1 new").arg(added));
    if (revoked > 0) words.append(tr("%1 revoked").arg(revoked));
    if (used > 0) words.append(tr("%1 used up").arg(used));
    say(QStringLiteral("cluster"), QStringLiteral("tokens"), words.join(QStringLiteral(", ")),
        {{QStringLiteral("live"), live},
         {QStringLiteral("new"), added},
         {QStringLiteral("revoked"), revoked},
         {QStringLiteral("used"), used}},
        Tone::Plain);
  }

  cluster::Cluster* cluster_ = nullptr;
  QHash<int, QStringList> seen_;   ///< by slot: what was told of it last
  QTimer timer_;
  qsizetype added_ = 0, revoked_ = 0, used_ = 0;
};

}  // namespace

CommandSpec watchCommand() {
  return {{.name = QStringLiteral("watch"),
           .words = {},
           .summary = tr("what happens in the cluster, until it is interrupted"),
           .options = {}},
          {.principal = true, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Watch>(output); }};
}

}  // namespace vx11::ctl
