#include "cluster/wire_redis.h"

#include "cluster/json_fields.h"
#include "cluster/wire_redis_servers.h"

namespace vx11::cluster::wire {
namespace {

constexpr double staleFeedMs = 3000;  // as in /readyz
constexpr qsizetype longestText = 200, mostSlow = 100;
constexpr std::size_t mostNeighbours = 100;

QString shortText(const QJsonObject& object, QStringView name) {
  return json::text(object, name).value_or(QString()).left(longestText);
}

void readSlowLog(const QJsonObject& health, RedisInfo& info) {
  info.slowLogLength = json::count(health, u"slow_log_length");
  const QJsonArray entries = health.value(u"slow_log").toArray();
  for (const QJsonValue& value : entries) {
    const QJsonObject entry = value.toObject();
    const auto at = json::count(entry, u"at"), took = json::count(entry, u"took_us");
    if (!at || !took || info.slowLog.size() >= mostSlow) continue;
    info.slowLog.append({*at, static_cast<double>(*took) / 1000, shortText(entry, u"command")});
  }
}

void readHealth(const QJsonObject& health, RedisInfo& info) {
  info.version = shortText(health, u"version");
  info.mode = shortText(health, u"mode");
  info.role = shortText(health, u"role");
  info.policy = shortText(health, u"maxmemory_policy");
  info.uptimeSec = json::count(health, u"uptime_s");
  info.usedMemory = json::count(health, u"used_memory");
  info.maxMemory = json::count(health, u"maxmemory");
  info.clients = json::count(health, u"connected_clients");
  info.blockedClients = json::count(health, u"blocked_clients");
  info.maxClients = json::count(health, u"max_clients");
  info.opsPerSec = json::count(health, u"ops_per_sec");
  info.evictedKeys = json::count(health, u"evicted_keys");
  info.expiredKeys = json::count(health, u"expired_keys");
  info.rejectedConnections = json::count(health, u"rejected_connections");
  info.keys = json::count(health, u"keys");
  const auto hits = json::count(health, u"keyspace_hits"), misses = json::count(health, u"keyspace_misses");
  if (hits && misses) info.hitRatio = RedisInfo::ratioOf(*hits, *misses);
  info.replicas = json::count(health, u"connected_replicas");
  info.replicationLagBytes = json::count(health, u"replication_lag_bytes");
  info.rdbChangesSinceSave = json::count(health, u"rdb_changes_since_save");
  info.rdbLastSaveAt = json::count(health, u"rdb_last_save_at");
  info.masterLinkUp = json::flag(health, u"master_link_up");
  info.rdbLastSaveOk = json::flag(health, u"rdb_last_save_ok");
  info.aofEnabled = json::flag(health, u"aof_enabled");
  info.aofLastWriteOk = json::flag(health, u"aof_last_write_ok");
  info.loading = json::flag(health, u"loading");
  readSlowLog(health, info);
}

std::optional<Neighbour> neighbour(const QJsonObject& object) {
  const QUrl url(json::text(object, u"url").value_or(QString()), QUrl::StrictMode);
  const QString id = shortText(object, u"id");
  const bool isWeb = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
  const qint64 silentMs = json::count(object, u"silent_ms").value_or(0);
  if (id.isEmpty()) return std::nullopt;
  if (silentMs > 0 && !object.contains(u"url")) return Neighbour{id, {}, silentMs};
  if (!url.isValid() || url.host().isEmpty() || !isWeb) return std::nullopt;
  return Neighbour{id, url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment), silentMs};
}

}  // namespace

QString RedisSummary::trouble(const QString& mode, bool draining) const {
  const bool needed = draining || mode == QStringLiteral("redis") || mode == QStringLiteral("hybrid");
  if (!needed) return {};
  if (!seen.up.value_or(true) || seen.breaker == QStringLiteral("open")) return QStringLiteral("redis_down");
  const bool stale = !following.value_or(true) || seen.feedAgeMs.value_or(0) > staleFeedMs;
  return stale ? QStringLiteral("feed_stale") : QString();
}

std::optional<RedisSummary> redisSummary(const QJsonObject& redis, const std::optional<Quantiles>& roundTrip) {
  if (!json::flag(redis, u"configured").value_or(false)) return std::nullopt;
  RedisSummary summary;
  RedisSeenBy& seen = summary.seen;
  seen.up = json::flag(redis, u"up");
  seen.breaker = shortText(redis, u"breaker");
  seen.address = shortText(redis, u"address");
  seen.prefix = shortText(redis, u"prefix");
  seen.lastError = shortText(redis, u"last_error");
  if (const auto database = json::count(redis, u"db"); database && *database < 1'000'000) {
    seen.database = static_cast<int>(*database);
  }
  if (roundTrip) {
    seen.roundTripP50 = roundTrip->p50;
    seen.roundTripP99 = roundTrip->p99;
  }
  const QJsonObject feed = json::child(redis, u"feed");
  summary.following = json::flag(feed, u"following");
  seen.feedAgeMs = json::number(feed, u"age_ms");
  seen.unwritten = json::count(redis, u"unwritten");
  seen.denied = json::count(redis, u"denied");
  return summary;
}

std::optional<RedisReport> parseRedis(const QByteArray& body) {
  const auto root = json::object(body);
  const auto configured = root ? json::flag(*root, u"configured") : std::nullopt;
  if (!configured) return std::nullopt;
  RedisReport report;
  report.info.configured = *configured;
  report.info.up = json::flag(*root, u"up");
  report.info.address = shortText(*root, u"address");
  if (!report.info.up.value_or(true)) report.info.error = shortText(*root, u"last_error");
  if (root->value(u"health").isObject()) {
    report.healthAgeMs = json::count(*root, u"health_age_ms").value_or(0);
    readHealth(json::child(*root, u"health"), report.info);
  }
  report.info.servers = redisServers(*root);
  report.serversAgeMs = json::count(*root, u"topology_age_ms");
  return report;
}

std::optional<Neighbours> parseNeighbours(const QByteArray& body) {
  const auto root = json::object(body);
  if (!root || !root->value(u"instances").isArray()) return std::nullopt;
  Neighbours neighbours;
  const QString source = json::text(*root, u"source").value_or(QString());
  neighbours.byRegistry = source == QStringLiteral("redis");
  if (source == QStringLiteral("memory")) neighbours.rememberedMs = json::count(*root, u"age_ms").value_or(0);
  const QJsonArray entries = root->value(u"instances").toArray();
  for (const QJsonValue& value : entries) {
    if (neighbours.all.size() >= mostNeighbours) break;
    if (auto found = neighbour(value.toObject())) neighbours.all.push_back(*std::move(found));
  }
  return neighbours;
}

}  // namespace vx11::cluster::wire
