// A Sentinel group's servers that were there once and that its master doesn't list any more: a master lists only who is
// connected to it.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <vector>

#include "redis/topology.h"

namespace vx11::server {

/// Remembers addresses, a bounded number of them. Not thread-safe.
class SeenServers {
 public:
  /// The master and who it lists.
  void note(std::span<const redis::DataNode> nodes);
  /// Replicas that are down: those seen last, as many as the sentinels count beyond the listed ones. Sentinels forget a
  /// server only when they are told to.
  [[nodiscard]] std::vector<redis::DataNode> missing(std::span<const redis::DataNode> nodes,
                                                     std::span<const redis::SentinelView> sentinels) const;

 private:
  std::deque<std::string> addresses_;  ///< seen last: at the end
};

}  // namespace vx11::server
