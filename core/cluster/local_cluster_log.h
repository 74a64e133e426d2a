// What the processes of a local cluster say, as journal entries.
#pragma once

#include <optional>

#include "cluster/types.h"

namespace vx11::cluster::local {

/// "1234:M 23 Nov 2026 09:30:48.934 * Ready to accept connections" without what stands before the mark.
struct RedisLine {
  Severity severity = Severity::Debug;
  QString text;
};
[[nodiscard]] std::optional<RedisLine> parseRedisLine(const QByteArray& line);
/// It serves from then on.
[[nodiscard]] bool saysReady(const QByteArray& line);

}  // namespace vx11::cluster::local
