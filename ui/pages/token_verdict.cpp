#include "pages/token_verdict.h"

#include <QCoreApplication>
#include <algorithm>

#include "models/token_words.h"
#include "pages/cluster_health.h"
#include "pages/overview_words.h"
#include "widgets/format.h"

namespace vx11::ui::tokens {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::tokens)
};

using cluster::InstanceInfo;
using cluster::InstanceState;

bool answers(const InstanceInfo& info) {
  return info.state == InstanceState::Live || info.state == InstanceState::Degraded ||
         info.state == InstanceState::Draining;
}

std::optional<double> issueRate(const QList<InstanceInfo>& instances) {
  std::optional<double> sum;
  for (const auto& info : instances) {
    if (info.issueRate) sum = sum.value_or(0) + *info.issueRate;
  }
  return sum;
}

/// Empty where instances differ or don't tell.
std::optional<int> commonTtl(const QList<InstanceInfo>& instances) {
  std::optional<int> ttl;
  for (const auto& info : instances) {
    if (!info.ttlSec || (ttl && *ttl != *info.ttlSec)) return std::nullopt;
    ttl = info.ttlSec;
  }
  return ttl;
}

QString flow(const QList<InstanceInfo>& instances, const Look& look) {
  const auto rate = issueRate(instances);
  const auto ttl = commonTtl(instances);
  const QString issued =
      !rate ? Words::tr("How many are issued is unknown")
      : ttl ? Words::tr("%1 issued per second, %2 each").arg(format::rateParts(rate).number, words::life(*ttl))
            : Words::tr("%1 issued per second").arg(format::rateParts(rate).number);
  const QString ending = look.endingSoon == 1
                             ? Words::tr("1 expires in the next 5 s")
                             : Words::tr("%1 expire in the next 5 s").arg(format::count(look.endingSoon));
  return look.complete ? Words::tr("%1; %2.").arg(issued, ending)
                       : Words::tr("%1; %2. The list is being read.").arg(issued, ending);
}

Verdict withoutRedis(const QList<InstanceInfo>& instances, const cluster::RedisInfo& redis, const Look& look) {
  // What was issued since is in the list: the instances tell it themselves.
  const QString phrase = Words::tr("Degraded, %1 live.").arg(format::count(look.live));
  const QString down =
      redis.answeredAt < 0
          ? Words::tr("Redis is down")
          : Words::tr("Redis is down since %1")
                .arg(format::moment(look.wall.addMSecs(redis.answeredAt - look.now), look.wall.date()));
  QStringList own;
  for (const InstanceInfo& info : instances) {
    if (answers(info) && info.mode != QStringLiteral("redis")) own << info.id;
  }
  if (own.isEmpty()) return {Mark::Degraded, phrase, down + u'.'};
  const QString who = own.size() > 4 ? Words::tr("%1 instances").arg(own.size()) : health::nameList(own);
  return {Mark::Degraded, phrase,
          own.size() == 1 ? Words::tr("%1; %2 answers from its own memory.").arg(down, who)
                          : Words::tr("%1; %2 answer from their own memory.").arg(down, who)};
}

}  // namespace

bool redisAway(const cluster::RedisInfo& redis, const QList<InstanceInfo>& instances) {
  return redis.configured && redis.up == false && std::any_of(instances.begin(), instances.end(), [](const auto& info) {
           return info.mode == QStringLiteral("hybrid") || info.mode == QStringLiteral("redis");
         });
}

QString listAge(const QList<InstanceInfo>& instances, qint64 now) {
  qint64 answered = -1;
  for (const auto& info : instances) {
    if (answers(info)) return {};
    answered = std::max(answered, info.answeredAt);
  }
  return answered < 0 ? QString() : format::age(std::max<qint64>(0, now - answered) / 1000);
}

QString absence(const InstanceInfo& info) {
  const QString who = info.id.isEmpty() ? format::address(info.url) : info.id;
  if (info.state == InstanceState::Paused) return Words::tr("%1 is paused.").arg(who);
  if (info.state == InstanceState::Stopped) return Words::tr("%1 is stopped.").arg(who);
  return info.reason.isEmpty() ? Words::tr("%1 does not answer.").arg(who)
                               : Words::tr("%1 does not answer (%2).").arg(who, overview::reasonWords(info.reason));
}

QString absenceMeaning(const InstanceInfo& info, const Look& look) {
  if (info.answeredAt < 0) return Words::tr("It has not answered yet, so its tokens are unknown.");
  const QString when = format::moment(info.answeredWhen, look.wall.date());
  return Words::tr(
             "Its tokens below are from %1 and count down by themselves; what was issued or revoked since is unknown.")
      .arg(when);
}

Verdict verdictOf(const QList<InstanceInfo>& instances, const cluster::RedisInfo& redis, const Look& look) {
  if (instances.isEmpty())
    return {Mark::Unknown, Words::tr("Unknown."), Words::tr("This profile has no instance yet.")};
  const QString live = Words::tr("%1 live.").arg(format::count(look.live));
  const auto answering = std::count_if(instances.begin(), instances.end(), answers);
  const bool starting = std::any_of(instances.begin(), instances.end(), [](const InstanceInfo& info) {
    return info.state == InstanceState::Starting || info.state == InstanceState::Unknown;
  });
  if (answering > 0 && redisAway(redis, instances)) return withoutRedis(instances, redis, look);
  if (answering == instances.size()) {
    const auto degraded = std::find_if(instances.begin(), instances.end(),
                                       [](const InstanceInfo& info) { return info.state == InstanceState::Degraded; });
    return {degraded == instances.end() ? Mark::Live : Mark::Degraded, live, flow(instances, look)};
  }
  if (answering == 0 && starting)
    return {Mark::Starting, Words::tr("Starting."), Words::tr("No instance has answered yet.")};
  const auto away =
      std::find_if(instances.begin(), instances.end(), [](const InstanceInfo& info) { return !answers(info); });
  if (answering == 0) {
    const QString age = listAge(instances, look.now);
    return {Mark::Unreachable, age.isEmpty() ? Words::tr("Unreachable.") : Words::tr("Unreachable, list %1.").arg(age),
            instances.size() == 1 ? absence(*away) : Words::tr("None of %1 instances answers.").arg(instances.size())};
  }
  return {Mark::Degraded, live,
          Words::tr("%1 of %2 instances report. %3").arg(answering).arg(instances.size()).arg(absence(*away))};
}

}  // namespace vx11::ui::tokens
