// The long-lived tokens that callers present in X-VX11-Token, kept as digests and compared in constant time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "token/secret.h"
#include "token/token_id.h"

namespace vx11::api {

/// One that matched: what may be logged of it, and a number to count it by.
struct Principal {
  std::string fingerprint;  ///< first 8 hex digits of SHA-256
  std::uint64_t key = 0;
};

class Principals {
 public:
  explicit Principals(const std::vector<Secret>& secrets);
  /// Null when it is none of them. Looks at all of them whatever it finds.
  [[nodiscard]] const Principal* find(std::string_view presented) const noexcept;

 private:
  struct Entry {
    PublicId digest;
    Principal principal;
  };
  std::vector<Entry> entries_;
};

}  // namespace vx11::api
