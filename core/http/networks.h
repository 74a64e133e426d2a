// Address networks in CIDR notation, and the rule which address of X-Forwarded-For is the client's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace vx11::http {

class Networks {
 public:
  /// "10.0.0.0/8", "::1/128", "192.0.2.7". False: not a network; nothing was added.
  [[nodiscard]] bool add(std::string_view text);
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const noexcept;
  [[nodiscard]] bool empty() const noexcept { return networks_.empty(); }

 private:
  struct Network {
    boost::asio::ip::address_v6 prefix;
    unsigned bits;
  };
  std::vector<Network> networks_;
};

/// From the right, the first address of the header that is not a trusted proxy; the peer itself unless it is one.
/// A text that is no address ends the search: the last one known counts.
[[nodiscard]] boost::asio::ip::address client_address(const boost::asio::ip::address& peer,
                                                      std::string_view forwarded_for, const Networks& trusted);

}  // namespace vx11::http
