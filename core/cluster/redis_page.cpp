#include "cluster/redis_page.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "store/token_value.h"
#include "token/token_id.h"

namespace vx11::cluster {
namespace {

constexpr std::string_view keysPerStep = "500";
constexpr std::int64_t usualTtlSec = 60;  // of a foreign token whose value doesn't say it

std::string keyPrefix(const std::string& prefix) { return prefix + "ephemeral_token:"; }

std::optional<wire::ListedToken> readOne(const redis::Reply& value, const redis::Reply& life, std::string_view text,
                                         WallTime now) {
  // Without an expiry nobody issued it.
  const bool alive = value.is_text() && life.type == redis::Reply::Type::integer && life.integer >= 0;
  if (!alive) return std::nullopt;
  const store::TokenValue said = store::read_token_value(value.text);
  const std::int64_t leftSec = (life.integer + 999) / 1000;
  const std::int64_t ttlSec = said.ttl.count() > 0 ? said.ttl.count() : std::max(usualTtlSec, leftSec);
  if (ttlSec > std::numeric_limits<std::int32_t>::max() / 1000) return std::nullopt;
  wire::ListedToken token;
  token.id.bytes = PublicId::of(text).bytes;
  const std::string mask = masked(text);
  std::copy_n(mask.begin(), std::min(mask.size(), token.maskedUtf8.size()), token.maskedUtf8.begin());
  const auto created = said.created_at.value_or(now + std::chrono::milliseconds(life.integer - ttlSec * 1000));
  token.createdAtMs = std::chrono::duration_cast<std::chrono::milliseconds>(created.time_since_epoch()).count();
  token.ttlMs = static_cast<std::int32_t>(ttlSec * 1000);
  token.expiresInMs = life.integer;
  if (said.issued_by) token.issuedBy = QString::fromStdString(*said.issued_by).left(128);
  token.singleUse = said.single_use;
  return token;
}

}  // namespace

redis::Request redisScanRequest(const std::string& prefix, const std::string& cursor) {
  return {"SCAN", cursor, "MATCH", keyPrefix(prefix) + "*", "COUNT", keysPerStep};
}

std::optional<RedisKeys> readRedisKeys(const redis::Answer& answer, const std::string& prefix) {
  const bool whole = answer.fault == redis::Fault::none && answer.replies.size() == 1 && answer.replies[0].is_array() &&
                     answer.replies[0].count == 2 && answer.replies[0].first[0].is_text() &&
                     answer.replies[0].first[1].is_array();
  if (!whole) return std::nullopt;
  RedisKeys keys;
  keys.cursor = answer.replies[0].first[0].text;
  const std::string begin = keyPrefix(prefix);
  for (const redis::Reply& name : answer.replies[0].first[1].elements()) {
    // What isn't a token's name can never be presented as one.
    const bool isToken = name.text.starts_with(begin) && Uuid::parse(name.text.substr(begin.size()));
    if (isToken) keys.names.emplace_back(name.text);
  }
  return keys;
}

redis::Request redisValuesRequest(const std::vector<std::string>& names) {
  redis::Request request;
  for (const std::string& name : names) request.add({"GET", name}).add({"PTTL", name});
  return request;
}

std::optional<std::vector<wire::ListedToken>> readRedisValues(const redis::Answer& answer,
                                                              const std::vector<std::string>& names,
                                                              const std::string& prefix, WallTime now) {
  if (redis::is_failing(answer.fault) || answer.replies.size() != 2 * names.size()) return std::nullopt;
  std::vector<wire::ListedToken> tokens;
  const std::size_t begin = keyPrefix(prefix).size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto text = std::string_view(names[i]).substr(begin);
    if (auto token = readOne(answer.replies[2 * i], answer.replies[2 * i + 1], text, now)) tokens.push_back(*token);
  }
  return tokens;
}

}  // namespace vx11::cluster
