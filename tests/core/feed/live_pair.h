// Two live feeds on one loop, over a Redis of their own.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "live_feed.h"

namespace vx11::test {

/// Two of them that follow, and have joined the same epoch.
struct Pair {
  RedisServer server;
  SystemRandom random;
  LoopRunner runner;
  std::optional<LiveFeed> a, b;

  ~Pair() {
    runner.run([this] {
      a.reset();
      b.reset();
    });
  }
  bool start() {
    runner.run([this] {
      a.emplace(runner.io(), server, random, "a");
      b.emplace(runner.io(), server, random, "b");
    });
    return until([this] { return a->follower.following() && b->follower.following(); }) &&
           until([this] { return a->commands.usable() && b->commands.usable(); });
  }
  template <class Condition>
  bool until(Condition&& condition) {
    return runner.until([&] {
      a->tick();
      b->tick();
      return condition();
    });
  }
  void run(const std::function<void()>& action) { runner.run(action); }
  /// Do both know the same epoch, another one than `before`, and the same key?
  bool in_a_new_epoch(const std::string& before) {
    return until([&] {
      return a->listener.last_epoch != before && a->listener.last_epoch == b->listener.last_epoch &&
             a->listener.resume == b->listener.resume && a->follower.following() && b->follower.following();
    });
  }
  void kill_feed_connections() {
    RedisConsole console(server.port());
    std::string list = console.command({"CLIENT", "LIST"});
    for (std::size_t at = 0; (at = list.find("id=", at)) != std::string::npos; at = list.find('\n', at)) {
      const std::string line = list.substr(at, list.find('\n', at) - at);
      if (line.find("-feed ") == std::string::npos) continue;
      console.command({"CLIENT", "KILL", "ID", line.substr(3, line.find(' ') - 3)});
    }
  }
};

}  // namespace vx11::test
