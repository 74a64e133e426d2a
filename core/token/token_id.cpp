#include "token/token_id.h"

// The old interface is marked as deprecated, but needs no context of the heap: a check of a token takes half as long.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <span>

namespace vx11 {

namespace {

/// Decodes lower-case hex without a branch or a table that depends on the data; false if anything else was in it.
template <std::size_t Bytes>
bool decode_hex(const char* text, std::array<std::uint8_t, Bytes>& out) noexcept {
  std::array<std::uint8_t, 2 * Bytes> nibbles;
  std::uint8_t bad = 0;
  for (std::size_t i = 0; i < nibbles.size(); ++i) {
    const auto digit = static_cast<std::uint8_t>(text[i] - '0');
    const auto letter = static_cast<std::uint8_t>(text[i] - 'a');
    bad |= static_cast<std::uint8_t>((digit > 9) & (letter > 5));
    nibbles[i] = digit <= 9 ? digit : static_cast<std::uint8_t>(letter + 10);
  }
  for (std::size_t i = 0; i < Bytes; ++i) {
    out[i] = static_cast<std::uint8_t>((nibbles[2 * i] << 4) | nibbles[2 * i + 1]);
  }
  return bad == 0;
}

/// In a form that the compiler makes vector instructions of: two digits a byte, each without a look-up.
void encode_hex(const std::array<std::uint8_t, 16>& bytes, char* out) noexcept {
  std::array<std::uint8_t, 32> nibbles;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    nibbles[2 * i] = static_cast<std::uint8_t>(bytes[i] >> 4);
    nibbles[2 * i + 1] = static_cast<std::uint8_t>(bytes[i] & 0x0F);
  }
  for (std::size_t i = 0; i < nibbles.size(); ++i) {
    const std::uint8_t nibble = nibbles[i];
    out[i] = static_cast<char>(nibble + (nibble > 9 ? 'a' - 10 : '0'));
  }
}

/// Lengths of the five groups of a UUID's bytes; a dash stands between any two.
constexpr std::array<std::size_t, 5> kGroups{4, 2, 2, 2, 6};

bool is_base64url(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

/// Length of `v1.<kid>` when the text has the shape of a signed token, else 0.
std::size_t signed_prefix(std::string_view text) noexcept {
  constexpr std::size_t payload_size = 46;  // 34 bytes in base64url
  constexpr std::size_t mac_size = 22;      // 16 bytes
  constexpr std::size_t fixed = 3 + 1 + payload_size + 1 + mac_size;
  if (text.size() < fixed + 1 || text.size() > fixed + 8 || !text.starts_with("v1.")) return 0;
  const std::size_t kid_end = text.size() - (fixed - 3);
  const bool good = text[kid_end] == '.' && text[kid_end + 1 + payload_size] == '.' &&
                    is_base64url(text.substr(3, kid_end - 3)) && is_base64url(text.substr(kid_end + 1, payload_size)) &&
                    is_base64url(text.substr(text.size() - mac_size));
  return good ? kid_end : 0;
}

}  // namespace

Uuid Uuid::generate(Random& random) noexcept {
  Uuid id;
  random.fill(std::as_writable_bytes(std::span(id.bytes)));
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != text_size) return std::nullopt;
  std::array<char, 32> hex;
  std::size_t from = 0;
  std::size_t to = 0;
  bool good = true;
  for (const std::size_t group : kGroups) {
    std::memcpy(hex.data() + to, text.data() + from, 2 * group);
    from += 2 * group;
    to += 2 * group;
    if (from < text_size) good &= text[from++] == '-';
  }
  Uuid id;
  good &= decode_hex(hex.data(), id.bytes);
  good &= (id.bytes[6] & 0xF0) == 0x40 && (id.bytes[8] & 0xC0) == 0x80;
  if (!good) return std::nullopt;
  return id;
}

void Uuid::write(char* out36) const noexcept {
  std::array<char, 32> hex;
  encode_hex(bytes, hex.data());
  std::size_t from = 0;
  for (const std::size_t group : kGroups) {
    std::memcpy(out36, hex.data() + from, 2 * group);
    out36 += 2 * group;
    from += 2 * group;
    if (from < hex.size()) *out36++ = '-';
  }
}

TokenText Uuid::text() const noexcept {
  std::array<char, text_size> out;
  write(out.data());
  const TokenText text(std::string_view(out.data(), out.size()));
  wipe(out.data(), out.size());
  return text;
}

PublicId PublicId::of(std::string_view token_text) noexcept {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> hash;
  SHA256_CTX context;  // on the stack, and without the token's text again once it is finished
  SHA256_Init(&context);
  SHA256_Update(&context, token_text.data(), token_text.size());
  SHA256_Final(hash.data(), &context);
  PublicId id;
  std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

std::optional<PublicId> PublicId::parse(std::string_view text) noexcept {
  PublicId id;
  if (text.size() != text_size || !decode_hex(text.data(), id.bytes)) return std::nullopt;
  return id;
}

void PublicId::write(char* out32) const noexcept { encode_hex(bytes, out32); }

std::string PublicId::text() const {
  std::string out(text_size, '\0');
  write(out.data());
  return out;
}

std::string masked(std::string_view token_text) {
  std::size_t shown = 0;
  if (Uuid::parse(token_text)) {
    shown = 4;
  } else if (const std::size_t prefix = signed_prefix(token_text); prefix != 0) {
    shown = prefix;
  } else {
    return "***";
  }
  return std::string(token_text.substr(0, shown)).append("…").append(token_text.substr(token_text.size() - 4));
}

bool looks_like_token(std::string_view text) noexcept {
  return Uuid::parse(text).has_value() || signed_prefix(text) != 0;
}

}  // namespace vx11
