// A client of a cluster on a loop of its own, and what it told of itself.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/redis/client_fixture.h"
#include "redis/loop_client.h"
#include "support/redis_cluster.h"

namespace vx11::test {

/// Keeps what was replaced as well. Thread-safe.
class ClusterWatch final : public redis::LinkObserver {
 public:
  void on_up(const redis::ServerFacts& facts) override { watch.on_up(facts); }
  void on_down(redis::Fault fault, std::string_view why) override { watch.on_down(fault, why); }
  void on_breaker(redis::BreakerState state) override { watch.on_breaker(state); }
  void on_request(redis::Fault, std::chrono::nanoseconds) override { ++requests; }
  void on_clock(std::chrono::microseconds ahead) override { watch.on_clock(ahead); }
  void on_replaced(const redis::Replacement& one) override {
    const std::lock_guard lock(mutex_);
    replaced_.push_back(one);
  }
  [[nodiscard]] std::vector<redis::Replacement> replaced() const {
    const std::lock_guard lock(mutex_);
    return replaced_;
  }

  Watch watch;
  std::atomic<int> requests = 0;

 private:
  mutable std::mutex mutex_;
  std::vector<redis::Replacement> replaced_;
};

class ClusterFixture {
 public:
  explicit ClusterFixture(std::uint16_t seed) : ClusterFixture(seed, [](redis::Options&) {}) {}
  template <class Change>
  ClusterFixture(std::uint16_t seed, Change&& change) {
    redis::Options options;
    options.topology = redis::Topology::cluster;
    options.seeds = {{"127.0.0.1", seed}};
    // Patience with a busy machine; deadlines are chosen where they matter.
    options.seed_timeout = options.timeout = std::chrono::seconds(2);
    change(options);
    loop.run([&] {
      client_ = redis::make_loop_client(loop.io(), std::move(options), clock, random, &observer);
      client_->start();
    });
  }
  explicit ClusterFixture(RedisCluster& cluster) : ClusterFixture(cluster[0].port()) {}
  ~ClusterFixture() {
    loop.run([this] { drop(); });
  }

  redis::LoopClient* operator->() { return client_.get(); }
  void drop() { client_.reset(); }
  [[nodiscard]] bool wait_until_up() {
    return loop.until([this] { return observer.watch.ups() > 0; });
  }
  [[nodiscard]] std::string ask(redis::Request request, std::chrono::milliseconds deadline = std::chrono::seconds(2)) {
    return asked(loop, *client_, std::move(request), deadline);
  }

  SystemClock clock;
  SystemRandom random;
  ClusterWatch observer;
  LoopRunner loop;

 private:
  std::unique_ptr<redis::LoopClient> client_;
};

}  // namespace vx11::test
