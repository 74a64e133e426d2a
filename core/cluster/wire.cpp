#include "cluster/wire.h"

#include <algorithm>

#include "cluster/json_fields.h"

namespace vx11::cluster::wire {
namespace {

constexpr double maxWallSeconds = 253'402'300'800.0;  // the year 10000: past it is no time

std::optional<Quantiles> quantiles(const QJsonObject& latencies, QStringView name) {
  const QJsonObject object = json::child(latencies, name);
  const auto count = json::count(object, u"count");
  const auto p50 = json::number(object, u"p50"), p95 = json::number(object, u"p95"), p99 = json::number(object, u"p99");
  if (!count || *count == 0 || !p50 || !p95 || !p99) return std::nullopt;
  return Quantiles{*count, *p50, *p95, *p99};
}

std::optional<TokenId> tokenId(const QJsonValue& value) {
  return value.isString() ? TokenId::parse(value.toString()) : std::nullopt;
}

std::optional<ListedToken> listedToken(const QJsonValue& value) {
  const QJsonObject object = value.toObject();
  const auto id = tokenId(object.value(u"id"));
  const auto createdAt = json::number(object, u"created_at");
  const auto ttl = json::seconds(object, u"ttl_sec");
  const auto expiresIn = json::count(object, u"expires_in_ms");
  const QByteArray masked = json::text(object, u"masked").value_or(QString()).toUtf8();
  ListedToken token;
  // A mask that doesn't fit can't be one: it might be a whole token.
  if (!id || !createdAt || *createdAt > maxWallSeconds || !ttl || !expiresIn || *expiresIn > 86'400'000 ||
      masked.isEmpty() || masked.size() > static_cast<qsizetype>(token.maskedUtf8.size())) {
    return std::nullopt;
  }
  token.id = *id;
  std::copy(masked.begin(), masked.end(), token.maskedUtf8.begin());
  token.createdAtMs = static_cast<qint64>(*createdAt * 1000);
  token.ttlMs = *ttl * 1000;
  token.expiresInMs = *expiresIn;
  token.issuedBy = json::text(object, u"issued_by").value_or(QString());
  token.cachedHere = json::flag(object, u"cached_here");
  token.singleUse = json::flag(object, u"single_use").value_or(false);
  return token;
}

std::optional<std::vector<ListedToken>> listedTokens(const QJsonObject& object) {
  const QJsonValue value = object.value(u"tokens");
  if (!value.isArray()) return std::nullopt;
  const QJsonArray array = value.toArray();
  std::vector<ListedToken> tokens;
  tokens.reserve(static_cast<std::size_t>(array.size()));
  for (const QJsonValue& element : array) {
    auto token = listedToken(element);
    if (!token) return std::nullopt;
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

std::optional<std::vector<TokenId>> tokenIds(const QJsonObject& object) {
  const QJsonArray array = object.value(u"ids").toArray();
  std::vector<TokenId> ids;
  ids.reserve(static_cast<std::size_t>(array.size()));
  for (const QJsonValue& element : array) {
    const auto id = tokenId(element);
    if (!id) return std::nullopt;
    ids.push_back(*id);
  }
  return ids;
}

/// Of no use without a name: nobody, then. A time that is none is 0.
ModeHolder modeHolder(const QJsonObject& object) {
  ModeHolder holder;
  holder.operationId = json::text(object, u"operation_id").value_or(QString()).left(128);
  if (holder.operationId.isEmpty()) return {};
  const auto when = [&](QStringView name) {
    return static_cast<qint64>(std::min(json::number(object, name).value_or(0), maxWallSeconds));
  };
  holder.owner = json::text(object, u"owner").value_or(QString()).left(128);
  holder.since = when(u"since");
  holder.lastSign = when(u"last_sign");
  holder.silentMs = json::count(object, u"silent_ms").value_or(0);
  holder.lapsed = json::flag(object, u"lapsed").value_or(false);
  return holder;
}

std::optional<WatchEvent> validated(const QJsonObject& object) {
  WatchUsed event;
  for (const QJsonValue& element : object.value(u"tokens").toArray()) {
    const auto id = tokenId(element.toObject().value(u"id"));
    if (!id) return std::nullopt;
    event.accepted.push_back(*id);
    if (json::flag(element.toObject(), u"used").value_or(false)) event.usedUp.push_back(*id);
  }
  return event;
}

}  // namespace

std::optional<Stats> parseStats(const QByteArray& body) {
  const auto root = json::object(body);
  if (!root) return std::nullopt;
  const QJsonObject tokens = json::child(*root, u"tokens"), cache = json::child(*root, u"cache");
  const QJsonObject checks = json::child(*root, u"checks"), latencies = json::child(*root, u"latency_ms");
  Stats stats;
  stats.instanceId = json::text(*root, u"instance_id").value_or(QString());
  if (stats.instanceId.isEmpty()) return std::nullopt;
  stats.version = json::text(*root, u"version").value_or(QString());
  stats.mode = json::text(*root, u"mode").value_or(QString());
  stats.state = json::text(*root, u"state").value_or(QString());
  stats.startedAt = json::number(*root, u"started_at");
  stats.uptimeSec = json::number(*root, u"uptime_sec");
  stats.startupMs = json::number(*root, u"startup_ms");
  stats.ttlSec = json::seconds(*root, u"ttl_sec");
  stats.maxTtlSec = json::seconds(*root, u"max_ttl_sec");
  stats.issued = json::count(tokens, u"issued");
  stats.active = json::count(tokens, u"active");
  stats.expired = json::count(tokens, u"expired");
  stats.revoked = json::count(tokens, u"revoked");
  stats.maxTokens = json::count(tokens, u"max");
  stats.cacheBytes = json::count(cache, u"bytes");
  stats.localHits = json::count(cache, u"local_hits");
  stats.localMisses = json::count(cache, u"local_misses");
  stats.accepted = json::count(checks, u"accepted");
  stats.refused = json::count(checks, u"refused");
  stats.cannotTell = json::count(checks, u"cannot_tell");
  const QJsonObject streams = json::child(*root, u"streams");
  stats.streamsOpen = json::count(streams, u"open");
  stats.tokenStreams = json::count(streams, u"ephemeral_total");
  stats.principalStreams = json::count(streams, u"principal_total");
  stats.issueLatency = quantiles(latencies, u"issue");
  stats.localCheckLatency = quantiles(latencies, u"check_local");
  stats.redisCheckLatency = quantiles(latencies, u"check_redis");
  stats.streamLatency = quantiles(latencies, u"stream_open");
  stats.redisConfigured = json::flag(json::child(*root, u"redis"), u"configured");
  stats.redis = redisSummary(json::child(*root, u"redis"), quantiles(latencies, u"redis"));
  stats.modeDraining = root->value(u"draining").isObject();
  return stats;
}

std::optional<Health> parseHealth(const QByteArray& body) {
  const auto root = json::object(body);
  if (!root) return std::nullopt;
  Health health;
  health.instanceId = json::text(*root, u"instance_id").value_or(QString());
  health.version = json::text(*root, u"version").value_or(QString());
  health.mode = json::text(*root, u"mode").value_or(QString());
  health.liveTokens = json::count(*root, u"ephemeral_token_cache_size");
  return health;
}

std::optional<ListPage> parseListPage(const QByteArray& body) {
  const auto root = json::object(body);
  if (!root) return std::nullopt;
  auto tokens = listedTokens(*root);
  const QJsonValue cursor = root->value(u"cursor");
  if (!tokens || !(cursor.isNull() || (cursor.isString() && !cursor.toString().isEmpty()))) return std::nullopt;
  return ListPage{*std::move(tokens), cursor.toString()};
}

std::optional<Issued> parseIssued(const QByteArray& body) {
  const auto root = json::object(body);
  if (!root) return std::nullopt;
  QByteArray text = json::text(*root, u"sse_token").value_or(QString()).toUtf8();
  Issued issued{TokenText(std::string_view(text.constData(), static_cast<std::size_t>(text.size()))),
                json::seconds(*root, u"ttl_sec"), json::seconds(*root, u"expires_in_sec"),
                json::text(*root, u"correlation_id").value_or(QString()).left(64), {}};
  wipe(text.data(), static_cast<std::size_t>(text.size()));
  if (issued.token.empty()) return std::nullopt;
  return issued;
}

std::optional<Validity> parseValidity(const QByteArray& body) {
  const auto root = json::object(body);
  const auto valid = root ? json::flag(*root, u"valid") : std::nullopt;
  if (!valid) return std::nullopt;
  return Validity{*valid, json::count(*root, u"expires_in_ms").value_or(0),
                  json::text(*root, u"source").value_or(QString())};
}

std::optional<Revoked> parseRevoked(const QByteArray& body) {
  const auto root = json::object(body);
  const auto count = root ? json::count(*root, u"revoked") : std::nullopt;
  return count ? std::optional(Revoked{*count}) : std::nullopt;
}

std::optional<ModeState> parseMode(const QByteArray& body) {
  const auto root = json::object(body);
  if (!root) return std::nullopt;
  const QJsonObject draining = json::child(*root, u"draining");
  ModeState state{modeHolder(json::child(*root, u"held_by")), {}, {}, {}, 0};
  state.mode = json::text(*root, u"mode").value_or(QString());
  if (state.mode.isEmpty()) return std::nullopt;
  state.configured = json::text(*root, u"configured").value_or(QString());
  state.drainingFrom = json::text(draining, u"from").value_or(QString());
  state.drainingMs = std::min<qint64>(json::count(draining, u"remaining_ms").value_or(0), 86'400'000);
  return state;
}

std::optional<DrainBegun> parseDrainBegun(const QByteArray& body) {
  const auto root = json::object(body);
  return root && json::flag(*root, u"draining") == true ? std::optional(DrainBegun{}) : std::nullopt;
}

std::optional<Published> parsePublished(const QByteArray& body) {
  const auto root = json::object(body);
  return root ? std::optional(Published{json::text(*root, u"id").value_or(QString()).left(128)}) : std::nullopt;
}

std::optional<WatchEvent> parseWatchEvent(QByteArrayView type, const QByteArray& data) {
  const auto root = json::object(data);
  if (!root) return std::nullopt;
  const auto more = [&] { return json::count(*root, u"more").value_or(0); };
  const auto word = [&](QStringView name) { return json::text(*root, name).value_or(QString()); };
  if (type == "snapshot") return WatchOpened{word(u"instance_id"), word(u"mode")};
  if (type == "issued") {
    auto tokens = listedTokens(*root);
    if (!tokens) return std::nullopt;
    return WatchIssued{*std::move(tokens), more()};
  }
  if (type == "validated") return validated(*root);
  if (type == "refused") return WatchRefused{json::count(*root, u"count").value_or(0)};
  if (type == "revoked" || type == "expired") {
    auto ids = tokenIds(*root);
    if (!ids) return std::nullopt;
    if (type == "expired") return WatchExpired{*std::move(ids), more()};
    return WatchRevoked{*std::move(ids), json::flag(*root, u"all").value_or(false), more()};
  }
  if (type == "mode") return WatchMode{word(u"mode"), word(u"state")};
  if (type == "failover") return WatchFailover{};
  return WatchOther{};
}

QString parseDetail(const QByteArray& body) {
  const auto root = json::object(body);
  return root ? json::text(*root, u"detail").value_or(QString()).left(100) : QString();
}

ModeHolder parseHolder(const QByteArray& body) {
  const auto root = json::object(body);
  return root && json::text(*root, u"detail") == u"mode_held" ? modeHolder(*root) : ModeHolder{};
}

QString parseReason(const QByteArray& body) {
  const auto root = json::object(body);
  if (!root) return {};
  return json::text(*root, u"reason").value_or(json::text(*root, u"owner").value_or(QString())).left(200);
}

}  // namespace vx11::cluster::wire
