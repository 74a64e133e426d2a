// Sentinels by a script, and the options of a client that asks them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "redis/options.h"
#include "support/scripted_redis.h"

namespace vx11::test {

/// A sentinel that names this server; no port: it knows none.
[[nodiscard]] inline ScriptedRedis::Script naming(std::uint16_t port) {
  return [port](const ScriptedRedis::Words& command) {
    if (command[0] != "SENTINEL") return ScriptedRedis::as_usual(command);
    if (command[1] != "GET-MASTER-ADDR-BY-NAME") return ScriptedRedis::array({});
    return port == 0 ? ScriptedRedis::nil() : ScriptedRedis::texts({"127.0.0.1", std::to_string(port)});
  };
}

[[nodiscard]] inline ScriptedRedis::Script silent() {
  return [](const ScriptedRedis::Words&) { return std::string(); };
}

[[nodiscard]] inline auto by_sentinels(std::vector<std::uint16_t> ports) {
  return [ports](redis::Options& options) {
    options.topology = redis::Topology::sentinel;
    options.master_name = "mymaster";
    for (const std::uint16_t port : ports) options.seeds.push_back({"127.0.0.1", port});
    options.seed_timeout = std::chrono::seconds(2);  // patience with a busy machine
    options.connect_timeout = std::chrono::seconds(5);
  };
}

}  // namespace vx11::test
