#include "cluster/redis_ear.h"

#include <utility>

namespace vx11::cluster {

void RedisEar::tell(RedisInfo& info) const {
  const std::lock_guard lock(mutex_);
  // A cluster is where it was named, whoever of it was greeted last.
  if (topology_ != redis::Topology::cluster) info.address = QString::fromStdString(address_);
  info.servers.failovers = failovers_;
  info.servers.lastFailoverAt = lastAt_;
  info.servers.lastFailover = QString::fromStdString(last_);
}

void RedisEar::on_up(const redis::ServerFacts& facts) {
  const std::lock_guard lock(mutex_);
  address_ = facts.address;
  if (topology_ != redis::Topology::cluster) count(history_.greeted(facts, std::exchange(greeted_, true)));
}

void RedisEar::on_replaced(const redis::Replacement& replacement) {
  const std::lock_guard lock(mutex_);
  count(history_.replaced(replacement));
}

void RedisEar::count(const server::MasterHistory::News& news) {
  if (news.failover.empty()) return;
  ++failovers_;
  last_ = news.failover;
  lastAt_ = std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
}

}  // namespace vx11::cluster
