#include "token/secret.h"

#include <openssl/crypto.h>

#include <string.h>  // explicit_bzero

#include <algorithm>
#include <cstring>
#include <utility>

namespace vx11 {

namespace {

/// The whole buffer, because a string that became shorter keeps the rest of the old value behind its end.
void wipe_string(std::string& value) noexcept {
  value.resize(value.capacity());  // never allocates
  wipe(value.data(), value.size());
  value.clear();
}

}  // namespace

void wipe(void* data, std::size_t size) noexcept {
  if (size != 0) ::explicit_bzero(data, size);
}

Secret::Secret(std::string_view value) : value_(value) {}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) *this = Secret(other);
  return *this;
}

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { wipe_string(other.value_); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe_string(value_);
    value_ = std::move(other.value_);
    wipe_string(other.value_);
  }
  return *this;
}

Secret::~Secret() { wipe_string(value_); }

bool Secret::equals(std::string_view other) const noexcept {
  return value_.size() == other.size() && CRYPTO_memcmp(value_.data(), other.data(), other.size()) == 0;
}

TokenText::TokenText(std::string_view value) noexcept {
  if (value.empty() || value.size() > capacity) return;
  std::memcpy(bytes_.data(), value.data(), value.size());
  size_ = static_cast<std::uint8_t>(value.size());
}

TokenText::~TokenText() { wipe(bytes_.data(), bytes_.size()); }

}  // namespace vx11
