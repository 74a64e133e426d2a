#include "http/networks.h"

#include <algorithm>
#include <charconv>

namespace vx11::http {

namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v6;

/// Both families as one: an IPv4 address is its mapped IPv6 form.
[[nodiscard]] address_v6 widened(const address& from) noexcept {
  return from.is_v6() ? from.to_v6() : boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, from.to_v4());
}

[[nodiscard]] bool same_prefix(const address_v6& a, const address_v6& b, unsigned bits) noexcept {
  const auto left = a.to_bytes();
  const auto right = b.to_bytes();
  for (unsigned i = 0; i < 16 && bits > 0; ++i) {
    const unsigned here = std::min(bits, 8U);
    const auto mask = static_cast<unsigned char>(0xFF00U >> here);
    if ((left[i] & mask) != (right[i] & mask)) return false;
    bits -= here;
  }
  return true;
}

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool Networks::add(std::string_view text) {
  const std::size_t slash = text.find('/');
  boost::system::error_code error;
  const address parsed = boost::asio::ip::make_address(std::string(text.substr(0, slash)), error);
  if (error) return false;
  const unsigned width = parsed.is_v4() ? 32 : 128;
  unsigned bits = width;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (fault != std::errc() || end != digits.data() + digits.size() || bits > width) return false;
  }
  networks_.push_back({widened(parsed), bits + (128 - width)});
  return true;
}

bool Networks::contains(const address& candidate) const noexcept {
  const address_v6 wide = widened(candidate);
  return std::any_of(networks_.begin(), networks_.end(),
                     [&wide](const Network& network) { return same_prefix(network.prefix, wide, network.bits); });
}

address client_address(const address& peer, std::string_view forwarded_for, const Networks& trusted) {
  address client = peer;
  while (trusted.contains(client) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string_view last =
        trimmed(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    boost::system::error_code error;
    const address next = boost::asio::ip::make_address(std::string(last), error);
    if (error) break;
    client = next;
    forwarded_for = comma == std::string_view::npos ? std::string_view() : forwarded_for.substr(0, comma);
  }
  return client;
}

}  // namespace vx11::http
