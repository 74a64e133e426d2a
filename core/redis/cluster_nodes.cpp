#include "redis/cluster_nodes.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "redis/info_text.h"
#include "redis/slot_map.h"

namespace vx11::redis {

namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (end != 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// "5461-10922", "7"; slots on their way ("[93->-…]") are their owner's yet.
std::optional<SlotRange> read_range(std::string_view text) {
  if (text.starts_with('[')) return std::nullopt;
  const std::size_t dash = text.find('-');
  const std::int64_t first = number_of(text.substr(0, dash));
  const std::int64_t last = dash == std::string_view::npos ? first : number_of(text.substr(dash + 1));
  if (first < 0 || last < first || last >= static_cast<std::int64_t>(slot_count)) return std::nullopt;
  return SlotRange{static_cast<Slot>(first), static_cast<Slot>(last)};
}

std::string state_of(const std::vector<std::string_view>& flags) {
  const auto has = [&flags](std::string_view flag) {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
  };
  if (has("fail")) return "failed";
  if (has("fail?")) return "suspected";
  if (has("handshake")) return "handshake";
  return "online";
}

}  // namespace

std::vector<DataNode> read_cluster_nodes(std::string_view text, const Address& asked) {
  // <id> <ip:port@cport[,name]> <flags> <master> <ping-sent> <pong-received> <epoch> <link> <slots> …
  constexpr std::size_t fields = 8;
  std::vector<DataNode> nodes;
  std::vector<std::pair<std::size_t, std::string_view>> masters;  // of replicas, by id
  for (std::string_view line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto words = split(line, ' ');
    if (words.size() < fields) continue;
    const auto flags = split(words[2], ',');
    const auto address = read_node_address(words[1].substr(0, words[1].find_first_of("@,")), asked);
    if (!address) continue;
    DataNode node;
    node.id = words[0];
    node.address = address->to_text();
    const bool is_master = std::find(flags.begin(), flags.end(), "master") != flags.end();
    node.role = is_master ? "master" : "replica";
    node.state = state_of(flags);
    node.link_up = words[7] == "connected";
    if (!is_master) masters.emplace_back(nodes.size(), words[3]);
    for (std::size_t i = fields; i < words.size(); ++i) {
      if (const auto range = read_range(words[i])) node.slots.push_back(*range);
    }
    nodes.push_back(std::move(node));
  }
  for (const auto& [replica, id] : masters) {
    const auto master =
        std::find_if(nodes.begin(), nodes.end(), [id = id](const DataNode& node) { return node.id == id; });
    if (master != nodes.end()) nodes[replica].master = master->address;
  }
  return nodes;
}

ClusterState read_cluster_info(std::string_view text) {
  ClusterState state;
  for_each_field(text, [&state](std::string_view name, std::string_view value) {
    if (name == "cluster_state") state.state = value;
    if (name == "cluster_slots_assigned") state.slots_assigned = number_of(value);
    if (name == "cluster_slots_ok") state.slots_ok = number_of(value);
    if (name == "cluster_slots_pfail" || name == "cluster_slots_fail") state.slots_failing += number_of(value);
    if (name == "cluster_known_nodes") state.known_nodes = number_of(value);
    if (name == "cluster_size") state.size = number_of(value);
    if (name == "cluster_current_epoch") state.epoch = number_of(value);
  });
  return state;
}

}  // namespace vx11::redis
