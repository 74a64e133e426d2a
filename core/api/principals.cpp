#include "api/principals.h"

#include <algorithm>
#include <cstring>

namespace vx11::api {

namespace {

/// In the place of the time that a token's tag has: 8,900 years from now.
constexpr std::uint8_t by_principal = 0xFF;

[[nodiscard]] bool holds(const std::vector<Principal>& set, const PublicId& id) noexcept {
  return std::any_of(set.begin(), set.end(), [&id](const Principal& principal) { return principal.id == id; });
}

}  // namespace

http::StreamTag Principal::tag() const noexcept {
  http::StreamTag tag;
  tag.fill(by_principal);
  std::copy(id.bytes.begin(), id.bytes.end(), tag.begin());
  return tag;
}

std::optional<PublicId> Principal::of(const http::StreamTag& tag) noexcept {
  PublicId id;
  std::copy_n(tag.begin(), id.bytes.size(), id.bytes.begin());
  const bool is_one = std::all_of(tag.begin() + static_cast<std::ptrdiff_t>(id.bytes.size()), tag.end(),
                                  [](std::uint8_t byte) { return byte == by_principal; });
  return is_one ? std::optional(id) : std::nullopt;
}

Principals::Principals(const std::vector<Secret>& secrets) { static_cast<void>(replace(secrets)); }

Principals::Change Principals::replace(const std::vector<Secret>& secrets) {
  auto made = std::make_unique<Set>();
  for (const Secret& secret : secrets) {
    Principal principal{PublicId::of(secret.reveal()), {}, 0};
    principal.fingerprint = principal.id.text().substr(0, 8);
    std::memcpy(&principal.key, principal.id.bytes.data(), sizeof principal.key);
    made->push_back(std::move(principal));
  }
  const Set before = sets_.empty() ? Set() : *sets_.back();
  Change change;
  change.all = made->size();
  for (const Principal& principal : *made) change.added += holds(before, principal.id) ? 0 : 1;
  for (const Principal& principal : before) {
    if (!holds(*made, principal.id)) change.removed.push_back(principal.id);
  }
  if (!sets_.empty() && change.added == 0 && change.removed.empty()) return change;
  counting_.store(made.get(), std::memory_order_release);
  sets_.push_back(std::move(made));
  return change;
}

const Principal* Principals::find(std::string_view presented) const noexcept {
  // Digests are compared, so that neither length nor content of a principal shows in the time it takes.
  const PublicId digest = PublicId::of(presented);
  const Principal* found = nullptr;
  for (const Principal& principal : *counting_.load(std::memory_order_acquire)) {
    unsigned difference = 0;
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
      difference |= static_cast<unsigned>(digest.bytes[i]) ^ static_cast<unsigned>(principal.id.bytes[i]);
    }
    if (difference == 0) found = &principal;
  }
  return found;
}

}  // namespace vx11::api
