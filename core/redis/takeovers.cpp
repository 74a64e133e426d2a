#include "redis/takeovers.h"

#include <algorithm>

namespace vx11::redis {

namespace {

bool is_same(const ClusterMember& left, const ClusterMember& right) {
  return left.id.empty() || right.id.empty() ? left.address == right.address : left.id == right.id;
}

bool serves(const SlotMap& map, const ClusterMember& member) {
  return std::any_of(map.owners().begin(), map.owners().end(),
                     [&member](const SlotOwner& owner) { return owner.slots.any() && is_same(owner.master, member); });
}

}  // namespace

std::vector<Takeover> takeovers(const SlotMap& before, const SlotMap& after,
                                const std::function<bool(const Address&)>& answers) {
  std::vector<Takeover> all;
  for (const SlotOwner& old : before.owners()) {
    if (serves(after, old.master)) continue;
    for (const SlotOwner& now : after.owners()) {
      const SlotSet both = old.slots & now.slots;
      if (both.none()) continue;
      const bool was_its_replica =
          std::any_of(old.replicas.begin(), old.replicas.end(),
                      [&now](const ClusterMember& replica) { return is_same(replica, now.master); });
      const bool came_when_it_went = !serves(before, now.master) && !answers(old.master.address);
      if (was_its_replica || came_when_it_went) all.push_back({old.master, now.master, both});
    }
  }
  return all;
}

std::optional<Takeover> takeover_of(const SlotMap& before, Slot slot, const Address& to) {
  const SlotOwner* const old = before.owner_of(slot);
  if (old == nullptr) return std::nullopt;
  const auto now = std::find_if(old->replicas.begin(), old->replicas.end(),
                                [&to](const ClusterMember& replica) { return replica.address == to; });
  if (now == old->replicas.end()) return std::nullopt;
  return Takeover{old->master, *now, old->slots};
}

}  // namespace vx11::redis
