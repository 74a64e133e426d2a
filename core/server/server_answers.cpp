#include "server/server_answers.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "redis/cluster_nodes.h"
#include "redis/slot_map.h"

namespace vx11::server {

namespace {

// What follows the replies for health, of a cluster.
constexpr std::array cluster_words{"NODES", "INFO"};
constexpr std::size_t most_slow_commands = 10;

/// One server's answer, as far as it goes.
struct OneAnswer {
  std::string_view address;
  std::optional<redis::Health> health;
  std::string_view nodes, cluster;  // texts; empty: refused, or no cluster
};

[[nodiscard]] std::string_view text_at(std::span<const redis::Reply> replies, std::size_t index) {
  return index < replies.size() && replies[index].is_text() ? replies[index].text : std::string_view();
}

/// Of the node that wrote CLUSTER NODES; empty where that was refused. Its address may be a name elsewhere.
[[nodiscard]] std::string_view own_id(std::string_view nodes) {
  const std::size_t flags = nodes.find(" myself,");
  if (flags == std::string_view::npos) return {};
  const std::size_t before = nodes.rfind('\n', flags);
  const std::string_view line = nodes.substr(before == std::string_view::npos ? 0 : before + 1);
  return line.substr(0, line.find(' '));
}

[[nodiscard]] std::vector<OneAnswer> read_each(std::span<const redis::NodeAnswer> answers, redis::Topology topology,
                                               std::uint32_t database) {
  const std::size_t about_cluster = redis::health_request().commands();
  std::vector<OneAnswer> read;
  for (const redis::NodeAnswer& node : answers) {
    const auto replies = node.answer.replies;
    if (replies.empty()) continue;
    OneAnswer& one = read.emplace_back();
    one.address = node.address;
    one.health = redis::read_health(replies, database);
    if (topology != redis::Topology::cluster) continue;
    one.nodes = text_at(replies, about_cluster);
    one.cluster = text_at(replies, about_cluster + 1);
  }
  return read;
}

/// Both don't evict, or one that does is what counts.
void take_policy(redis::Health& sum, const redis::Health& one) {
  if (!sum.may_evict() && one.may_evict()) sum.maxmemory_policy = one.maxmemory_policy;
}

void add_slow_log(redis::Health& sum, const redis::Health& one) {
  if (sum.slow_log_refused.empty()) sum.slow_log_refused = one.slow_log_refused;
  if (!one.slow_log_length) return;
  sum.slow_log_length = sum.slow_log_length.value_or(0) + *one.slow_log_length;
  sum.slow_log.insert(sum.slow_log.end(), one.slow_log.begin(), one.slow_log.end());
  std::stable_sort(sum.slow_log.begin(), sum.slow_log.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
  if (sum.slow_log.size() > most_slow_commands) sum.slow_log.resize(most_slow_commands);
}

void add(redis::Health& sum, const redis::Health& one) {
  for (const auto member :
       {&redis::Health::used_memory, &redis::Health::connected_clients, &redis::Health::blocked_clients,
        &redis::Health::max_clients, &redis::Health::ops_per_sec, &redis::Health::evicted_keys,
        &redis::Health::expired_keys, &redis::Health::rejected_connections, &redis::Health::keyspace_hits,
        &redis::Health::keyspace_misses, &redis::Health::keys, &redis::Health::expiring_keys,
        &redis::Health::connected_replicas, &redis::Health::rdb_changes_since_save}) {
    sum.*member += one.*member;
  }
  sum.used_cpu_s += one.used_cpu_s;
  // No limit at one of them is none at all.
  sum.maxmemory = sum.maxmemory == 0 || one.maxmemory == 0 ? 0 : sum.maxmemory + one.maxmemory;
  sum.uptime_s = std::min(sum.uptime_s, one.uptime_s);
  sum.rdb_last_save_at = std::min(sum.rdb_last_save_at, one.rdb_last_save_at);
  sum.replication_lag_bytes = std::max(sum.replication_lag_bytes, one.replication_lag_bytes);
  sum.loading = sum.loading || one.loading;
  sum.master_link_up = sum.master_link_up && one.master_link_up;
  sum.rdb_last_save_ok = sum.rdb_last_save_ok && one.rdb_last_save_ok;
  sum.aof_enabled = sum.aof_enabled && one.aof_enabled;
  sum.aof_last_write_ok = sum.aof_last_write_ok && one.aof_last_write_ok;
  take_policy(sum, one);
  add_slow_log(sum, one);
}

/// The master's own words about a replica that the cluster knows too.
void complete_replica(redis::DataNode& replica, const redis::Health& master) {
  const auto& known = master.replicas;
  const auto told = std::find_if(known.begin(), known.end(),
                                 [&replica](const redis::DataNode& one) { return one.address == replica.address; });
  replica.link_up = told != known.end() && told->link_up;
  if (told == known.end()) return;
  replica.lag_bytes = told->lag_bytes;
  replica.lag_s = told->lag_s;
  if (replica.state == "online") replica.state = told->state;
}

void complete(std::vector<redis::DataNode>& nodes, const OneAnswer& answer) {
  if (!answer.health) return;
  const std::string_view id = own_id(answer.nodes);
  const auto master = std::find_if(nodes.begin(), nodes.end(), [&answer, id](const redis::DataNode& node) {
    return id.empty() ? node.address == answer.address : node.id == id;
  });
  if (master == nodes.end()) return;
  master->used_memory = answer.health->used_memory;
  master->ops_per_sec = answer.health->ops_per_sec;
  master->keys = answer.health->keys;
  for (redis::DataNode& node : nodes) {
    if (node.role == "replica" && node.master == master->address) complete_replica(node, *answer.health);
  }
}

/// As that node sees the cluster that sees most of it well: one that was cut off takes all others for failed.
void read_cluster(ServerAnswers& read, std::span<const OneAnswer> answers) {
  const OneAnswer* best = nullptr;
  for (const OneAnswer& one : answers) {
    if (one.cluster.empty()) continue;
    const redis::ClusterState state = redis::read_cluster_info(one.cluster);
    const auto worth = [](const redis::ClusterState& of) { return std::tuple(of.slots_ok, of.epoch, of.known_nodes); };
    if (read.cluster && worth(state) <= worth(*read.cluster)) continue;
    read.cluster = state;
    best = &one;
  }
  if (best == nullptr && !answers.empty()) best = &answers.front();
  if (best == nullptr) return;
  const auto asked = redis::read_node_address(best->address, {});
  read.nodes = redis::read_cluster_nodes(best->nodes, asked.value_or(redis::Address()));
  for (const OneAnswer& one : answers) complete(read.nodes, one);
}

}  // namespace

redis::Request survey_request(redis::Topology topology) {
  redis::Request request = redis::health_request();
  if (topology == redis::Topology::cluster) {
    for (const char* word : cluster_words) request.add({"CLUSTER", word});
  }
  return request;
}

std::optional<ServerAnswers> read_answers(std::span<const redis::NodeAnswer> answers, redis::Topology topology,
                                          std::uint32_t database) {
  const std::vector<OneAnswer> each = read_each(answers, topology, database);
  if (each.empty()) return std::nullopt;
  ServerAnswers read;
  for (const OneAnswer& one : each) {
    if (!one.health) continue;
    read.fewest_replicas =
        std::min(read.fewest_replicas.value_or(one.health->connected_replicas), one.health->connected_replicas);
    if (read.health) {
      add(*read.health, *one.health);
    } else {
      read.health = one.health;
    }
  }
  if (topology == redis::Topology::cluster) {
    read_cluster(read, each);
  } else if (each.front().health) {
    read.nodes = redis::nodes_of(*each.front().health, each.front().address);
  }
  return read;
}

Refusals refusals_in(std::span<const redis::NodeAnswer> answers) {
  Refusals found;
  for (const redis::NodeAnswer& node : answers) {
    for (const redis::Reply& reply : node.answer.replies) {
      if (!reply.is_error()) continue;
      const redis::Fault fault = redis::fault_of(reply.text);
      if (fault != redis::Fault::no_permission && fault != redis::Fault::other) continue;  // it doesn't serve at all
      const bool is_info = &reply == node.answer.replies.data();
      std::string& words = is_info ? found.refused : found.unavailable;
      if (words.empty()) words = reply.text;
    }
  }
  return found;
}

}  // namespace vx11::server
