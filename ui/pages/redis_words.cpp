#include "pages/redis_words.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>

#include "pages/cluster_health.h"
#include "pages/redis_group.h"
#include "widgets/format.h"

namespace vx11::ui::redis {
namespace {

using cluster::InstanceInfo;
using cluster::RedisInfo;
using cluster::RedisSeenBy;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::redis)
};

/// "fra-1 and fra-3 use 0, fra-2 uses 1" in the order of the instances; empty with less than two values.
QString differences(const QList<std::pair<QString, QString>>& users, const QString& one, const QString& next) {
  QStringList values;
  for (const auto& [name, value] : users)
    if (!values.contains(value)) values << value;
  if (values.size() < 2) return {};
  QStringList parts;
  for (const auto& [name, value] : users) parts << (parts.isEmpty() ? one : next).arg(name, value);
  return parts.join(QStringLiteral(", ")) + u'.';
}

BarCause warning(const char* key, const QString& what, const QString& meaning) {
  return {QString::fromLatin1(key), Mark::Warning, what, meaning, {}, {}};
}

void addHealth(QList<BarCause>& causes, const RedisInfo& info) {
  if (const auto ratio = memoryRatio(info); ratio && *ratio >= memoryMark) {
    causes << warning("memory", Words::tr("Memory is at %1 of its limit.").arg(format::ratio(ratio)),
                      info.mayEvict() ? Words::tr("When it is full, Redis takes tokens away that still live.")
                                      : Words::tr("When it is full, nothing more can be issued."));
  }
  if (info.mayEvict()) {
    causes << warning("policy", Words::tr("The eviction policy is %1.").arg(info.policy),
                      Words::tr("Under pressure Redis takes live tokens away without a word; the policy for tokens is "
                                "noeviction."));
  }
  if (info.evictedKeys.value_or(0) > 0) {
    causes << warning("evicted",
                      info.evictedKeys == 1 ? Words::tr("1 key was evicted.")
                                            : Words::tr("%1 keys were evicted.").arg(format::count(info.evictedKeys)),
                      Words::tr("Tokens among them are refused although their time is not over."));
  }
  if (info.rdbLastSaveOk == false)
    causes << warning("rdb", Words::tr("The last save failed."),
                      Words::tr("After a restart Redis would miss what came since."));
  if (info.aofLastWriteOk == false)
    causes << warning("aof", Words::tr("The last write of the append-only file failed."),
                      Words::tr("After a restart Redis would miss what came since."));
  if (info.masterLinkUp == false)
    causes << warning("link", Words::tr("The link to the master is down."),
                      Words::tr("This replica takes no writes and falls behind."));
  if (info.loading == true)
    causes << warning("loading", Words::tr("Redis is loading its data."), Words::tr("It answers when it is done."));
}

}  // namespace

QString nameOf(const QList<InstanceInfo>& instances, int slot) {
  for (const InstanceInfo& info : instances)
    if (info.slot == slot && !info.id.isEmpty()) return info.id;
  return Words::tr("instance %1").arg(slot + 1);
}

bool isStale(const RedisInfo& info, const Look& look) {
  return info.answeredAt >= 0 && look.now - info.answeredAt > staleAfterMs;
}

QString ageWords(const RedisInfo& info, const Look& look) {
  if (info.answeredAt < 0) return Words::tr("no answer yet");
  const qint64 age = std::max<qint64>(0, look.now - info.answeredAt);
  const QString time = format::moment(look.wall.addMSecs(-age), look.wall.date());
  return Words::tr("as of %1, %2 ago").arg(time, format::duration(age / 1000));
}

QString sourceWords(const RedisInfo& info, const Look& look) {
  if (info.answeredAt < 0) return ageWords(info, look);
  const bool direct = info.source == RedisInfo::Source::Direct || info.sourceName.isEmpty();
  const QString told = direct ? Words::tr("asked") : Words::tr("told by %1").arg(info.sourceName);
  if (isStale(info, look)) return Words::tr("%1, %2", "told by a, as of 14:32:05").arg(told, ageWords(info, look));
  const double seconds = static_cast<double>(std::max<qint64>(0, look.now - info.answeredAt)) / 1000;
  return Words::tr("%1 %2 s ago", "told by a 0.6 s ago").arg(told, QLocale().toString(seconds, 'f', 1));
}

QString staleAge(const RedisInfo& info, const Look& look) {
  return isStale(info, look) ? format::age((look.now - info.answeredAt) / 1000) : QString();
}

std::optional<double> memoryRatio(const RedisInfo& info) {
  if (!info.usedMemory || info.maxMemory.value_or(0) <= 0) return {};
  return static_cast<double>(*info.usedMemory) / static_cast<double>(*info.maxMemory);
}

QString databasesDiffer(const RedisInfo& info, const QList<InstanceInfo>& instances) {
  QList<std::pair<QString, QString>> users;
  for (const RedisSeenBy& seen : info.seenBy)
    if (seen.database) users.append({nameOf(instances, seen.slot), QString::number(*seen.database)});
  return differences(users, Words::tr("%1 uses database %2"), Words::tr("%1 database %2"));
}

QString prefixesDiffer(const RedisInfo& info, const QList<InstanceInfo>& instances) {
  QList<std::pair<QString, QString>> users;
  for (const RedisSeenBy& seen : info.seenBy)
    if (!seen.prefix.isEmpty()) users.append({nameOf(instances, seen.slot), seen.prefix});
  return differences(users, Words::tr("%1 uses the prefix %2"), Words::tr("%1 the prefix %2"));
}

QList<BarCause> causesOf(const RedisInfo& info, const QList<InstanceInfo>& instances, const Look& look) {
  QList<BarCause> causes;
  if (!info.configured) return causes;
  if (info.up == false && !isPartly(info)) {
    causes.append({QStringLiteral("down"),
                   Mark::Unreachable,
                   health::redisAbsence(info) + u'.',
                   Words::tr("Each instance still accepts the tokens it has seen; for others it answers 503."),
                   {},
                   {}});
  } else if (info.up != false) {
    QStringList cut;
    for (const RedisSeenBy& seen : info.seenBy)
      if (seen.up == false) cut << nameOf(instances, seen.slot);
    if (!cut.isEmpty()) {
      causes << warning("cut", Words::tr("Redis answers, but not to %1.").arg(cut.join(QStringLiteral(", "))),
                        Words::tr("There tokens of other instances can’t be told (503)."));
    }
  }
  for (const GroupFinding& finding : groupFindings(info))
    causes << BarCause{QString::fromLatin1(finding.key), finding.mark, finding.clause + u'.', finding.meaning, {}, {}};
  const QString meaning = Words::tr("Instances that don’t share both refuse each other’s tokens.");
  if (const QString differ = databasesDiffer(info, instances); !differ.isEmpty())
    causes << warning("database", differ, meaning);
  if (const QString differ = prefixesDiffer(info, instances); !differ.isEmpty())
    causes << warning("prefix", differ, meaning);
  if (info.up.value_or(false) && !isStale(info, look)) addHealth(causes, info);
  return causes;
}

Verdict verdictOf(const RedisInfo& info, const QList<BarCause>& causes, const Look& look) {
  if (!info.configured)
    return {Mark::Skipped, Words::tr("Not used."), Words::tr("The instances keep their tokens in memory.")};
  if (info.up == false && !isPartly(info)) {
    QStringList sentences;  // what the sentinels do about it
    for (const BarCause& cause : causes)
      if (cause.key == QLatin1String("failing-over") || cause.key == QLatin1String("master-down"))
        sentences << cause.what;
    sentences << (info.answeredAt < 0 ? Words::tr("It has not answered yet.")
                                      : Words::tr("What stands below is %1.").arg(ageWords(info, look)));
    return {Mark::Unreachable, Words::tr("Down."), sentences.join(u' ')};
  }
  if (!info.up && !isStale(info, look))
    return {Mark::Unknown, Words::tr("Unknown."), Words::tr("Nobody has told of Redis yet.")};
  if (isStale(info, look)) {
    return {Mark::Unknown, Words::tr("Old."),
            Words::tr("Nobody tells of Redis now; what stands below is %1.").arg(ageWords(info, look))};
  }
  if (!causes.isEmpty()) {
    QStringList sentences;
    for (const BarCause& cause : causes) sentences << cause.what;
    const bool severe = causes.first().mark == Mark::Unreachable;  // a part of it is down, though it answers
    return {severe ? Mark::Unreachable : Mark::Warning, severe ? Words::tr("Partly down.") : Words::tr("Warning."),
            sentences.join(u' ')};
  }
  QStringList facts;
  if (const QString line = groupLine(info); !line.isEmpty()) facts << line + u'.';
  if (const auto ratio = memoryRatio(info))
    facts << Words::tr("Memory is at %1 of its limit.").arg(format::ratio(ratio));
  if (info.opsPerSec) facts << Words::tr("%1 commands a second.").arg(format::count(info.opsPerSec));
  return {Mark::Live, Words::tr("Healthy."), facts.join(u' ')};
}

}  // namespace vx11::ui::redis
