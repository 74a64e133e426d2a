// Joining the events' stream: it is made when it isn't there, with an epoch, and the key that all instances share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feed/entry.h"
#include "feed/keys.h"
#include "redis/reply.h"
#include "redis/request.h"
#include "token/random.h"
#include "token/secret.h"

namespace vx11::feed {

/// `bytes` random bytes, as lower-case hex digits.
[[nodiscard]] std::string random_hex(Random& random, std::size_t bytes);

/// Of the caller: what it knows of the stream. When the stream's last entry is below `cursor` in the same epoch, the
/// server has lost entries, and the epoch ends.
struct Known {
  std::string_view epoch;  ///< empty: nothing is known
  EntryId cursor;
};

/// One EVAL: an epoch begins (with a marker entry, whose only field is `epoch`) where there is no stream, no epoch, or
/// lost entries. `resume_key` is used when there is none.
[[nodiscard]] redis::Request join_request(const Keys& keys, Random& random, const Secret& resume_key, Known known);

struct JoinReply {
  std::string epoch;
  Secret resume_key;
  std::optional<EntryId> marker;  ///< where the epoch began, even when trimming has taken it; nothing: unknown
  EntryId first, last;            ///< of the entries that are there
};

/// Nothing of anything else, an error included.
[[nodiscard]] std::optional<JoinReply> read_join(const redis::Reply& reply);

}  // namespace vx11::feed
