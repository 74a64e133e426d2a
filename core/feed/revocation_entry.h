// A revocation as an entry of the revocations' stream: written, and read.
#pragma once

#include <optional>
#include <string_view>

#include "feed/entry.h"
#include "feed/keys.h"
#include "redis/request.h"
#include "token/revocation.h"

namespace vx11::feed {

/// XADD of an entry that an instance held when the stream had lost it. It has a new id, so it says with a field `again`
/// that `at` is the time that counts: a `before` must not take with it what was issued since.
void add_again(redis::Request& request, const Keys& keys, const Revocation& revocation, std::string_view instance_id);

struct RevocationEntry {
  enum class Kind : std::uint8_t { good, unknown_kind, broken };
  Kind kind = Kind::broken;
  Revocation revocation;  ///< of a good one
  bool again = false;     ///< no news: written back
};

[[nodiscard]] RevocationEntry read_revocation(const Entry& entry);

}  // namespace vx11::feed
