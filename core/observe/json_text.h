// JSON text by hand, for the places where building a document first would cost more than the line is worth.
// Whatever goes in, what comes out is valid JSON in valid UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "token/clock.h"

namespace vx11::observe {

/// Appends `value` as a JSON string with its quotes. Bytes that aren't UTF-8 become U+FFFD, one for each broken
/// sequence (the Unicode Standard's "maximal subpart" practice).
void append_json_string(std::string& out, std::string_view value);

/// Appends a number in the fewest digits that read back as the same; NaN and infinities, which JSON lacks, as null.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::int64_t value);
void append_json_number(std::string& out, std::uint64_t value);

/// Appends `2026-11-23T04:05:06.789Z` (RFC 3339, UTC, milliseconds), without quotes.
void append_rfc3339(std::string& out, WallTime time);
[[nodiscard]] std::string rfc3339(WallTime time);

}  // namespace vx11::observe
