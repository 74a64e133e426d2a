// The shapes of values that options share: numbers, switches, addresses, networks, origins, names. Each says yes or no;
// what is allowed instead is the option's to tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace vx11::config {

/// Without blanks, tabs and line ends around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
/// The parts between commas, trimmed, empty ones left out. They point into `text`.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view text);

/// Decimal digits only; no sign, no unit, no blank.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text) noexcept;
/// true, yes, on, 1 or false, no, off, 0, in any case.
[[nodiscard]] std::optional<bool> parse_switch(std::string_view text) noexcept;

/// `host:port`, `[::1]:8011`, `:8011` or `*:8011` (every IPv4 address), `8011` (127.0.0.1). The host of `[::1]:8011` is
/// `::1`.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text);
/// `host:port`, with brackets round an IPv6 address.
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

/// 127.0.0.0/8, ::1 and localhost. Any other name counts as public: what it resolves to may change.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;
[[nodiscard]] bool is_wildcard(std::string_view host) noexcept;

/// A numeric address or a name of letters, digits, `-`, `_` and `.`, at most 253 long; no brackets.
[[nodiscard]] bool is_host(std::string_view text) noexcept;
/// A value of the Host header: a host with or without a port.
[[nodiscard]] bool is_host_header(std::string_view text) noexcept;
/// `10.0.0.0/8`, `fd00::/8` or a single address. Bits behind the prefix don't matter.
[[nodiscard]] bool is_network(std::string_view text) noexcept;
/// `*` or what a browser sends in Origin: `https://name[:port]`, lower case, no path.
[[nodiscard]] bool is_origin(std::string_view text) noexcept;
/// An http or https URL without credentials, blanks, query and fragment.
[[nodiscard]] bool is_base_url(std::string_view text) noexcept;
/// 1-64 of [A-Za-z0-9._-].
[[nodiscard]] bool is_instance_id(std::string_view text) noexcept;
/// 1-64 of [A-Za-z0-9._:/-]: no braces (they are Redis Cluster's hash tags) and no wildcards (MATCH of a scan).
[[nodiscard]] bool is_redis_prefix(std::string_view text) noexcept;

}  // namespace vx11::config
