// Bytes as base64url without padding (RFC 4648, 5), in the one canonical spelling only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vx11::api {

[[nodiscard]] std::string base64url_text(std::span<const std::uint8_t> bytes);
/// Exactly `out.size()` bytes; false for any other length, character, or unused bits that are not 0.
[[nodiscard]] bool read_base64url(std::string_view text, std::span<std::uint8_t> out) noexcept;

}  // namespace vx11::api
