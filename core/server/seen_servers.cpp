#include "server/seen_servers.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace vx11::server {

namespace {

constexpr std::size_t kept = 32;

}  // namespace

void SeenServers::note(std::span<const redis::DataNode> nodes) {
  for (const redis::DataNode& node : nodes) {
    std::erase(addresses_, node.address);
    addresses_.push_back(node.address);
  }
  while (addresses_.size() > kept) addresses_.pop_front();
}

std::vector<redis::DataNode> SeenServers::missing(std::span<const redis::DataNode> nodes,
                                                  std::span<const redis::SentinelView> sentinels) const {
  const auto is_master = [](const redis::DataNode& node) { return node.role == "master"; };
  const auto master = std::find_if(nodes.begin(), nodes.end(), is_master);
  if (master == nodes.end()) return {};
  std::int64_t counted = 0;  // one that has just begun to watch counts too few
  for (const redis::SentinelView& one : sentinels) counted = std::max(counted, one.replicas.value_or(0));
  std::int64_t more =
      counted - std::count_if(nodes.begin(), nodes.end(), [&](const auto& node) { return !is_master(node); });
  std::vector<redis::DataNode> found;
  for (auto address = addresses_.rbegin(); address != addresses_.rend() && more > 0; ++address) {
    const auto is_it = [&address](const redis::DataNode& node) { return node.address == *address; };
    if (std::any_of(nodes.begin(), nodes.end(), is_it)) continue;
    redis::DataNode& node = found.emplace_back();
    node.address = *address;
    node.role = "replica";
    node.master = master->address;
    node.state = "down";
    node.link_up = false;
    --more;
  }
  return found;
}

}  // namespace vx11::server
