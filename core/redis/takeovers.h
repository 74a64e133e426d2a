// Compares two maps of a cluster's slots: where did a replica take the place of its master?
#pragma once

#include <functional>
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

}  // namespace vx11::redis
