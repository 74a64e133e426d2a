// Where one server listens.
#pragma once

#include <cstdint>
#include <string>

namespace vx11::redis {

struct Address {
  std::string host = "127.0.0.1";  ///< an address, or a name that is resolved anew for every attempt
  std::uint16_t port = 6379;

  /// "10.0.0.1:6379", "[::1]:6379".
  [[nodiscard]] std::string to_text() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
  }
  friend bool operator==(const Address&, const Address&) = default;
};

}  // namespace vx11::redis
