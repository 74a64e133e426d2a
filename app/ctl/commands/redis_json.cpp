#include "ctl/commands/redis_json.h"

#include <QJsonArray>
#include <QLocale>
#include <QMap>

#include "cluster/words.h"
#include "ctl/commands/redis_servers.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::RedisInfo;
using cluster::RedisSeenBy;

QString nameOf(const cluster::Cluster& cluster, int slot) { return cluster.instances().value(slot).id; }

std::optional<double> ageSec(const cluster::Cluster& cluster) {
  const RedisInfo& info = cluster.redis();
  if (info.answeredAt < 0) return std::nullopt;
  return static_cast<double>(cluster.now() - info.answeredAt) / 1000;
}

/// "a uses database 1, b and c database 0"; empty where all that told say the same.
QString difference(const QMap<QString, QStringList>& users, const QString& what) {
  if (users.size() < 2) return {};
  QStringList parts;
  for (auto user = users.begin(); user != users.end(); ++user) {
    const QString who = cluster::words::joined(user.value());
    if (!parts.isEmpty())
      parts.append(QStringLiteral("%1 %2 %3").arg(who, what, user.key()));
    else if (user.value().size() > 1)
      parts.append(tr("%1 use %2 %3").arg(who, what, user.key()));
    else
      parts.append(tr("%1 uses %2 %3").arg(who, what, user.key()));
  }
  return parts.join(QStringLiteral(", "));
}

QString yesNo(const std::optional<bool>& value) {
  if (!value) return QStringLiteral("–");
  return *value ? tr("yes") : tr("no");
}

QString bytes(const std::optional<qint64>& value) {
  return value ? QLocale::c().formattedDataSize(*value) : QStringLiteral("–");
}

QJsonObject toJson(const cluster::Cluster& cluster, const RedisSeenBy& seen) {
  return {{QStringLiteral("instance"), nameOf(cluster, seen.slot)},
          {QStringLiteral("up"), orNull(seen.up)},
          {QStringLiteral("breaker"), orNull(seen.breaker)},
          {QStringLiteral("address"), orNull(seen.address)},
          {QStringLiteral("database"), orNull(seen.database)},
          {QStringLiteral("prefix"), orNull(seen.prefix)},
          {QStringLiteral("round_trip_p50_ms"), orNull(seen.roundTripP50)},
          {QStringLiteral("round_trip_p99_ms"), orNull(seen.roundTripP99)},
          {QStringLiteral("feed_age_ms"), orNull(seen.feedAgeMs)},
          {QStringLiteral("unwritten"), orNull(seen.unwritten)},
          {QStringLiteral("denied"), orNull(seen.denied)},
          {QStringLiteral("last_error"), orNull(seen.lastError)}};
}

}  // namespace

QStringList redisWarnings(const cluster::Cluster& cluster) {
  const RedisInfo& info = cluster.redis();
  QMap<QString, QStringList> databases, prefixes;
  for (const RedisSeenBy& seen : info.seenBy) {
    const QString name = nameOf(cluster, seen.slot);
    if (seen.database) databases[QString::number(*seen.database)].append(name);
    if (!seen.prefix.isEmpty()) prefixes[seen.prefix].append(name);
  }
  QStringList warnings{difference(databases, tr("database")), difference(prefixes, tr("prefix"))};
  if (info.mayEvict()) warnings.append(tr("the policy %1 lets Redis take live tokens away").arg(info.policy));
  warnings.append(serverWarnings(info.servers));
  warnings.removeAll(QString());
  return warnings;
}

QJsonObject redisJson(const cluster::Cluster& cluster, const QStringList& warnings) {
  const RedisInfo& info = cluster.redis();
  QJsonArray views;
  for (const RedisSeenBy& seen : info.seenBy) views.append(toJson(cluster, seen));
  QStringList silent;
  for (const auto& instance : cluster.instances())
    if (!answers(instance)) silent.append(instance.id);
  QJsonObject document{{QStringLiteral("configured"), info.configured},
                       {QStringLiteral("up"), orNull(info.up)},
                       {QStringLiteral("address"), orNull(info.address)},
                       {QStringLiteral("told_by"), orNull(info.sourceName)},
                       {QStringLiteral("age_sec"), orNull(ageSec(cluster))},
                       {QStringLiteral("error"), orNull(info.error)},
                       {QStringLiteral("version"), orNull(info.version)},
                       {QStringLiteral("mode"), orNull(info.mode)},
                       {QStringLiteral("role"), orNull(info.role)},
                       {QStringLiteral("uptime_sec"), orNull(info.uptimeSec)},
                       {QStringLiteral("used_memory"), orNull(info.usedMemory)},
                       {QStringLiteral("maxmemory"), orNull(info.maxMemory)},
                       {QStringLiteral("maxmemory_policy"), orNull(info.policy)},
                       {QStringLiteral("clients"), orNull(info.clients)},
                       {QStringLiteral("ops_per_sec"), orNull(info.opsPerSec)},
                       {QStringLiteral("hit_ratio"), orNull(info.hitRatio)},
                       {QStringLiteral("keys"), orNull(info.keys)},
                       {QStringLiteral("evicted_keys"), orNull(info.evictedKeys)},
                       {QStringLiteral("expired_keys"), orNull(info.expiredKeys)},
                       {QStringLiteral("replicas"), orNull(info.replicas)},
                       {QStringLiteral("replication_lag_bytes"), orNull(info.replicationLagBytes)},
                       {QStringLiteral("aof_enabled"), orNull(info.aofEnabled)},
                       {QStringLiteral("rdb_last_save_ok"), orNull(info.rdbLastSaveOk)},
                       {QStringLiteral("slow_log_length"), orNull(info.slowLogLength)},
                       {QStringLiteral("round_trip_ms"), orNull(info.roundTripMs)},
                       {QStringLiteral("instances"), views},
                       {QStringLiteral("silent"), QJsonArray::fromStringList(silent)},
                       {QStringLiteral("warnings"), QJsonArray::fromStringList(warnings)}};
  addServers(document, cluster);
  return document;
}

Table redisTable(const cluster::Cluster& cluster) {
  const RedisInfo& info = cluster.redis();
  const auto text = [](const QString& value) { return value.isEmpty() ? QStringLiteral("–") : value; };
  const auto age = ageSec(cluster);
  Table table({{tr("REDIS")}, {text(info.address)}});
  const auto add = [&table](const QString& name, const QString& value, Tone tone = Tone::Plain) {
    table.add({{name}, {value, tone}});
  };
  const bool up = info.up.value_or(false);
  add(tr("state"),
      up                    ? tr("up")
      : info.servers.partly ? tr("partly down")
      : info.up             ? tr("down")
                            : tr("unknown"),
      up ? Tone::Good : Tone::Bad);
  add(tr("told by"), age ? tr("%1, %2 ago").arg(text(info.sourceName), lasting(*age)) : text(info.sourceName));
  add(tr("version"), text(QStringLiteral("%1 %2").arg(info.version, info.mode).trimmed()));
  add(tr("role"), info.replicas == 1 ? tr("%1, 1 replica").arg(text(info.role))
                  : info.replicas    ? tr("%1, %2 replicas").arg(text(info.role)).arg(*info.replicas)
                                     : text(info.role));
  add(tr("memory"), info.maxMemory.value_or(0) > 0 ? tr("%1 of %2").arg(bytes(info.usedMemory), bytes(info.maxMemory))
                                                   : bytes(info.usedMemory));
  add(tr("policy"), text(info.policy), info.mayEvict() ? Tone::Doubtful : Tone::Plain);
  add(tr("commands"), info.opsPerSec ? tr("%1/s").arg(*info.opsPerSec) : QStringLiteral("–"));
  add(tr("clients"), counted(info.clients));
  add(tr("keys"), counted(info.keys));
  add(tr("persists"), tr("AOF: %1, last RDB good: %2").arg(yesNo(info.aofEnabled), yesNo(info.rdbLastSaveOk)));
  addServers(table, info.servers);
  if (info.roundTripMs) add(tr("round trip"), tr("%1 from here").arg(inMs(info.roundTripMs)));
  return table;
}

Table redisViews(const cluster::Cluster& cluster) {
  using enum Table::Side;
  Table table({{tr("INSTANCE")},
               {tr("REACHES IT")},
               {tr("ADDRESS")},
               {tr("DB"), Right},
               {tr("PREFIX")},
               {tr("P50"), Right},
               {tr("P99"), Right},
               {tr("UNWRITTEN"), Right}});
  for (const RedisSeenBy& seen : cluster.redis().seenBy) {
    const auto database = seen.database ? std::optional(qint64{*seen.database}) : std::nullopt;
    table.add({{nameOf(cluster, seen.slot)},
               {yesNo(seen.up), seen.up.value_or(true) ? Tone::Plain : Tone::Bad},
               {seen.address},
               {counted(database)},
               {seen.prefix},
               {inMs(seen.roundTripP50)},
               {inMs(seen.roundTripP99)},
               {counted(seen.unwritten)}});
  }
  return table;
}

}  // namespace vx11::ctl
