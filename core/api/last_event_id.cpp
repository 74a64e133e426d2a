#include "api/last_event_id.h"

#include <algorithm>
#include <charconv>

namespace vx11::api {

namespace {

constexpr std::size_t longest_epoch = 32;
constexpr std::size_t longest_resume = 128;

[[nodiscard]] bool is_word(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

[[nodiscard]] bool read_number(std::string_view text, std::uint64_t& number) noexcept {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<Entry> Entry::parse(std::string_view text) noexcept {
  Entry entry;
  const std::size_t dash = text.find('-');
  if (!read_number(text.substr(0, dash), entry.major)) return std::nullopt;
  if (dash != std::string_view::npos && !read_number(text.substr(dash + 1), entry.minor)) return std::nullopt;
  return entry;
}

std::optional<LastEventId> LastEventId::parse(std::string_view text) noexcept {
  const std::size_t first = text.find('.');
  if (first == 0 || first > longest_epoch) return std::nullopt;
  const std::size_t second = std::min(text.find('.', first + 1), text.size());
  LastEventId id;
  id.position = text.substr(0, second);
  id.epoch = text.substr(0, first);
  id.entry = text.substr(first + 1, second - first - 1);
  if (second < text.size()) id.resume = text.substr(second + 1);
  if (!is_word(id.epoch) || !Entry::parse(id.entry)) return std::nullopt;
  if (id.resume.size() > longest_resume || !is_word(id.resume)) return std::nullopt;
  return id;
}

}  // namespace vx11::api
