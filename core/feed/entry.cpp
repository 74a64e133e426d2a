#include "feed/entry.h"

#include <charconv>
#include <system_error>

namespace vx11::feed {

namespace {

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<EntryId> EntryId::parse(std::string_view text) noexcept {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto ms = number(text.substr(0, dash));
  const auto seq = number(text.substr(dash + 1));
  if (!ms || !seq) return std::nullopt;
  return EntryId{*ms, *seq};
}

std::string EntryId::text() const { return std::to_string(ms) + "-" + std::to_string(seq); }

std::optional<std::string_view> Entry::field(std::string_view name) const noexcept {
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    if (fields[i].text == name && fields[i + 1].is_text()) return fields[i + 1].text;
  }
  return std::nullopt;
}

std::optional<Entry> read_entry(const redis::Reply& reply) noexcept {
  if (!reply.is_array() || reply.count != 2 || !reply.first[0].is_text()) return std::nullopt;
  const auto id = EntryId::parse(reply.first[0].text);
  if (!id) return std::nullopt;
  return Entry{*id, reply.first[0].text, reply.first[1].elements()};
}

std::optional<EntryId> last_entry(const redis::Reply& reply) noexcept {
  if (!reply.is_array() || reply.count == 0) return std::nullopt;
  const auto entry = read_entry(reply.first[0]);
  return entry ? std::optional(entry->id) : std::nullopt;
}

}  // namespace vx11::feed
