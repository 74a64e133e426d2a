#include "feed/revocation_entry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

#include "feed/writer.h"
#include "token/hex.h"

namespace vx11::feed {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t latest_ms = 9'000'000'000'000;  // the year 2255: WallTime counts ns and ends in 2262

std::int64_t ms_of(WallTime time) { return std::chrono::floor<milliseconds>(time).time_since_epoch().count(); }
WallTime time_of(std::int64_t ms) { return WallTime(milliseconds(ms)); }

std::optional<WallTime> read_time(std::optional<std::string_view> text) {
  std::int64_t ms = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ms);
  if (error != std::errc() || end != text->data() + text->size() || ms < 0 || ms > latest_ms) return std::nullopt;
  return time_of(ms);
}

std::string principal_text(std::uint32_t principal) {
  std::array<std::byte, 4> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(principal >> (24 - 8 * i));
  return hex_text(bytes);
}

std::optional<std::uint32_t> read_principal(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size() || text.size() != 8) return std::nullopt;
  return value;
}

/// The fields of an entry, after the words of the command that are before them.
void add_entry(redis::Request& request, std::vector<std::string_view> words, const Revocation& revocation,
               std::string_view by, bool again) {
  std::string id;
  words.insert(words.end(), {"*", "kind"});
  switch (revocation.kind) {
    case Revocation::Kind::token:
      id = revocation.id.text();
      words.insert(words.end(), {"token", "id", id});
      break;
    case Revocation::Kind::before:
      words.emplace_back("before");
      break;
    case Revocation::Kind::principal:
      id = principal_text(revocation.principal);
      words.insert(words.end(), {"principal", "id", id});
      break;
  }
  const std::string at = std::to_string(ms_of(revocation.at));
  const std::string expires = std::to_string(ms_of(revocation.expires));
  words.insert(words.end(), {"at", at, "exp", expires, "by", by});
  if (again) words.insert(words.end(), {"again", "1"});
  request.add(words);
}

}  // namespace

void add_revocations(redis::Request& request, const Keys& keys, std::span<const Revocation> revocations,
                     WallTime oldest_kept) {
  const std::string oldest = std::to_string(std::max<std::int64_t>(0, ms_of(oldest_kept)));
  for (const Revocation& revocation : revocations) {
    add_entry(request, {"XADD", keys.revocations, "MINID", "~", oldest}, revocation, revocation.by, false);
  }
}

void add_again(redis::Request& request, const Keys& keys, const Revocation& revocation, std::string_view instance_id) {
  add_entry(request, {"XADD", keys.revocations}, revocation, instance_id, true);
}

RevocationEntry read_revocation(const Entry& entry) {
  const auto kind = entry.field("kind");
  const auto at = read_time(entry.field("at"));
  const auto expires = read_time(entry.field("exp"));
  const std::string_view id = entry.field("id").value_or("");
  RevocationEntry read;
  if (!kind) return read;
  Revocation& revocation = read.revocation;
  read.again = entry.field("again").has_value();
  if (*kind == "token") {
    const auto public_id = PublicId::parse(id);
    if (!public_id) return read;
    revocation.kind = Revocation::Kind::token;
    revocation.id = *public_id;
  } else if (*kind == "before") {
    revocation.kind = Revocation::Kind::before;
  } else if (*kind == "principal") {
    const auto principal = read_principal(id);
    if (!principal) return read;
    revocation.kind = Revocation::Kind::principal;
    revocation.principal = *principal;
  } else {
    read.kind = RevocationEntry::Kind::unknown_kind;
    return read;
  }
  if (!at || !expires) return read;
  revocation.at = *at;
  revocation.expires = *expires;
  if (revocation.kind == Revocation::Kind::before && !read.again) {
    const auto own_ms = static_cast<std::int64_t>(std::min<std::uint64_t>(entry.id.ms, latest_ms));
    revocation.at = std::max(revocation.at, time_of(own_ms));
  }
  revocation.by = entry.field("by").value_or("");
  read.kind = RevocationEntry::Kind::good;
  return read;
}

}  // namespace vx11::feed
