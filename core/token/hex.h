// Bytes as lower-case hex digits.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace vx11 {

/// Two digits a byte. Not in constant time: not for comparing secrets.
[[nodiscard]] inline std::string hex_text(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

}  // namespace vx11
