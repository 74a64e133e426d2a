#include "redis/command_keys.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace vx11::redis {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 19> keyless{
    "PING",    "INFO", "TIME", "CLUSTER", "SLOWLOG", "CLIENT", "CONFIG",   "COMMAND",  "DBSIZE", "ECHO",
    "LATENCY", "ACL",  "AUTH", "SELECT",  "SCRIPT",  "ROLE",   "LASTSAVE", "READONLY", "ASKING"};
/// Their second word says what is to be done, the third is the key.
constexpr std::array<std::string_view, 5> with_subcommand{"XINFO", "XGROUP", "OBJECT", "MEMORY", "DEBUG"};

bool is_word(std::string_view word, std::string_view upper) noexcept {
  return std::equal(word.begin(), word.end(), upper.begin(), upper.end(), [](char left, char right) {
    return left == right || (left >= 'a' && left <= 'z' && left - 'a' + 'A' == right);
  });
}

template <std::size_t size>
bool is_one_of(std::string_view word, const std::array<std::string_view, size>& words) noexcept {
  return std::any_of(words.begin(), words.end(), [word](std::string_view one) { return is_word(word, one); });
}

Route by_key(Words words, std::size_t at) noexcept {
  if (at >= words.size()) return {};
  return {Route::Kind::slot, slot_of(words[at])};
}

}  // namespace

Route route_of(Words words) noexcept {
  if (words.size() < 2) return is_word(words.empty() ? "" : words[0], "WAIT") ? Route{Route::Kind::wait} : Route{};
  const std::string_view name = words[0];
  if (is_word(name, "GET") || is_word(name, "SET") || is_word(name, "PTTL") || is_word(name, "DEL")) {
    return by_key(words, 1);  // nearly all there are
  }
  if (is_word(name, "WAIT")) return {Route::Kind::wait};
  if (is_word(name, "SCAN")) return {Route::Kind::scan};
  if (is_word(name, "EVAL") || is_word(name, "EVALSHA")) {
    return words.size() > 2 && words[2] != "0" ? by_key(words, 3) : Route{};
  }
  if (is_word(name, "XREAD") || is_word(name, "XREADGROUP")) {
    const auto streams =
        std::find_if(words.begin(), words.end(), [](std::string_view word) { return is_word(word, "STREAMS"); });
    return by_key(words, static_cast<std::size_t>(streams - words.begin()) + 1);
  }
  if (is_one_of(name, with_subcommand)) return by_key(words, 2);
  if (is_one_of(name, keyless)) return {};
  return by_key(words, 1);
}

bool CommandReader::next(std::vector<std::string_view>& words) {
  words.clear();
  const auto count = number('*');
  if (!count) return false;
  words.reserve(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    const auto size = number('$');
    if (!size || rest_.size() < *size + 2) return false;
    words.push_back(rest_.substr(0, *size));
    rest_.remove_prefix(*size + 2);
  }
  return true;
}

/// Of a line "*3" or "$12".
std::optional<std::size_t> CommandReader::number(char mark) {
  if (!rest_.starts_with(mark)) return std::nullopt;
  std::size_t value = 0;
  const char* const last = rest_.data() + rest_.size();
  const auto [end, error] = std::from_chars(rest_.data() + 1, last, value);
  if (error != std::errc() || last - end < 2 || *end != '\r' || value > rest_.size()) return std::nullopt;
  rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()) + 2);
  return value;
}

}  // namespace vx11::redis
