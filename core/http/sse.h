// The text of server-sent events (WHATWG HTML, 9.2): fields and frames.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace vx11::http {

/// `id` and `event` are left out when empty; a line break in `data` becomes a data line of its own.
[[nodiscard]] std::string sse_event(std::string_view event, std::string_view id, std::string_view data);
[[nodiscard]] std::string sse_retry(std::chrono::milliseconds after);

}  // namespace vx11::http
