// Where the master is, by the sentinels: https://redis.io/docs/reference/sentinel-clients/. Knows no socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/ask_order.h"
#include "redis/search.h"

namespace vx11::redis {

/// The sentinels in turn; the one that knew it is the first next time, and those it knows besides are asked last. One
/// that was cut off may name a master of long ago: its configuration has an older epoch, and it counts only while
/// nobody knows better.
class SentinelSearch final : public AddressSearch {
 public:
  SentinelSearch(std::vector<Address> sentinels, std::string master_name);

  void begin() override;
  [[nodiscard]] std::optional<Address> next() override { return order_.next(); }
  [[nodiscard]] Request question() const override;
  [[nodiscard]] bool take(const Answer& answer) override;
  /// While no sentinel answers at all, or those that do know older ones only: the master that was found last.
  [[nodiscard]] boost::system::result<Address, Trouble> outcome() const override;
  /// Then an older one will do.
  void doubt() override;

 private:
  struct Known {
    Address master;
    std::int64_t epoch = 0;
  };

  std::string name_;
  AskOrder order_;
  bool found_ = false;     // in this round
  bool answered_ = false;  // somebody answered in this round, if only that he doesn't know
  Fault fault_ = Fault::not_connected;
  std::optional<Known> known_;  // what was found last
  std::optional<Known> older_;  // of this round: the newest that isn't as new as what is known
};

/// Of a reply to SENTINEL GET-MASTER-ADDR-BY-NAME.
[[nodiscard]] std::optional<Address> master_address(const Reply& reply);

/// Of a reply to SENTINEL MASTER: the value of a field; empty when it isn't there.
[[nodiscard]] std::string_view field_of(const Reply& reply, std::string_view name) noexcept;

/// Of a reply to SENTINEL SENTINELS: the address and the id ("runid") of each.
struct OtherSentinel {
  Address address;
  std::string id;
};
[[nodiscard]] std::vector<OtherSentinel> other_sentinels(const Reply& reply);

}  // namespace vx11::redis
