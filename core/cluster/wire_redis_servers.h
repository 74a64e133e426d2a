// What an instance says of the servers behind Redis, read into plain values; as strict as wire.h. No I/O.
#pragma once

#include <QJsonObject>

#include "cluster/redis_servers.h"

namespace vx11::cluster::wire {

/// Of GET redis, but for `toldAt`.
[[nodiscard]] RedisServers redisServers(const QJsonObject& redis);

}  // namespace vx11::cluster::wire
