// A scripted master that falls to a replica.
#pragma once

#include <atomic>
#include <string>

#include "support/scripted_redis.h"

namespace vx11::test {

[[nodiscard]] inline std::string at(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

/// A master that becomes a replica by a test's word.
class FallingMaster {
 public:
  explicit FallingMaster(const char* refusal)
      : server_([this, refusal](const ScriptedRedis::Words& command) {
          if (command[0] == "SET" && !is_master) return ScriptedRedis::error(refusal);
          if (command[0] == "ROLE" && !is_master) return ScriptedRedis::texts({"slave"});
          return ScriptedRedis::as_usual(command);
        }) {}
  std::atomic<bool> is_master{true};
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  ScriptedRedis server_;
};

}  // namespace vx11::test
