// The names of a token: the UUID that is the token itself, its public id that may be shown and logged, and its mask.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "token/random.h"
#include "token/secret.h"

namespace vx11 {

/// An opaque token: UUID version 4 (RFC 4122, 4.4), 122 random bits, lower case in text.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const Uuid&, const Uuid&) = default;
  friend auto operator<=>(const Uuid&, const Uuid&) = default;

  static constexpr std::size_t text_size = 36;
  [[nodiscard]] static Uuid generate(Random& random) noexcept;
  /// Exactly the canonical lower-case form of a version 4, variant 1 UUID; anything else is nothing.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;
  void write(char* out36) const noexcept;
  [[nodiscard]] TokenText text() const noexcept;
};

/// Random bits are a good hash already, once both halves are laid over each other: each has bits that are the same in
/// every UUID (version, variant), and a table that picks its group by just those would fill a sixteenth of itself.
struct UuidHash {
  using is_avalanching = void;
  [[nodiscard]] std::size_t operator()(const Uuid& id) const noexcept {
    std::uint64_t half[2];
    std::memcpy(half, id.bytes.data(), sizeof half);
    return static_cast<std::size_t>(half[0] ^ half[1]);
  }
};

/// What may be shown, logged and used to revoke: the first 32 hex digits of SHA-256 of the token's text.
struct PublicId {
  std::array<std::uint8_t, 16> bytes{};

  friend bool operator==(const PublicId&, const PublicId&) = default;
  friend auto operator<=>(const PublicId&, const PublicId&) = default;

  static constexpr std::size_t text_size = 32;
  [[nodiscard]] static PublicId of(std::string_view token_text) noexcept;
  /// 32 lower-case hex digits; anything else is nothing.
  [[nodiscard]] static std::optional<PublicId> parse(std::string_view text) noexcept;
  void write(char* out32) const noexcept;
  [[nodiscard]] std::string text() const;
};

struct PublicIdHash {
  using is_avalanching = void;
  [[nodiscard]] std::size_t operator()(const PublicId& id) const noexcept {
    std::size_t h;
    std::memcpy(&h, id.bytes.data(), sizeof h);
    return h;
  }
};

/// `3f9a…c21e` for a UUID, `v1.k2…8fQx` for a signed token (kid and last four), `***` for anything else: it may be a
/// principal in the wrong place.
[[nodiscard]] std::string masked(std::string_view token_text);

/// Does the text have the shape of a token of any form we know? (A shape alone proves nothing.)
[[nodiscard]] bool looks_like_token(std::string_view text) noexcept;

}  // namespace vx11
