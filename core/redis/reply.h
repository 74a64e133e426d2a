// One reply of Redis as a tree of values. It views memory of the connection that read it: valid during the handler's
// call only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace vx11::redis {

struct Reply {
  enum class Type : std::uint8_t { nil, integer, text, status, error, array };

  Type type = Type::nil;
  std::int64_t integer = 0;  ///< of an integer
  std::string_view text;     ///< of a text, status or error
  const Reply* first = nullptr;
  std::size_t count = 0;  ///< of an array

  [[nodiscard]] std::span<const Reply> elements() const noexcept { return {first, count}; }
  [[nodiscard]] bool is_nil() const noexcept { return type == Type::nil; }
  [[nodiscard]] bool is_error() const noexcept { return type == Type::error; }
  [[nodiscard]] bool is_text() const noexcept { return type == Type::text || type == Type::status; }
  [[nodiscard]] bool is_array() const noexcept { return type == Type::array; }
};

}  // namespace vx11::redis
