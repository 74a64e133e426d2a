// Where a SCAN over all masters of a cluster goes on: which master, and that master's own cursor.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "redis/slot_map.h"

namespace vx11::redis {

struct ScanPlace {
  std::size_t owner = 0;   ///< its number in SlotMap::owners(), as long as the map stays as it is
  std::size_t lowest = 0;  ///< its lowest slot
  std::string id;          ///< the first 8 of the node's
  std::string cursor;      ///< its own
};

/// Of the text that was given out: "0", or "<lowest slot>-<first 8 of the node's id>-<its cursor>". When that node
/// serves no slots any more, whoever serves the lowest slot now is walked over from the beginning. Nothing: the text is
/// no such cursor, or nobody serves the slot.
[[nodiscard]] std::optional<ScanPlace> scan_place(const SlotMap& map, std::string_view cursor);

/// What to give out after the one asked there answered with the cursor `next`: the masters come in the order of their
/// lowest slots, and after the last one's end comes "0".
[[nodiscard]] std::string scan_cursor(const SlotMap& map, const ScanPlace& asked, std::string_view next);

}  // namespace vx11::redis
