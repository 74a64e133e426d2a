// One step of a walk over the tokens in Redis, as replies on the wire and as rows. No I/O.
#pragma once

#include <string>
#include <vector>

#include "cluster/wire.h"
#include "redis/client.h"
#include "token/clock.h"

namespace vx11::cluster {

/// A bounded SCAN; `cursor` "0" begins. Never KEYS.
[[nodiscard]] redis::Request redisScanRequest(const std::string& prefix, const std::string& cursor);

struct RedisKeys {
  std::string cursor = "0";        ///< "0": this was the last step
  std::vector<std::string> names;  ///< of tokens only
};
/// Nothing where Redis refused.
[[nodiscard]] std::optional<RedisKeys> readRedisKeys(const redis::Answer& answer, const std::string& prefix);

/// GET and PTTL of each.
[[nodiscard]] redis::Request redisValuesRequest(const std::vector<std::string>& names);
/// What has ended meanwhile, or isn't a token, is left out. Nothing where Redis refused.
[[nodiscard]] std::optional<std::vector<wire::ListedToken>> readRedisValues(const redis::Answer& answer,
                                                                            const std::vector<std::string>& names,
                                                                            const std::string& prefix, WallTime now);

}  // namespace vx11::cluster
