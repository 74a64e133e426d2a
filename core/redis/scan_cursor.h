// Where a SCAN over all masters of a cluster goes on: which master, and that master's own cursor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "redis/slot_map.h"

namespace vx11::redis {

struct ScanPlace {
  std::size_t owner = 0;     ///< its number in SlotMap::owners(), as long as the map stays as it is
  std::size_t lowest = 0;    ///< its lowest slot
  std::string id;            ///< the first 8 of the node's
  std::string cursor;        ///< its own
  unsigned round = 0;        ///< how often the walk has begun anew
  std::uint32_t layout = 0;  ///< of the slots when this round began
};

/// Is it "0", or written as we write one? Whether its master is still there, `scan_place` tells.
[[nodiscard]] bool is_scan_cursor(std::string_view text) noexcept;

/// Of the text that was given out: "0", or "<lowest slot>-<first 8 of the node's id>-<its cursor>-<round>-<layout>".
/// When that node serves no slots any more, whoever serves the lowest slot now is walked over from the beginning.
/// Nothing: the text is no such cursor, or nobody serves the slot.
[[nodiscard]] std::optional<ScanPlace> scan_place(const SlotMap& map, std::string_view cursor);

/// What to give out after the one asked there answered with the cursor `next`: the masters come in the order of their
/// lowest slots, and after the last one's end comes "0". When slots have moved between masters since the round began,
/// their keys may have moved past the walk: then there is another round, three of them at most.
[[nodiscard]] std::string scan_cursor(const SlotMap& map, const ScanPlace& asked, std::string_view next);

}  // namespace vx11::redis
