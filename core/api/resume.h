// Credentials that re-open a stream for a while after its token has expired or was used up.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http/event.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/secret.h"
#include "token/token_id.h"

namespace vx11::api {

/// What a stream was opened with: a token, and when that was last found to be valid (on the clock that all instances
/// share, ms). A revocation of all tokens up to a moment counts against that time.
struct StreamOrigin {
  PublicId token;
  WallTime vouched_at;

  [[nodiscard]] http::StreamTag tag() const noexcept;
  /// Nothing for a stream that a principal opened (`Principal::of`).
  [[nodiscard]] static std::optional<StreamOrigin> of(const http::StreamTag& tag) noexcept;
};

/// Thread-safe. A credential is expiry (u32, unix seconds), the origin's time (u48, ms) and the first 12 bytes of
/// HMAC-SHA-256(key, LP("vx11-resume") LP(token's id) LP(expiry) LP(time)); LP: a u32 length and the bytes, all
/// big-endian. It is of use only together with the token's own text.
class ResumeKeys {
 public:
  /// A credential counts for at least 60 s after an event that carries it, and may be as old as `renewal` by then.
  static constexpr std::chrono::seconds life{60};
  static constexpr std::chrono::seconds renewal{5};
  static constexpr std::size_t text_size = 30;

  explicit ResumeKeys(Random& random);
  /// The key that all instances share. What was made with the one before stays good, until there is a third.
  void share(const Secret& key);
  [[nodiscard]] bool shared() const;
  /// `common`: made with the shared key if it is known, so that it is good on every instance.
  [[nodiscard]] std::string make(const StreamOrigin& origin, WallTime now, bool common) const;
  /// When the token was last vouched for; nothing when the credential is not of ours, of another token, or over.
  [[nodiscard]] std::optional<WallTime> check(const PublicId& token, std::string_view credential, WallTime now) const;

 private:
  Secret own_;
  mutable std::mutex mutex_;
  Secret shared_;
  Secret shared_before_;
};

}  // namespace vx11::api
