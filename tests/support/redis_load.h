// Work for a real Redis: one connection that asks as fast as it is answered.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "support/redis_server.h"

namespace vx11::test {

/// Writes and reads as fast as one connection can; ends with the server's connection.
class RedisLoad {
 public:
  explicit RedisLoad(std::uint16_t port)
      : thread_([this, port] {
          RedisConsole console(port, std::chrono::seconds(1));
          for (int i = 0; !stop_ && console.connected(); ++i) {
            console.command({"SET", "load:" + std::to_string(i % 5000), std::string(500, 'x'), "EX", "60"});
            if (console.command({"GET", "load:" + std::to_string(i % 7000)}).empty()) return;
          }
        }) {}
  ~RedisLoad() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace vx11::test
