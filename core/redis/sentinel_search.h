// Where the master is, by the sentinels: https://redis.io/docs/reference/sentinel-clients/. Knows no socket.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "redis/ask_order.h"
#include "redis/search.h"

namespace vx11::redis {

/// The sentinels in turn; the one that knew it is the first next time, and those it knows besides are asked last.
class SentinelSearch final : public AddressSearch {
 public:
  SentinelSearch(std::vector<Address> sentinels, std::string master_name);

  void begin() override;
  [[nodiscard]] std::optional<Address> next() override { return order_.next(); }
  [[nodiscard]] Request question() const override;
  [[nodiscard]] bool take(const Answer& answer) override;
  /// While no sentinel answers at all: the master that was found last.
  [[nodiscard]] boost::system::result<Address, Trouble> outcome() const override;

 private:
  std::string name_;
  AskOrder order_;
  bool found_ = false;     // in this round
  bool answered_ = false;  // somebody answered in this round, if only that he doesn't know
  Fault fault_ = Fault::not_connected;
  std::optional<Address> master_;
};

/// Of a reply to SENTINEL GET-MASTER-ADDR-BY-NAME.
[[nodiscard]] std::optional<Address> master_address(const Reply& reply);

/// Of a reply to SENTINEL SENTINELS: the address and the id ("runid") of each.
struct OtherSentinel {
  Address address;
  std::string id;
};
[[nodiscard]] std::vector<OtherSentinel> other_sentinels(const Reply& reply);

}  // namespace vx11::redis
