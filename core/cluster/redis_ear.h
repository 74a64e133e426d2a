// What a connection of our own to Redis learns by the way: at which address it was let in, and who took over from whom.
#pragma once

#include <mutex>

#include "cluster/redis_info.h"
#include "redis/link_observer.h"
#include "redis/topology.h"
#include "server/master_history.h"
#include "token/clock.h"

namespace vx11::cluster {

/// Thread-safe; counts from its making on.
class RedisEar final : public redis::LinkObserver {
 public:
  RedisEar(redis::Topology topology, const Clock& clock) : topology_(topology), clock_(clock) {}

  /// Address and failovers.
  void tell(RedisInfo& info) const;

  void on_up(const redis::ServerFacts& facts) override;
  void on_down(redis::Fault, std::string_view) override {}
  void on_breaker(redis::BreakerState) override {}
  void on_request(redis::Fault, std::chrono::nanoseconds) override {}
  void on_clock(std::chrono::microseconds) override {}
  void on_replaced(const redis::Replacement& replacement) override;

 private:
  void count(const server::MasterHistory::News& news);

  const redis::Topology topology_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  server::MasterHistory history_;
  bool greeted_ = false;
  std::string address_;
  qint64 failovers_ = 0, lastAt_ = -1;
  std::string last_;
};

}  // namespace vx11::cluster
