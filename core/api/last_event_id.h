// What a client that comes back says of where it was: the `id` of the last event that it was given.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vx11::api {

/// The name of an event in its epoch: "12" in a process' own, "1700000000000-0" in Redis'.
struct Entry {
  std::uint64_t major = 0, minor = 0;

  friend auto operator<=>(const Entry&, const Entry&) = default;
  /// Nothing unless it is one or two decimal numbers of 64 bits with a '-' between them.
  [[nodiscard]] static std::optional<Entry> parse(std::string_view text) noexcept;
};

/// Views of the parsed text.
struct LastEventId {
  std::string_view position;  ///< "<epoch>.<entry>"
  std::string_view epoch, entry;
  std::string_view resume;    ///< a credential, perhaps; empty: none

  /// `<epoch>.<entry>[.<resume>]`; nothing for anything else. An epoch is 1 to 32 of [A-Za-z0-9_-].
  [[nodiscard]] static std::optional<LastEventId> parse(std::string_view text) noexcept;
};

}  // namespace vx11::api
