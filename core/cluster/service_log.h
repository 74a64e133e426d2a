// A JSON line of the service's log as a journal entry.
#pragma once

#include <optional>

#include "cluster/types.h"

namespace vx11::cluster {

/// Event "service_log"; the line's own event, message and fields are its fields. Nothing for what isn't such a line.
[[nodiscard]] std::optional<LogEntry> parseServiceLog(const QByteArray& line);

}  // namespace vx11::cluster
