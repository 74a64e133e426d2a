// One entry of a Redis Stream, as XREAD and XRANGE answer it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "redis/reply.h"

namespace vx11::feed {

/// "<ms>-<seq>": the order of a stream. The first of all, 0-0, is never an entry's.
struct EntryId {
  std::uint64_t ms = 0, seq = 0;

  friend bool operator==(const EntryId&, const EntryId&) = default;
  friend auto operator<=>(const EntryId&, const EntryId&) = default;

  [[nodiscard]] static std::optional<EntryId> parse(std::string_view text) noexcept;
  [[nodiscard]] std::string text() const;
};

/// Views the reply.
struct Entry {
  EntryId id;
  std::string_view id_text;
  std::span<const redis::Reply> fields;  ///< names and values by turns

  /// Nothing when it isn't there. Of two with one name the first counts.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const noexcept;
};

/// Nothing when the reply isn't an entry.
[[nodiscard]] std::optional<Entry> read_entry(const redis::Reply& reply) noexcept;

/// The id of the one entry that XREVRANGE … COUNT 1 answers; nothing of an empty stream.
[[nodiscard]] std::optional<EntryId> last_entry(const redis::Reply& reply) noexcept;

}  // namespace vx11::feed
