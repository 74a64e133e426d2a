#include <QTimer>
#include <algorithm>
#include <utility>

#include "ctl/commands/commands.h"
#include "ctl/commands/redis_json.h"
#include "ctl/commands/redis_servers.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

constexpr int patienceMs = 5000;

class Redis final : public Command {
 public:
  using Command::Command;

  void run(cluster::Cluster& cluster) override {
    cluster_ = &cluster;
    // With its URL Redis is asked itself, whoever else is silent.
    if (cluster.profile().redis.isEmpty() && !someoneAnswers(cluster)) return;
    connect(&cluster, &cluster::Cluster::redisChanged, this, &Redis::look);
    connect(&cluster, &cluster::Cluster::instanceChanged, this, &Redis::look);
    QTimer::singleShot(patienceMs, this, [this] { tell(); });
    look();
  }

 private:
  void look() {
    const cluster::RedisInfo& info = cluster_->redis();
    const auto& instances = cluster_->instances();
    if (std::any_of(instances.begin(), instances.end(), mayYetTell)) return;
    if (!info.configured || info.up || !info.error.isEmpty()) tell();
  }
  /// One that was slow once is asked a second time.
  static bool mayYetTell(const cluster::InstanceInfo& instance) {
    return !answers(instance) && instance.attempts < 2 && instance.reason != QStringLiteral("connection_refused") &&
           instance.state != cluster::InstanceState::Stopped;
  }

  void tell() {
    if (std::exchange(told_, true)) return;
    const cluster::RedisInfo& info = cluster_->redis();
    const QStringList warnings = redisWarnings(*cluster_);
    out_.document(redisJson(*cluster_, warnings));
    if (!info.configured) return tellNone();
    out_.table(redisTable(*cluster_));
    for (const Table& part : {redisNodes(info.servers), redisSentinels(info.servers)}) {
      if (part.empty()) continue;
      out_.line({});
      out_.table(part);
    }
    if (!info.seenBy.isEmpty()) {
      out_.line({});
      out_.table(redisViews(*cluster_));
    }
    for (const QString& warning : warnings) out_.note(warning);
    tellWhoSaysNothing();
    if (!cluster_->profile().redis.isEmpty() && info.source == cluster::RedisInfo::Source::Instance) {
      out_.note(tr("Redis itself can't be asked at %1 (%2): this was told by %3, of the one that it uses")
                    .arg(cluster_->profile().redis,
                         info.error.isEmpty() ? tr("no answer in time") : info.error, info.sourceName));
      return finish(Exit::Unreachable);
    }
    if (!info.up.value_or(false)) {
      const QString why = info.error.isEmpty() ? tr("nobody could tell in time") : info.error;
      out_.note(info.address.isEmpty() ? tr("Redis does not answer: %1").arg(why)
                                       : tr("Redis at %1 does not answer: %2").arg(info.address, why));
      return finish(Exit::Unreachable);
    }
    finish(Exit::Worked);
  }

  /// That nobody tells of a Redis is no proof that there is none.
  void tellNone() {
    const Told told = tellWhoSaysNothing();
    if (told.known) out_.line(tr("no Redis: memory mode"));
    finish(told.known || told.refused ? Exit::No : Exit::Unreachable);
  }

  struct Told {
    bool known = false;    ///< somebody said how he sees Redis, or that he has none
    bool refused = false;  ///< the principal
  };
  Told tellWhoSaysNothing() {
    Told told;
    for (const cluster::InstanceInfo& instance : cluster_->instances()) {
      if (instance.reason == QStringLiteral("refused_principal")) {
        told.refused = true;
        out_.note(tr("%1 refuses the principal: it doesn't tell of its Redis").arg(instance.id));
      } else if (!answers(instance)) {
        out_.note(whySilent(instance) + tr("; how it sees Redis isn't known"));
      } else if (!instance.internalCalls) {
        out_.note(tr("%1 has the public calls only: it can't tell of a Redis").arg(instance.id));
      } else {
        told.known = true;
      }
    }
    return told;
  }

  cluster::Cluster* cluster_ = nullptr;
  bool told_ = false;
};

}  // namespace

CommandSpec redisCommand() {
  return {{.name = QStringLiteral("redis"),
           .words = {},
           .summary = tr("how Redis is, and how each instance sees it; 1 where there is none"),
           .options = {}},
          {.principal = true, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Redis>(output); }};
}

}  // namespace vx11::ctl
