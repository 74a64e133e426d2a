#include "store/token_value.h"

#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>

namespace vx11::store {

namespace {

namespace json = boost::json;

constexpr std::size_t fraction_digits = 6;
constexpr std::uint64_t latest_second = 9'000'000'000;  // of what WallTime can hold
constexpr std::uint64_t longest_ttl = 86'400'000;

/// Unix seconds; nothing where no clock could have said it.
[[nodiscard]] std::optional<WallTime> moment(const json::value& value) {
  boost::system::error_code error;
  const double seconds = value.is_number() ? value.to_number<double>(error) : -1;
  if (error || !std::isfinite(seconds) || seconds < 0 || seconds > static_cast<double>(latest_second))
    return std::nullopt;
  return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(seconds)));
}

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 20> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

/// Takes `word` from the front of `text`, if it is there.
[[nodiscard]] bool take(std::string_view& text, std::string_view word) noexcept {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// Not std::from_chars, which g++ 12 does by a table.
[[nodiscard]] bool take(std::string_view& text, std::uint64_t& number) noexcept {
  constexpr std::size_t most_digits = 18;
  std::size_t size = 0;
  for (; size < text.size() && text[size] >= '0' && text[size] <= '9'; ++size) {
    if (size == most_digits) return false;
    number = number * 10 + static_cast<std::uint64_t>(text[size] - '0');
  }
  text.remove_prefix(size);
  return size > 0;
}

/// A text as TokenValueWriter makes it, which nearly all are: this takes a tenth of what a JSON parser does. Whatever
/// looks different in the least is left to that.
[[nodiscard]] bool read_own(std::string_view text, TokenValue& value) {
  std::uint64_t seconds = 0;
  std::uint64_t micros = 0;
  std::uint64_t ttl = 0;
  if (!take(text, R"({"created_at":)") || !take(text, seconds) || !take(text, ".")) return false;
  std::string_view fraction = text.substr(0, fraction_digits);
  if (fraction.size() < fraction_digits || !take(fraction, micros) || !fraction.empty()) return false;
  text.remove_prefix(fraction_digits);
  if (!take(text, R"(,"ttl_sec":)") || !take(text, ttl) || !take(text, R"(,"issued_by":")")) return false;
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; });
  const std::string_view issuer = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(issuer.size());
  const bool single_use = take(text, R"(","single_use":true})");
  if (!single_use && text != R"("})") return false;
  if (seconds > latest_second || ttl < 1 || ttl > longest_ttl || (single_use && !text.empty())) return false;
  value.created_at = WallTime(std::chrono::seconds(seconds) + std::chrono::microseconds(micros));
  value.ttl = std::chrono::seconds(ttl);
  value.issued_by.emplace(issuer);
  value.single_use = single_use;
  return true;
}

}  // namespace

TokenValueWriter::TokenValueWriter(std::string_view instance_id)
    : issuer_(json::serialize(json::string(instance_id))) {}

std::string TokenValueWriter::write(WallTime created_at, std::chrono::seconds ttl, bool single_use) const {
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(created_at.time_since_epoch()).count();
  constexpr std::size_t all_but_issuer = 96;
  std::string text;
  text.reserve(all_but_issuer + issuer_.size());
  text = R"({"created_at":)";
  append_number(text, since / 1'000'000);
  const std::size_t point = text.size();
  append_number(text, 1'000'000 + since % 1'000'000);
  text[point] = '.';
  text += R"(,"ttl_sec":)";
  append_number(text, ttl.count());
  text += R"(,"issued_by":)";
  text += issuer_;
  text += single_use ? R"(,"single_use":true})" : "}";
  return text;
}

TokenValue read_token_value(std::string_view text) {
  TokenValue value;
  if (read_own(text, value)) return value;
  std::array<unsigned char, 1024> room;
  json::monotonic_resource memory(room.data(), room.size());
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error, &memory);
  const json::object* object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return value;
  if (const auto* created = object->if_contains("created_at")) value.created_at = moment(*created);
  if (const auto* ttl = object->if_contains("ttl_sec"); ttl != nullptr && ttl->is_number()) {
    boost::system::error_code not_whole;
    const auto seconds = ttl->to_number<std::int64_t>(not_whole);
    if (!not_whole && seconds > 0 && static_cast<std::uint64_t>(seconds) <= longest_ttl)
      value.ttl = std::chrono::seconds(seconds);
  }
  if (const auto* issuer = object->if_contains("issued_by"); issuer != nullptr && issuer->is_string()) {
    value.issued_by = std::string(issuer->get_string());
  }
  if (const auto* single = object->if_contains("single_use"); single != nullptr && single->is_bool()) {
    value.single_use = single->get_bool();
  }
  return value;
}

}  // namespace vx11::store
