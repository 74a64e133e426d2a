#include "pages/overview_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "pages/cluster_health.h"
#include "pages/log_text.h"
#include "widgets/format.h"

namespace vx11::ui::overview {
namespace {

using cluster::InstanceInfo;
using cluster::InstanceState;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::OverviewPage)
};

QString base(const QUrl& instance) {
  return instance.toString(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
}

/// How bad a state is for the verdict: the worst instance decides.
int weight(InstanceState state) {
  switch (state) {
    case InstanceState::Unreachable:
      return 7;
    case InstanceState::Degraded:
      return 6;
    case InstanceState::Paused:
      return 5;
    case InstanceState::Draining:
      return 4;
    case InstanceState::Starting:
      return 3;
    case InstanceState::Unknown:
      return 2;
    case InstanceState::Stopped:
      return 1;
    case InstanceState::Live:
      return 0;
  }
  return 0;
}

QString modeWords(const QString& mode) {
  return mode.isEmpty() ? Words::tr("an unknown mode") : Words::tr("%1 mode").arg(mode);
}

QString liveSentence(const InstanceInfo& info) {
  const QString where = format::address(info.url);
  if (!info.checkLatency || info.checkLatency->count == 0)
    return Words::tr("%1 is live at %2 in %3.").arg(info.id, where, modeWords(info.mode));
  return Words::tr("%1 is live at %2 in %3; it checks in %4 (p95).")
      .arg(info.id, where, modeWords(info.mode), format::latency(info.checkLatency->p95));
}

/// One that never said its id is called by its address, which is enough once.
QString whoAt(const InstanceInfo& info) {
  const QString where = format::address(info.url);
  return info.id == where ? where : Words::tr("%1 at %2").arg(info.id, where);
}

QString unreachableSentence(const InstanceInfo& info, const Look& look) {
  const QString reason = reasonWords(info.reason);
  const QString what = reason.isEmpty() ? Words::tr("%1 does not answer").arg(whoAt(info))
                                        : Words::tr("%1 does not answer (%2)").arg(whoAt(info), reason);
  const QString since = sinceWords(info, look);
  const QString attempt = attemptWords(info, look);
  QString sentence = since.isEmpty() ? what : Words::tr("%1 since %2").arg(what, since);
  if (!attempt.isEmpty()) sentence += QStringLiteral("; ") + attempt;
  return sentence + u'.';
}

Verdict verdictOfOne(const cluster::Profile& profile, const InstanceInfo& info, const Look& look, bool firstStart) {
  const Mark mark = markOf(info.state);
  const QString phrase = markWord(mark) + u'.';
  const QString reason = reasonWords(info.reason);
  const auto because = [&](const QString& plain) {
    return reason.isEmpty() ? plain + u'.' : QStringLiteral("%1: %2.").arg(plain, reason);
  };
  switch (info.state) {
    case InstanceState::Live:
      if (firstStart && profile.kind == cluster::ProfileKind::LocalServer) {
        return {mark, Words::tr("Running."),
                Words::tr("A local token service is up at %1, in memory, for this computer only.")
                    .arg(format::address(info.url))};
      }
      return {mark, Words::tr("Healthy."), liveSentence(info)};
    case InstanceState::Unreachable:
      return {mark, phrase, unreachableSentence(info, look)};
    case InstanceState::Degraded:
      return {mark, phrase, because(Words::tr("%1 answers, but not as it should").arg(info.id))};
    case InstanceState::Draining:
      return {mark, phrase, Words::tr("%1 finishes what it has and takes nothing new.").arg(info.id)};
    case InstanceState::Starting:
      return {mark, phrase, Words::tr("The token service %1 is coming up.").arg(info.id)};
    case InstanceState::Paused:
      return {mark, phrase, Words::tr("Someone paused %1.").arg(info.id)};
    case InstanceState::Stopped:
      if (info.reason != QLatin1String("stopped"))
        return {mark, phrase, because(Words::tr("%1 was stopped on purpose").arg(info.id))};
      if (profile.kind != cluster::ProfileKind::LocalServer)
        return {mark, phrase, Words::tr("%1 was stopped on purpose.").arg(info.id)};
      return {mark, phrase, Words::tr("It was stopped on purpose: Start server, in the menu Cluster, starts it again.")};
    case InstanceState::Unknown:
      break;
  }
  return {mark, phrase, because(Words::tr("%1 has not answered yet").arg(info.id))};
}

/// What is wrong with one of several, as a clause; empty while nothing is.
QString clauseOf(const InstanceInfo& info, const Look& look) {
  if (info.state == InstanceState::Live) return {};
  if (info.state == InstanceState::Degraded && info.reason == QStringLiteral("other_mode"))
    return Words::tr("%1 knows only its own tokens, in memory mode").arg(info.id);
  if (info.state == InstanceState::Degraded && info.reason == QStringLiteral("redis_down"))
    return Words::tr("%1 does not reach Redis").arg(info.id);
  if (info.state == InstanceState::Paused) return Words::tr("%1 is paused").arg(info.id);
  if (info.state == InstanceState::Starting) return Words::tr("%1 is coming up").arg(info.id);
  if (info.reason == QStringLiteral("feed_stale"))
    return Words::tr("%1 may not hear of revocations elsewhere").arg(info.id);
  QString sentence = info.state == InstanceState::Unreachable ? unreachableSentence(info, look)
                                                              : verdictOfOne({}, info, look, false).sentence;
  if (sentence.endsWith(u'.')) sentence.chop(1);
  return sentence;
}

/// "in hybrid mode", "in hybrid and memory mode"; what isn't told is left out.
QString modesOf(const QList<InstanceInfo>& instances) {
  QStringList modes;
  for (const InstanceInfo& info : instances) {
    if (!info.mode.isEmpty() && !modes.contains(info.mode)) modes << info.mode;
  }
  return modes.isEmpty() ? QString() : Words::tr(" in %1 mode").arg(health::nameList(modes));
}

QString healthySentence(const QList<InstanceInfo>& instances, const cluster::RedisInfo& redis) {
  const QString all = format::count(instances.size());
  const QString sum = Words::tr("%1 of %2 instances live%3").arg(all, all, modesOf(instances));
  if (!redis.configured) {
    const bool apart = std::all_of(instances.begin(), instances.end(),
                                   [](const auto& info) { return info.mode == QStringLiteral("memory"); });
    return apart ? Words::tr("%1; each knows only its own tokens.").arg(sum) : sum + u'.';
  }
  if (!redis.up) return Words::tr("%1; how Redis does is unknown.").arg(sum);
  const auto took = health::roundTrip(redis);
  return took ? Words::tr("%1; Redis answers in %2.").arg(sum, format::latency(*took))
              : Words::tr("%1; Redis answers.").arg(sum);
}

Verdict verdictOfSeveral(const QList<InstanceInfo>& instances, const cluster::RedisInfo& redis, const Look& look) {
  QList<health::Finding> findings;
  QList<InstanceInfo> ill = instances;
  std::stable_sort(ill.begin(), ill.end(),
                   [](const auto& a, const auto& b) { return weight(a.state) > weight(b.state); });
  for (const InstanceInfo& info : std::as_const(ill)) {
    // While Redis is down for all, that is one thing and not one an instance.
    if (redis.up == false && info.reason == QStringLiteral("redis_down")) continue;
    if (const QString clause = clauseOf(info, look); !clause.isEmpty()) findings.append({markOf(info.state), clause});
  }
  const auto ofRedis = health::redisFindings(redis, instances);
  // An instance that is away is worse than anything of Redis, and that worse than one that is merely busy.
  const auto place = std::find_if(findings.begin(), findings.end(), [](const auto& f) { return !isTrouble(f.mark); });
  const auto index = std::distance(findings.begin(), place);
  for (qsizetype i = 0; i < ofRedis.size(); ++i) findings.insert(index + i, ofRedis.at(i));
  if (findings.isEmpty()) return {Mark::Live, Words::tr("Healthy."), healthySentence(instances, redis)};

  QString sentence = findings.first().words;
  if (findings.size() > 1) sentence += QStringLiteral("; ") + findings.at(1).words;
  if (findings.size() > 2) sentence += Words::tr("; and %1 more").arg(format::count(findings.size() - 2));
  return {findings.first().mark, markWord(findings.first().mark) + u'.', sentence + u'.'};
}

}  // namespace

QString reasonWords(const QString& reason) {
  const QString status = QStringLiteral("http_");
  if (reason.startsWith(status)) return ui::reasonWords({}, reason.mid(status.size()).toInt());
  return ui::reasonWords(reason);
}

bool reports(const InstanceInfo& info, const Look& look) {
  return info.answeredAt >= 0 && info.unreachableSince < 0 && look.now - info.answeredAt <= staleAfterMs;
}

QString staleAge(const InstanceInfo& info, const Look& look) {
  if (info.answeredAt < 0 || reports(info, look)) return {};
  return format::age((look.now - info.answeredAt) / 1000);
}

QString tokenListAge(cluster::Cluster& cluster, const Look& look) {
  const auto& instances = cluster.instances();
  const bool someone =
      std::any_of(instances.begin(), instances.end(), [&](const auto& info) { return reports(info, look); });
  if (someone || cluster.tokens().updatedAt() < 0) return {};
  return format::age(std::max<qint64>(0, look.now - cluster.tokens().updatedAt()) / 1000);
}

QString sinceWords(const InstanceInfo& info, const Look& look) {
  if (info.unreachableSince < 0) return {};
  return format::moment(look.wall.addMSecs(info.unreachableSince - look.now), look.wall.date());
}

QString attemptWords(const InstanceInfo& info, const Look& look) {
  if (info.nextAttemptAt < 0) return {};
  const int seconds = format::secondsLeft(info.nextAttemptAt - look.now);
  const QString number = format::count(info.attempts + 1);
  return seconds > 0 ? Words::tr("attempt %1 in %2").arg(number, format::duration(seconds))
                     : Words::tr("attempt %1 now").arg(number);
}

QString attemptSentence(const InstanceInfo& info, const Look& look) {
  const QString words = attemptWords(info, look);
  return words.isEmpty() ? words : words.at(0).toUpper() + words.mid(1) + u'.';
}

QString footWords(const InstanceInfo& info, const Look& look) {
  if (info.state == InstanceState::Unreachable) {
    const QString attempt = attemptWords(info, look);
    const QString since = sinceWords(info, look);
    if (since.isEmpty()) return attempt;
    return attempt.isEmpty() ? Words::tr("Since %1").arg(since) : Words::tr("Since %1, %2").arg(since, attempt);
  }
  if (!info.internalCalls) return Words::tr("Public calls only");
  if (info.reason == QStringLiteral("other_mode")) return Words::tr("Memory mode, the others share Redis");
  if (info.reason == QStringLiteral("redis_down")) return Words::tr("Does not reach Redis");
  if (info.version.isEmpty() && !info.uptimeSec) return Words::tr("version unknown");
  if (!info.uptimeSec) return info.version;
  const auto sinceAnswer = std::max<qint64>(0, look.now - info.answeredAt) / 1000;
  const QString up = format::duration(static_cast<qint64>(*info.uptimeSec) + sinceAnswer);
  return info.version.isEmpty() ? Words::tr("Up %1").arg(up) : Words::tr("%1, up %2").arg(info.version, up);
}

Verdict verdictOf(const cluster::Profile& profile, const QList<InstanceInfo>& instances,
                  const cluster::RedisInfo& redis, const Look& look, bool firstStart, const QString& startFailure) {
  if (!startFailure.isEmpty()) return {Mark::Fail, Words::tr("Not started."), startFailure};
  if (instances.isEmpty())
    return {Mark::Unknown, Words::tr("Unknown."), Words::tr("This profile has no instance yet.")};
  if (instances.size() > 1 || redis.configured) return verdictOfSeveral(instances, redis, look);
  return verdictOfOne(profile, instances.first(), look, firstStart);
}

Badge badgeOf(const QList<InstanceInfo>& instances, const cluster::RedisInfo& redis, qsizetype alsoDown) {
  const auto judged = health::judged(instances, redis);
  const auto inState = [&](InstanceState state) {
    return std::count_if(judged.begin(), judged.end(), [&](const auto& info) { return info.state == state; });
  };
  const auto down = inState(InstanceState::Unreachable) + alsoDown;
  const auto degraded = inState(InstanceState::Degraded) + (health::redisFindings(redis, judged).isEmpty() ? 0 : 1);
  if (down + degraded == 0) return {};
  return {format::count(down + degraded), down == 0, down > 0};
}

Cause redisCause(const cluster::RedisInfo& redis, const QList<InstanceInfo>& instances, const Look& look) {
  const auto runs = [&](const QString& mode) {
    return std::any_of(instances.begin(), instances.end(), [&](const auto& info) { return info.mode == mode; });
  };
  QString meaning = runs(QStringLiteral("hybrid"))
                        ? Words::tr("Each instance still accepts the tokens it has seen; for others it answers 503.")
                        : Words::tr("Nothing can be issued or checked meanwhile: instances answer 503.");
  if (redis.answeredAt >= 0)
    meaning += Words::tr(" What is shown of it is from %1.")
                   .arg(format::moment(look.wall.addMSecs(redis.answeredAt - look.now), look.wall.date()));
  return {health::redisAbsence(redis) + u'.', meaning, {}};
}

Cause causeOf(const InstanceInfo& info, const Look& look) {
  const QString reason = reasonWords(info.reason);
  const QString who = whoAt(info);
  if (info.state != InstanceState::Unreachable) {
    return {reason.isEmpty() ? Words::tr("%1 answers, but not as it should.").arg(who)
                             : Words::tr("%1 answers, but not as it should (%2).").arg(who, reason),
            Words::tr("What it doesn’t say now is old or unknown below."),
            {}};
  }
  return {reason.isEmpty() ? Words::tr("%1 does not answer.").arg(who)
                           : Words::tr("%1 does not answer (%2).").arg(who, reason),
          info.answeredAt < 0 ? Words::tr("Nothing is known of it yet.")
                              : Words::tr("Its values below are from %1 and stay, greyed; tokens go on counting down.")
                                    .arg(format::moment(info.answeredWhen, look.wall.date())),
          attemptSentence(info, look)};
}

QString issueCommand(const QUrl& instance) {
  return QStringLiteral(
             "curl -X POST \\\n  -H \"X-VX11-Token: $VX11_OPERATOR_TOKEN\" \\\n  "
             "%1/operator/api/events/sse-token")
      .arg(base(instance));
}

QString streamCommand(const QUrl& instance) {
  return QStringLiteral(
             "token=$(curl -s -X POST -H \"X-VX11-Token: $VX11_OPERATOR_TOKEN\" \\\n"
             "  %1/operator/api/events/sse-token | sed 's/.*\"sse_token\":\"\\([^\"]*\\)\".*/\\1/')\n"
             "curl -N \"%1/operator/api/events/stream?token=$token\"")
      .arg(base(instance));
}

}  // namespace vx11::ui::overview
