// The end of tokens before their time, as instances tell it to each other.
#pragma once

#include <cstdint>
#include <string>

#include "token/clock.h"
#include "token/token_id.h"

namespace vx11 {

struct Revocation {
  /// `before`: every token issued up to `at`. `principal`: those that one principal had issued up to `at`.
  enum class Kind : std::uint8_t { token, before, principal };

  Kind kind = Kind::token;
  PublicId id;                 ///< of a token
  std::uint32_t principal = 0; ///< of a principal: as signed tokens name it
  WallTime at;                 ///< when it was revoked, on Redis' clock (ms)
  WallTime expires;            ///< until when it must be remembered, on Redis' clock (ms)
  std::string by;              ///< the instance that revoked
};

}  // namespace vx11
