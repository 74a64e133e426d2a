#include "store/table_cursor.h"

#include <charconv>

namespace vx11::store {

namespace {

constexpr std::string_view kTag = "6d";  // an 'm', so that another store's cursor isn't taken for ours
constexpr std::size_t kShardDigits = 4;

}  // namespace

std::optional<TableCursor> TableCursor::parse(std::string_view text, std::size_t shard_count) {
  if (text.empty()) return TableCursor{};
  if (text.size() != kTag.size() + kShardDigits + PublicId::text_size || !text.starts_with(kTag)) return std::nullopt;
  const std::string_view digits = text.substr(kTag.size(), kShardDigits);
  TableCursor cursor;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), cursor.shard, 16);
  const auto after = PublicId::parse(text.substr(kTag.size() + kShardDigits));
  if (error != std::errc() || end != digits.data() + digits.size() || cursor.shard >= shard_count || !after) {
    return std::nullopt;
  }
  cursor.after = *after;
  return cursor;
}

std::string TableCursor::text() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(kTag);
  for (std::size_t shift = 4 * kShardDigits; shift != 0; shift -= 4) out += digits[(shard >> (shift - 4)) & 0x0F];
  return out + after.text();
}

}  // namespace vx11::store
