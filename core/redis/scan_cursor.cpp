#include "redis/scan_cursor.h"

#include <algorithm>
#include <charconv>

namespace vx11::redis {

namespace {

constexpr std::size_t id_size = 8;

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

ScanPlace place(const SlotMap& map, std::size_t owner, std::string_view cursor) {
  const SlotOwner& its = map.owners()[owner];
  return {owner, lowest(its), its.master.id.substr(0, id_size), std::string(cursor)};
}

std::string text_of(const ScanPlace& place) {
  return std::to_string(place.lowest) + "-" + place.id + "-" + place.cursor;
}

}  // namespace

std::optional<ScanPlace> scan_place(const SlotMap& map, std::string_view cursor) {
  if (cursor == "0") {
    const auto first = first_from(map, 0);
    return first ? std::optional(place(map, *first, "0")) : std::nullopt;
  }
  Slot slot = 0;
  const char* const last = cursor.data() + cursor.size();
  const auto [end, error] = std::from_chars(cursor.data(), last, slot);
  if (error != std::errc() || end == last || *end != '-' || slot >= slot_count) return std::nullopt;
  cursor.remove_prefix(static_cast<std::size_t>(end - cursor.data()) + 1);
  const std::size_t dash = cursor.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view id = cursor.substr(0, dash);
  const std::string_view own = cursor.substr(dash + 1);
  if (own.empty() || !std::all_of(own.begin(), own.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const auto owners = map.owners();
  for (std::size_t i = 0; i < owners.size(); ++i) {
    if (lowest(owners[i]) < slot_count && std::string_view(owners[i].master.id).substr(0, id_size) == id) {
      return place(map, i, own);
    }
  }
  const auto now = map.index_of(slot);
  return now ? std::optional(place(map, *now, "0")) : std::nullopt;
}

std::string scan_cursor(const SlotMap& map, const ScanPlace& asked, std::string_view next) {
  if (next != "0") {
    ScanPlace same = asked;
    same.cursor = next;
    return text_of(same);
  }
  const auto other = first_from(map, asked.lowest + 1);
  return other ? text_of(place(map, *other, "0")) : "0";
}

}  // namespace vx11::redis
