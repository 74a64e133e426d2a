#include "redis/slot_search.h"

#include <string>
#include <utility>

namespace vx11::redis {

SlotSearch::SlotSearch(std::vector<Address> seeds, std::optional<Slot> slot) : slot_(slot), order_(std::move(seeds)) {}

void SlotSearch::begin() {
  order_.begin();
  map_.reset();
  fault_ = Fault::not_connected;
}

Request SlotSearch::question() const {
  Request request;
  return std::move(request.add(SlotMap::question()));
}

bool SlotSearch::take(const Answer& answer) {
  if (answer.fault != Fault::none) fault_ = answer.fault;
  if (answer.replies.empty()) {
    order_.note(answer.error);
    return false;
  }
  auto map = SlotMap::read(answer.replies[0], order_.current());
  const std::string who = order_.current().to_text() + " ";
  if (!map) {
    order_.note(who + map.error());
    return false;
  }
  if (slot_ && map->owner_of(*slot_) == nullptr) {
    fault_ = Fault::cluster_down;
    order_.note(who + "says that nobody serves slot " + std::to_string(*slot_));
    return false;
  }
  order_.prefer_current();
  order_.learn(map->nodes(), true);
  map_ = std::move(*map);
  return true;
}

void SlotSearch::doubt() {
  if (map_) order_.defer_current();
}

Trouble SlotSearch::trouble() const {
  return {fault_, "no node tells who serves the cluster's slots: " + order_.notes()};
}

boost::system::result<Address, Trouble> SlotSearch::outcome() const {
  if (!map_) return trouble();
  return map_->owner_of(slot_.value_or(0))->master.address;
}

}  // namespace vx11::redis
