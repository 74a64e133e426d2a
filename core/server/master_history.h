// Which server processes have answered as master so far, and so what is a failover and what only a new connection.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "redis/link_observer.h"
#include "redis/slot.h"

namespace vx11::server {

/// All connections of an instance tell of the same servers, one after the other: what happened is news once. Not
/// thread-safe, and knows no clock.
class MasterHistory {
 public:
  struct News {
    bool replaced = false;  ///< another process than before answers: what was written lately may be lost
    std::string failover;   ///< "10.0.0.1:6379 to 10.0.0.2:6379"; empty: it is none
  };

  /// A connection to the one server there is, or to the sentinels' master, was greeted; `before`: not for the first
  /// time. A new run id or replication id means another process, or one that took its data from another. Where an ACL
  /// forbids asking who it is, it may always be another.
  [[nodiscard]] News greeted(const redis::ServerFacts& facts, bool before);
  /// Of a cluster's clients. What the loops tell one after the other is news once.
  [[nodiscard]] News replaced(const redis::Replacement& replacement);

 private:
  [[nodiscard]] bool is_known(const std::string& replication_id);

  std::string address_, run_id_, replication_id_;  // of the server that answered last
  std::deque<std::string> replication_ids_;        // seen, the latest last; a promotion always brings a new one
  std::map<std::size_t, std::string> owners_;      // by their lowest slot: who took over last
};

}  // namespace vx11::server
