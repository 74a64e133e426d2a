// Values that must not leak: principals and token texts. Neither type has a stream operator or converts by itself to
// a string; both wipe their memory when they go.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vx11 {

/// Overwrites memory in a way the optimiser keeps.
void wipe(void* data, std::size_t size) noexcept;

/// A secret of any length, such as a principal. Movable and copyable; the moved-from one is empty and wiped.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view value);
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return value_.size(); }
  /// The value itself. Every call is a place to look at in a review.
  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  /// Same length and bytes, compared in time that depends on the lengths alone.
  [[nodiscard]] bool equals(std::string_view other) const noexcept;

 private:
  std::string value_;
};

/// The text of an ephemeral token, held without allocation: 36 characters (UUID) up to `capacity` (signed form).
class TokenText {
 public:
  static constexpr std::size_t capacity = 95;

  TokenText() = default;
  /// Texts longer than `capacity` can't be tokens: the result is then empty.
  explicit TokenText(std::string_view value) noexcept;
  TokenText(const TokenText&) = default;
  TokenText& operator=(const TokenText&) = default;
  ~TokenText();

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.data(), size_}; }

 private:
  std::array<char, capacity> bytes_{};
  std::uint8_t size_ = 0;
};

}  // namespace vx11
