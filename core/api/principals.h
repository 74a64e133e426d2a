// The long-lived tokens that callers present in X-VX11-Token, kept as digests and compared in constant time.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/event.h"
#include "token/secret.h"
#include "token/token_id.h"

namespace vx11::api {

/// One that matched: what may be logged of it, and a number to count it by.
struct Principal {
  PublicId id;
  std::string fingerprint;  ///< first 8 hex digits of SHA-256
  std::uint64_t key = 0;

  /// What a stream that it opened is known by.
  [[nodiscard]] http::StreamTag tag() const noexcept;
  /// Whose stream that is; nothing when a token opened it.
  [[nodiscard]] static std::optional<PublicId> of(const http::StreamTag& tag) noexcept;
};

/// Those that count can be replaced while others look; what was found stays readable until the end of all.
class Principals {
 public:
  explicit Principals(const std::vector<Secret>& secrets);
  /// Null when it is none of them. Looks at all of them whatever it finds. Any thread.
  [[nodiscard]] const Principal* find(std::string_view presented) const noexcept;

  struct Change {
    std::size_t all = 0, added = 0;
    std::vector<PublicId> removed;
  };
  /// From now on just these count. Not by two threads at once.
  Change replace(const std::vector<Secret>& secrets);

 private:
  using Set = std::vector<Principal>;
  std::vector<std::unique_ptr<const Set>> sets_;  ///< calls under way point into those before the last
  std::atomic<const Set*> counting_{nullptr};
};

}  // namespace vx11::api
