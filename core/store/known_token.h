// What the token table says and is told of a token.
#pragma once

#include <cstdint>

#include "token/clock.h"
#include "token/token_id.h"

namespace vx11::store {

/// Whose word counts: this process' own, or Redis', of which an entry is then a copy.
enum class Home : std::uint8_t { here, redis };

struct KnownToken {
  Uuid key;
  PublicId id;
  Instant expires_at;
  WallTime created_at;  ///< on Redis' clock where that is known
  std::uint32_t ttl_s = 0;
  bool single_use = false;
  bool mine = false;       ///< this process issued it: it counts in its figures
  bool unwritten = false;  ///< issued while Redis failed; Redis hasn't got it yet
  Home home = Home::here;
};

/// What the table says of a token at a moment.
struct Sight {
  /// `fresh`: the copy may be trusted without asking; what lives here is always fresh. `stale`: only while Redis fails.
  /// `gone`: Redis had it no more before its time (somebody deleted the key); never valid again, Redis or not.
  enum class State : std::uint8_t { unknown, fresh, stale, gone, expired, revoked, used };

  State state = State::unknown;
  KnownToken token;  ///< unless unknown
};

/// What Redis should have of a token of this process: not written yet; alive; or, of any token that was accepted here
/// as a single-use one, that it is used.
enum class Owed : std::uint8_t { unwritten, live, used };

/// Which entries a list shows: the process' own, or those of them that Redis doesn't have.
enum class Listed : std::uint8_t { mine, mine_not_in_redis };

}  // namespace vx11::store
