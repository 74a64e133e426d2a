#include "config/values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace vx11::config {
namespace {

constexpr bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool only(std::string_view text, std::string_view others, std::size_t longest) noexcept {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [others](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  });
}

using Address = std::array<unsigned char, 16>;

bool read_address(int family, std::string_view text, Address& address) noexcept {
  std::array<char, INET6_ADDRSTRLEN + 1> terminated{};
  if (text.size() >= terminated.size()) return false;
  std::copy(text.begin(), text.end(), terminated.begin());
  return inet_pton(family, terminated.data(), address.data()) == 1;
}

bool is_ipv4(std::string_view text) noexcept {
  Address address{};
  return read_address(AF_INET, text, address);
}

bool is_ipv6(std::string_view text) noexcept {
  Address address{};
  // A link-local address may name its interface: fe80::1%eth0.
  const auto zone = text.find('%');
  if (zone != std::string_view::npos && !only(text.substr(zone + 1), "._-", 15)) return false;
  return read_address(AF_INET6, text.substr(0, zone), address);
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  const auto port = parse_number(text);
  if (!port || *port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

struct Parts {
  std::string_view host;
  std::optional<std::string_view> port;
  bool bracketed = false;
};

/// Takes `[v6]:port`, `host:port` and both without a port apart; the rest is for the caller to check.
std::optional<Parts> take_apart(std::string_view text) noexcept {
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(close + 1);
    if (!rest.empty() && rest.front() != ':') return std::nullopt;
    Parts parts{text.substr(1, close - 1), std::nullopt, true};
    if (!rest.empty()) parts.port = rest.substr(1);
    return parts;
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return Parts{text, std::nullopt, false};
  return Parts{text.substr(0, colon), text.substr(colon + 1), false};
}

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto comma = text.find(',');
    if (const auto part = trimmed(text.substr(0, comma)); !part.empty()) parts.push_back(part);
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> parse_switch(std::string_view text) noexcept {
  const auto is = [text](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  };
  if (is("true") || is("yes") || is("on") || is("1")) return true;
  if (is("false") || is("no") || is("off") || is("0")) return false;
  return std::nullopt;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  if (const auto port = parse_port(text)) return Endpoint{"127.0.0.1", *port};
  const auto parts = take_apart(text);
  if (!parts || !parts->port) return std::nullopt;
  const auto port = parse_port(*parts->port);
  if (!port) return std::nullopt;
  if (!parts->bracketed && (parts->host.empty() || parts->host == "*")) return Endpoint{"0.0.0.0", *port};
  if (parts->bracketed ? !is_ipv6(parts->host) : !is_host(parts->host)) return std::nullopt;
  return Endpoint{std::string(parts->host), *port};
}

std::string to_text(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? '[' + endpoint.host + ']' : endpoint.host) + ':' + std::to_string(endpoint.port);
}

bool is_loopback(std::string_view host) noexcept {
  if (host == "localhost") return true;
  Address address{};
  if (read_address(AF_INET, host, address)) return address[0] == 127;
  if (!read_address(AF_INET6, host, address)) return false;
  constexpr Address one{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  constexpr std::array<unsigned char, 13> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127};
  return address == one || std::equal(mapped.begin(), mapped.end(), address.begin());
}

bool is_wildcard(std::string_view host) noexcept {
  Address address{};
  return (read_address(AF_INET, host, address) || read_address(AF_INET6, host, address)) && address == Address{};
}

bool is_host(std::string_view text) noexcept {
  if (is_ipv6(text)) return true;
  if (!only(text, "._-", 253) || text.front() == '-' || text.front() == '.') return false;
  // What looks like a number must be an address: 127.0.0.256 is a slip of the pen and no name.
  return text.find_first_not_of("0123456789.") != std::string_view::npos || is_ipv4(text);
}

bool is_host_header(std::string_view text) noexcept {
  const auto parts = take_apart(text);
  if (!parts || (parts->port && !parse_port(*parts->port))) return false;
  return parts->bracketed ? is_ipv6(parts->host) : is_host(parts->host);
}

bool is_network(std::string_view text) noexcept {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const bool v4 = is_ipv4(address);
  if (!v4 && (address.find('%') != std::string_view::npos || !is_ipv6(address))) return false;
  if (slash == std::string_view::npos) return true;
  const auto prefix = parse_number(text.substr(slash + 1));
  return prefix && *prefix <= (v4 ? 32U : 128U);
}

bool is_origin(std::string_view text) noexcept {
  if (text == "*") return true;
  if (std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) return false;
  const auto scheme = text.find("://");
  // Any scheme: browser extensions and desktop shells have their own.
  if (scheme == std::string_view::npos || !only(text.substr(0, scheme), "+.-", 32)) return false;
  return is_host_header(text.substr(scheme + 3));
}

bool is_base_url(std::string_view text) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.substr(0, scheme.size()) != scheme) continue;
    const auto rest = text.substr(scheme.size());
    const bool plain = std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 0x7F; });
    return plain && rest.find_first_of("?#@\"'<>\\") == std::string_view::npos &&
           is_host_header(rest.substr(0, rest.find('/')));
  }
  return false;
}

bool is_instance_id(std::string_view text) noexcept { return only(text, "._-", 64); }
bool is_redis_prefix(std::string_view text) noexcept { return only(text, "._:/-", 64); }

}  // namespace vx11::config
