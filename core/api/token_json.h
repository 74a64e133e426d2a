// A token as the internal calls show it; never its value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/token_store.h"

namespace vx11::api {

/// Appends one object of the `tokens` list.
void append_token(std::string& out, const store::TokenRecord& record);
/// `unknown`, `expired`, `revoked`, `used`, `malformed`, `unavailable`.
[[nodiscard]] std::string_view to_string(store::Reason reason) noexcept;
/// Seconds since the epoch with their fraction.
[[nodiscard]] double unix_seconds(WallTime time) noexcept;
/// Appends `"name":` and a number; `first` leaves out the comma.
void append_member(std::string& out, std::string_view name, std::uint64_t value, bool first = false);
void append_member(std::string& out, std::string_view name, std::int64_t value, bool first = false);
void append_member(std::string& out, std::string_view name, double value, bool first = false);
void append_member(std::string& out, std::string_view name, std::string_view value, bool first = false);
/// Not an overload: a literal would rather be a bool than a view.
void append_flag(std::string& out, std::string_view name, bool value, bool first = false);
void append_null(std::string& out, std::string_view name);
/// Null: empty, never, unknown.
void append_text_or_null(std::string& out, std::string_view name, std::string_view value);
void append_time_or_null(std::string& out, std::string_view name, const std::optional<WallTime>& time);
void append_number_or_null(std::string& out, std::string_view name, const std::optional<std::int64_t>& value);

}  // namespace vx11::api
