#include "api/resume.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "api/base64url.h"
#include "api/principals.h"

namespace vx11::api {

namespace {

constexpr std::size_t expiry_size = 4;
constexpr std::size_t time_size = 6;
constexpr std::size_t mac_size = 12;
constexpr std::size_t id_size = 16;
constexpr std::string_view domain = "vx11-resume";

using Credential = std::array<std::uint8_t, expiry_size + time_size + mac_size>;
static_assert((sizeof(Credential) * 8 + 5) / 6 == ResumeKeys::text_size);

void write_number(std::uint64_t number, std::span<std::uint8_t> out) noexcept {
  for (std::size_t i = out.size(); i > 0; --i, number >>= 8) out[i - 1] = static_cast<std::uint8_t>(number);
}

[[nodiscard]] std::uint64_t read_number(std::span<const std::uint8_t> bytes) noexcept {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : bytes) number = (number << 8) | byte;
  return number;
}

[[nodiscard]] std::uint64_t ms_of(WallTime time) noexcept {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, ms));
}

void append_part(std::vector<std::uint8_t>& message, std::span<const std::uint8_t> part) {
  message.resize(message.size() + 4);
  write_number(part.size(), std::span(message).last(4));
  message.insert(message.end(), part.begin(), part.end());
}

/// The last part of a credential that consists of the others so far.
void put_mac(Credential& credential, const PublicId& token, const Secret& key) {
  std::vector<std::uint8_t> message;
  append_part(message, {reinterpret_cast<const std::uint8_t*>(domain.data()), domain.size()});
  append_part(message, token.bytes);
  append_part(message, std::span(credential).first(expiry_size));
  append_part(message, std::span(credential).subspan(expiry_size, time_size));
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.size()), message.data(), message.size(), mac.data(),
           &size) == nullptr) {
    std::abort();  // no libcrypto to speak of: nothing here could be trusted
  }
  std::copy_n(mac.begin(), mac_size, credential.end() - mac_size);
}

}  // namespace

http::StreamTag StreamOrigin::tag() const noexcept {
  http::StreamTag tag{};
  static_assert(sizeof tag == id_size + time_size);
  std::copy(token.bytes.begin(), token.bytes.end(), tag.begin());
  write_number(ms_of(vouched_at), std::span(tag).last(time_size));
  return tag;
}

std::optional<StreamOrigin> StreamOrigin::of(const http::StreamTag& tag) noexcept {
  if (tag == http::StreamTag{} || Principal::of(tag)) return std::nullopt;
  StreamOrigin origin;
  std::copy_n(tag.begin(), id_size, origin.token.bytes.begin());
  origin.vouched_at = WallTime(std::chrono::milliseconds(read_number(std::span(tag).last(time_size))));
  return origin;
}

ResumeKeys::ResumeKeys(Random& random) {
  std::array<char, 32> bytes{};
  random.fill(std::as_writable_bytes(std::span(bytes)));
  own_ = Secret({bytes.data(), bytes.size()});
  wipe(bytes.data(), bytes.size());
}

void ResumeKeys::share(const Secret& key) {
  const std::lock_guard lock(mutex_);
  if (shared_.equals(key.reveal())) return;
  shared_before_ = std::exchange(shared_, key);
}

bool ResumeKeys::shared() const {
  const std::lock_guard lock(mutex_);
  return !shared_.empty();
}

std::string ResumeKeys::make(const StreamOrigin& origin, WallTime now, bool common) const {
  Credential credential{};
  const auto expiry = std::chrono::ceil<std::chrono::seconds>((now + life + renewal).time_since_epoch());
  write_number(static_cast<std::uint64_t>(expiry.count()), std::span(credential).first(expiry_size));
  write_number(ms_of(origin.vouched_at), std::span(credential).subspan(expiry_size, time_size));
  const std::lock_guard lock(mutex_);
  put_mac(credential, origin.token, common && !shared_.empty() ? shared_ : own_);
  return base64url_text(credential);
}

std::optional<WallTime> ResumeKeys::check(const PublicId& token, std::string_view credential, WallTime now) const {
  Credential given{};
  if (!read_base64url(credential, given)) return std::nullopt;
  const auto matches = [&](const Secret& key) {
    if (key.empty()) return false;
    Credential expected = given;
    put_mac(expected, token, key);
    return CRYPTO_memcmp(expected.data(), given.data(), given.size()) == 0;
  };
  {
    const std::lock_guard lock(mutex_);
    if (!matches(own_) && !matches(shared_) && !matches(shared_before_)) return std::nullopt;
  }
  const std::span<const std::uint8_t> bytes(given);
  if (now >= WallTime(std::chrono::seconds(read_number(bytes.first(expiry_size))))) return std::nullopt;
  return WallTime(std::chrono::milliseconds(read_number(bytes.subspan(expiry_size, time_size))));
}

}  // namespace vx11::api
