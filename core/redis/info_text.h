// INFO's text, line by line.
#pragma once

#include <string_view>

namespace vx11::redis {

/// Calls `field(name, value)` for each "name:value" line; headings, empty lines and lines without a colon are left out.
template <class Field>
void for_each_field(std::string_view info, Field&& field) {
  while (!info.empty()) {
    const std::size_t end = info.find('\n');
    std::string_view line = info.substr(0, end);
    info.remove_prefix(end == std::string_view::npos ? info.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string_view::npos) continue;
    field(line.substr(0, colon), line.substr(colon + 1));
  }
}

}  // namespace vx11::redis
