// A real Redis Cluster of a test's own: masters, and a replica for each if wanted, on free loopback ports.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/redis_server.h"

namespace vx11::test {

/// `if (!cluster) QFAIL(cluster.error().c_str())`. Slots are dealt evenly, in the order of the masters.
class RedisCluster {
 public:
  explicit RedisCluster(std::size_t masters, bool with_replicas = false,
                        const std::vector<std::string>& arguments = {}) {
    start(masters, with_replicas, arguments);
  }

  [[nodiscard]] explicit operator bool() const { return error_.empty(); }
  [[nodiscard]] const std::string& error() const { return error_; }
  /// The masters come first, then their replicas in the same order.
  [[nodiscard]] RedisServer& operator[](std::size_t node) { return *nodes_[node]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] const std::string& id(std::size_t node) const { return ids_[node]; }
  [[nodiscard]] std::string address(std::size_t node) const {
    return "127.0.0.1:" + std::to_string(nodes_[node]->port());
  }

  /// A new empty master.
  [[nodiscard]] bool add_master() {
    nodes_.push_back(make_node({}));
    if (!*nodes_.back()) return false;
    ids_.push_back(nodes_.back()->command({"CLUSTER", "MYID"}));
    meet(nodes_.size() - 1);
    // A node that doesn't know the others' epochs yet would claim slots in vain.
    const auto epoch = [](RedisServer& node) {
      const std::string info = node.command({"CLUSTER", "INFO"});
      return info.substr(std::min(info.find("cluster_current_epoch:"), info.size()), 24);
    };
    return wait([&] {
      return all_know(nodes_.size()) && epoch(*nodes_.back()) == epoch(*nodes_.front()) &&
             nodes_.back()->command({"CLUSTER", "INFO"}).find("cluster_state:ok") != npos;
    });
  }
  /// From now on keys of this slot are on their way between two masters.
  void begin_move(int slot, std::size_t from, std::size_t to) {
    nodes_[to]->command({"CLUSTER", "SETSLOT", std::to_string(slot), "IMPORTING", ids_[from]});
    nodes_[from]->command({"CLUSTER", "SETSLOT", std::to_string(slot), "MIGRATING", ids_[to]});
  }
  [[nodiscard]] bool move_key(const std::string& key, std::size_t from, std::size_t to) {
    const std::string port = std::to_string(nodes_[to]->port());
    return nodes_[from]->command({"MIGRATE", "127.0.0.1", port, key, "0", "5000"}) == "OK";
  }
  void end_move(int slot, std::size_t to) {
    nodes_[to]->command({"CLUSTER", "SETSLOT", std::to_string(slot), "NODE", ids_[to]});
    for (const auto& node : nodes_) node->command({"CLUSTER", "SETSLOT", std::to_string(slot), "NODE", ids_[to]});
  }

  static bool wait(const std::function<bool()>& condition, std::chrono::seconds patience = std::chrono::seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() >= end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

 private:
  static constexpr auto npos = std::string::npos;

  void start(std::size_t masters, bool with_replicas, const std::vector<std::string>& arguments) {
    const std::size_t count = with_replicas ? 2 * masters : masters;
    for (std::size_t i = 0; i < count; ++i) {
      nodes_.push_back(make_node(arguments));
      if (!*nodes_.back()) return give_up(nodes_.back()->error());
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (i < masters) {
        nodes_[i]->command({"CLUSTER", "ADDSLOTSRANGE", std::to_string(i * 16'384 / masters),
                            std::to_string((i + 1) * 16'384 / masters - 1)});
      }
      nodes_[i]->command({"CLUSTER", "SET-CONFIG-EPOCH", std::to_string(i + 1)});
      ids_.push_back(nodes_[i]->command({"CLUSTER", "MYID"}));
      if (i > 0) meet(i);
    }
    if (!wait([&] { return all_know(count); })) return give_up("the nodes don't find each other");
    for (std::size_t i = masters; i < count; ++i) nodes_[i]->command({"CLUSTER", "REPLICATE", ids_[i - masters]});
    const auto is_whole = [&] {
      for (std::size_t i = 0; i < count; ++i) {
        if (nodes_[i]->command({"CLUSTER", "INFO"}).find("cluster_state:ok") == std::string::npos) return false;
        if (i >= masters && nodes_[i]->command({"INFO", "replication"}).find("master_link_status:up") == npos)
          return false;
        // Whoever asks any of them for the map is told of the replicas.
        if (nodes_[i]->command({"CLUSTER", "NODES"}).find("handshake") != npos) return false;
        const std::string map = nodes_[i]->command({"CLUSTER", "SLOTS"});
        if (!std::all_of(ids_.begin(), ids_.end(), [&map](const std::string& id) { return map.find(id) != npos; })) {
          return false;
        }
      }
      return true;
    };
    if (!wait(is_whole)) return give_up("the cluster doesn't get whole");
  }

  static std::unique_ptr<RedisServer> make_node(const std::vector<std::string>& more) {
    std::unique_ptr<RedisServer> node;
    for (int attempt = 0; attempt < 3 && !(node && *node); ++attempt) {  // somebody may be faster with the bus' port
      std::vector<std::string> arguments{"--cluster-enabled",
                                         "yes",
                                         "--cluster-port",
                                         std::to_string(free_port()),
                                         "--cluster-node-timeout",
                                         "1500",
                                         "--cluster-allow-replica-migration",
                                         "no",
                                         "--repl-diskless-sync-delay",
                                         "0"};
      arguments.insert(arguments.end(), more.begin(), more.end());
      node = std::make_unique<RedisServer>(std::move(arguments));
    }
    return node;
  }
  void meet(std::size_t node) {
    const std::string bus = nodes_[0]->command({"CONFIG", "GET", "cluster-port"});
    nodes_[node]->command(
        {"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes_[0]->port()), bus.substr(bus.find('\n') + 1)});
  }
  [[nodiscard]] bool all_know(std::size_t count) const {
    const std::string wanted = "cluster_known_nodes:" + std::to_string(count) + "\r";
    return std::all_of(nodes_.begin(), nodes_.end(), [&wanted](const auto& node) {
      return node->command({"CLUSTER", "INFO"}).find(wanted) != npos &&
             node->command({"CLUSTER", "NODES"}).find("handshake") == npos;
    });
  }
  void give_up(std::string why) { error_ = "no cluster: " + std::move(why); }

  std::vector<std::unique_ptr<RedisServer>> nodes_;
  std::vector<std::string> ids_;
  std::string error_;
};

}  // namespace vx11::test
