// What stands under a token's key in Redis: JSON that Python backends read and write as well.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "token/clock.h"

namespace vx11::store {

struct TokenValue {
  std::optional<WallTime> created_at;  ///< none: not said, or nonsense
  std::chrono::seconds ttl{0};         ///< 0: not said
  std::optional<std::string> issued_by;
  bool single_use = false;
};

/// Writes one issuer's values.
class TokenValueWriter {
 public:
  explicit TokenValueWriter(std::string_view instance_id);
  /// `{"created_at":<unix seconds, float>,"ttl_sec":60,"issued_by":"<instance>"}`, and `"single_use":true` where it is.
  [[nodiscard]] std::string write(WallTime created_at, std::chrono::seconds ttl, bool single_use) const;

 private:
  std::string issuer_;  ///< as JSON
};

/// A text that isn't such an object gives an empty value: the key alone says that the token is alive.
[[nodiscard]] TokenValue read_token_value(std::string_view text);

}  // namespace vx11::store
