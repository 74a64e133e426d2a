#include "cluster/matrix_causes.h"

#include <QMap>
#include <set>

#include "cluster/words.h"

namespace vx11::cluster {
namespace {

using Members = MatrixTable::Members;

struct Causes {
  Q_DECLARE_TR_FUNCTIONS(MatrixCauses)
};

/// A setting in words ("database 1"); empty: unknown, or of no account because its tokens aren't in Redis.
using Setting = QString (*)(const MatrixMember&);

bool keepsTokensInRedis(const MatrixMember& member) {
  return member.redis && member.mode != QStringLiteral("memory") && member.mode != QStringLiteral("signed");
}
QString database(const MatrixMember& member) {
  if (!keepsTokensInRedis(member) || !member.redis->database) return {};
  return Causes::tr("database %1").arg(*member.redis->database);
}
QString prefix(const MatrixMember& member) {
  if (!keepsTokensInRedis(member) || member.redis->prefix.isEmpty()) return {};
  return Causes::tr("prefix %1").arg(member.redis->prefix);
}
QString server(const MatrixMember& member) {
  if (!keepsTokensInRedis(member) || member.redis->address.isEmpty()) return {};
  return Causes::tr("the Redis at %1").arg(member.redis->address);
}

/// Empty: this setting doesn't account for every refusal.
QString difference(const Members& members, const MatrixRefusals& refusals, Setting setting) {
  for (const auto& [issuer, validator] : refusals) {
    const QString here = setting(*issuer), there = setting(*validator);
    if (here.isEmpty() || there.isEmpty() || here == there) return {};
  }
  QList<std::pair<QString, QStringList>> groups;
  for (const MatrixMember* member : members) {
    const QString value = setting(*member);
    if (value.isEmpty()) continue;
    const auto same =
        std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == value; });
    if (same == groups.end())
      groups.append({value, {member->name}});
    else
      same->second << member->name;
  }
  QStringList parts;
  for (const auto& [value, names] : groups) {
    const QString who = words::joined(names);
    if (!parts.isEmpty())
      parts << Causes::tr("%1 %2", "who and what, after the first").arg(who, value);
    else if (names.size() > 1)
      parts << Causes::tr("%1 use %2").arg(who, value);
    else
      parts << Causes::tr("%1 uses %2").arg(who, value);
  }
  return Causes::tr("%1: neither side finds the other's tokens").arg(parts.join(QStringLiteral(", ")));
}

bool inMemory(const MatrixMember* member) { return member->mode == QStringLiteral("memory"); }

}  // namespace

QString differenceBetween(const Members& members, const MatrixRefusals& refusals) {
  for (const Setting setting : {&database, &prefix, &server}) {
    if (QString found = difference(members, refusals, setting); !found.isEmpty()) return found;
  }
  return {};
}

QString memoryAmong(const Members& members, const MatrixRefusals& refusals) {
  bool refuses = false, isRefused = false;
  for (const auto& [issuer, validator] : refusals) {
    if (!inMemory(issuer) && !inMemory(validator)) return {};
    refuses = refuses || inMemory(validator);
    isRefused = isRefused || inMemory(issuer);
  }
  Members memory, others;
  for (const MatrixMember* member : members) (inMemory(member) ? memory : others).push_back(member);
  if (memory.empty() || others.empty()) return {};
  const QString who = words::joined(MatrixTable::names(memory));
  if (memory.size() > 1) {
    return Causes::tr("%1 run in memory mode and know only their own tokens, which nobody else knows").arg(who);
  }
  if (!refuses) return Causes::tr("%1 runs in memory mode: the others refuse its tokens").arg(who);
  if (!isRefused) return Causes::tr("%1 runs in memory mode: it refuses every token it did not issue").arg(who);
  return Causes::tr(
             "%1 stands alone: it refuses tokens it did not issue, and the others refuse its tokens; it runs in "
             "memory mode")
      .arg(who);
}

QString listOf(const Members& members, const MatrixRefusals& refusals) {
  QStringList parts;
  bool foreign = false;
  for (const MatrixMember* validator : members) {
    Members whose;
    for (const auto& [issuer, refuser] : refusals) {
      if (refuser != validator) continue;
      whose.push_back(issuer);
      foreign = foreign || issuer->foreign || refuser->foreign;
    }
    if (whose.empty()) continue;
    const bool all = whose.size() == members.size();
    const bool allOthers =
        whose.size() + 1 == members.size() && std::find(whose.begin(), whose.end(), validator) == whose.end();
    if (all)
      parts << Causes::tr("%1 refuses everyone's tokens, its own too").arg(validator->name);
    else if (allOthers)
      parts << Causes::tr("%1 refuses everyone else's tokens").arg(validator->name);
    else
      parts << Causes::tr("%1 refuses tokens of %2").arg(validator->name, words::joined(MatrixTable::names(whose)));
  }
  QString text = parts.join(QStringLiteral("; "));
  if (foreign) text += Causes::tr("; where backends of others keep their tokens can't be told");
  return text;
}

}  // namespace vx11::cluster
