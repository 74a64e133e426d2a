// Who is there behind the name Redis, for those who look after it.
#include "api/redis_json.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

/// Appends `,"name":[…]`, each element by `append`.
template <typename Element, typename Append>
void append_list(std::string& out, std::string_view name, const std::vector<Element>& list, Append append) {
  out += ",\"";
  out += name;
  out += "\":[";
  for (bool first = true; const Element& element : list) {
    if (!first) out += ',';
    first = false;
    append(out, element);
  }
  out += ']';
}

/// As Redis writes them: "0-5460 10923".
[[nodiscard]] std::string text_of(const std::vector<redis::SlotRange>& ranges) {
  std::string text;
  for (const redis::SlotRange& range : ranges) {
    if (!text.empty()) text += ' ';
    text += std::to_string(range.first);
    if (range.last != range.first) text += '-' + std::to_string(range.last);
  }
  return text;
}

void append_node(std::string& out, const redis::DataNode& node) {
  out += '{';
  append_member(out, "address", node.address, true);
  append_text_or_null(out, "id", node.id);
  append_member(out, "role", node.role);
  append_text_or_null(out, "master", node.master);
  append_member(out, "state", node.state);
  append_flag(out, "link_up", node.link_up);
  append_number_or_null(out, "lag_bytes", node.lag_bytes);
  append_number_or_null(out, "lag_s", node.lag_s);
  append_text_or_null(out, "slots", text_of(node.slots));
  append_number_or_null(out, "used_memory", node.used_memory);
  append_number_or_null(out, "ops_per_sec", node.ops_per_sec);
  append_number_or_null(out, "keys", node.keys);
  out += '}';
}

void append_sentinel(std::string& out, const redis::SentinelView& sentinel) {
  out += '{';
  append_member(out, "address", sentinel.address, true);
  append_flag(out, "up", sentinel.up);
  append_text_or_null(out, "error", sentinel.error);
  append_text_or_null(out, "master", sentinel.master);
  append_text_or_null(out, "master_state", sentinel.master_state);
  append_number_or_null(out, "quorum", sentinel.quorum);
  append_number_or_null(out, "other_sentinels", sentinel.other_sentinels);
  append_number_or_null(out, "replicas", sentinel.replicas);
  if (sentinel.can_fail_over) {
    append_flag(out, "can_fail_over", *sentinel.can_fail_over);
  } else {
    append_null(out, "can_fail_over");
  }
  out += '}';
}

void append_cluster(std::string& out, const std::optional<redis::ClusterState>& cluster) {
  if (!cluster) return append_null(out, "cluster");
  out += R"(,"cluster":{)";
  append_member(out, "state", cluster->state, true);
  append_member(out, "slots_assigned", cluster->slots_assigned);
  append_member(out, "slots_ok", cluster->slots_ok);
  append_member(out, "slots_failing", cluster->slots_failing);
  append_member(out, "known_nodes", cluster->known_nodes);
  append_member(out, "size", cluster->size);
  append_member(out, "epoch", cluster->epoch);
  out += '}';
}

}  // namespace

void append_failovers(std::string& out, const RedisStatus& status, bool first) {
  append_member(out, "failovers", status.failovers, first);
  append_time_or_null(out, "last_failover_at", status.last_failover_at);
  append_text_or_null(out, "last_failover", status.last_failover);
}

void append_redis_servers(std::string& out, const RedisStatus& status) {
  append_text_or_null(out, "master_name", status.master_name);
  append_failovers(out, status);
  append_list(out, "nodes", status.nodes, append_node);
  append_list(out, "sentinels", status.sentinels, append_sentinel);
  append_cluster(out, status.cluster);
  append_number_or_null(out, "topology_age_ms",
                        status.topology_age ? std::optional<std::int64_t>(status.topology_age->count()) : std::nullopt);
  append_member(out, "wait", std::uint64_t{status.wait});
  append_member(out, "wait_shortfalls", status.wait_shortfalls);
  append_number_or_null(out, "fewest_replicas", status.fewest_replicas);
}

}  // namespace vx11::api
