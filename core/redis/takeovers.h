// Compares two maps of a cluster's slots: where did a replica take the place of its master?
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "redis/slot_map.h"

namespace vx11::redis {

struct Takeover {
  ClusterMember from, to;
  SlotSet slots;
};

/// Slots that went from one master to another while both live were moved with their keys: that is no takeover. A master
/// was replaced when it serves nothing any more, and the new one was its replica, or is newly come while the old one
/// doesn't answer.
[[nodiscard]] std::vector<Takeover> takeovers(const SlotMap& before, const SlotMap& after,
                                              const std::function<bool(const Address&)>& answers);

/// What a redirection says that comes before the map: of `slot` to a replica of its master, which so is the master.
[[nodiscard]] std::optional<Takeover> takeover_of(const SlotMap& before, Slot slot, const Address& to);

}  // namespace vx11::redis
