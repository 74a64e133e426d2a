// Which nodes serve which slots, by any node of a cluster that answers (CLUSTER SLOTS). Knows no socket.
#pragma once

#include <optional>
#include <vector>

#include "redis/ask_order.h"
#include "redis/search.h"
#include "redis/slot.h"
#include "redis/slot_map.h"

namespace vx11::redis {

/// The nodes of the last map in turn, then the seeds.
class SlotSearch final : public AddressSearch {
 public:
  /// With a slot, a map will do only if somebody serves that slot.
  explicit SlotSearch(std::vector<Address> seeds, std::optional<Slot> slot = std::nullopt);

  void begin() override;
  [[nodiscard]] std::optional<Address> next() override { return order_.next(); }
  [[nodiscard]] Request question() const override;
  [[nodiscard]] bool take(const Answer& answer) override;
  /// The master of the slot; only with one.
  [[nodiscard]] boost::system::result<Address, Trouble> outcome() const override;
  void doubt() override;
  /// Of this round; nothing: all were asked in vain.
  [[nodiscard]] const std::optional<SlotMap>& map() const noexcept { return map_; }
  /// What each said, while there is no map: a sentence.
  [[nodiscard]] Trouble trouble() const;

 private:
  std::optional<Slot> slot_;
  AskOrder order_;
  std::optional<SlotMap> map_;
  Fault fault_ = Fault::not_connected;
};

}  // namespace vx11::redis
