#include "redis/scan_cursor.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace vx11::redis {

namespace {

constexpr std::size_t id_size = 8;
constexpr unsigned most_rounds = 3;  // while slots move all the time, a walk has to end too

struct Parts {
  Slot lowest = 0;
  std::string_view id, cursor;
  unsigned round = 0;
  std::uint32_t layout = 0;
};

/// Up to the next dash, or the end.
std::string_view cut(std::string_view& text) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  const std::string_view part = text.substr(0, dash);
  text.remove_prefix(std::min(dash + 1, text.size()));
  return part;
}

template <class Number>
bool read(std::string_view text, Number& number, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Parts> parts_of(std::string_view text) {
  Parts parts;
  if (std::count(text.begin(), text.end(), '-') != 4 || text.ends_with('-')) return std::nullopt;
  const bool has_slot = read(cut(text), parts.lowest) && parts.lowest < slot_count;
  parts.id = cut(text);
  const bool has_id = parts.id.size() <= id_size && parts.id.find_first_not_of("0123456789abcdef") == parts.id.npos;
  parts.cursor = cut(text);
  std::uint64_t own = 0;
  const bool rest = read(parts.cursor, own) && read(cut(text), parts.round) && read(text, parts.layout, 16);
  if (!has_slot || !has_id || !rest || parts.round > most_rounds) return std::nullopt;
  return parts;
}

std::size_t lowest(const SlotOwner& owner) { return owner.slots._Find_first(); }

/// The master whose lowest slot is the lowest of those from `slot` on.
std::optional<std::size_t> first_from(const SlotMap& map, std::size_t slot) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < map.owners().size(); ++i) {
    const std::size_t its = lowest(map.owners()[i]);
    if (its >= slot && its < slot_count && (!found || its < lowest(map.owners()[*found]))) found = i;
  }
  return found;
}

ScanPlace place(const SlotMap& map, std::size_t owner, std::string_view cursor, unsigned round, std::uint32_t layout) {
  const SlotOwner& its = map.owners()[owner];
  return {owner, lowest(its), its.master.id.substr(0, id_size), std::string(cursor), round, layout};
}

std::string text_of(const ScanPlace& place) {
  char layout[8];
  const auto end = std::to_chars(std::begin(layout), std::end(layout), place.layout, 16).ptr;
  return std::to_string(place.lowest) + "-" + place.id + "-" + place.cursor + "-" + std::to_string(place.round) + "-" +
         std::string(std::begin(layout), end);
}

}  // namespace

bool is_scan_cursor(std::string_view text) noexcept { return text == "0" || parts_of(text).has_value(); }

std::optional<ScanPlace> scan_place(const SlotMap& map, std::string_view cursor) {
  if (cursor == "0") {
    const auto first = first_from(map, 0);
    return first ? std::optional(place(map, *first, "0", 0, map.layout())) : std::nullopt;
  }
  const auto parts = parts_of(cursor);
  if (!parts) return std::nullopt;
  const auto owners = map.owners();
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (lowest(owners[i]) < slot_count && std::string_view(owners[i].master.id).substr(0, id_size) == parts->id) {
      return place(map, i, parts->cursor, parts->round, parts->layout);
    }
  }
  const auto now = map.index_of(parts->lowest);
  return now ? std::optional(place(map, *now, "0", parts->round, parts->layout)) : std::nullopt;
}

std::string scan_cursor(const SlotMap& map, const ScanPlace& asked, std::string_view next) {
  if (next != "0") {
    ScanPlace same = asked;
    same.cursor = next;
    return text_of(same);
  }
  if (const auto other = first_from(map, asked.lowest + 1)) {
    return text_of(place(map, *other, "0", asked.round, asked.layout));
  }
  const auto first = first_from(map, 0);
  const std::uint32_t layout = map.layout();
  if (!first || layout == asked.layout || asked.round == most_rounds) return "0";
  return text_of(place(map, *first, "0", asked.round + 1, layout));
}

}  // namespace vx11::redis
