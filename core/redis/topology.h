// Who is there behind the name Redis, as servers and sentinels tell it. Values only; `health.h`, `sentinel_watch.h` and
// `cluster_nodes.h` read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "redis/slot.h"

namespace vx11::redis {

enum class Topology : std::uint8_t { single, sentinel, cluster };
/// "single", "sentinel", "cluster": words of the wire.
[[nodiscard]] constexpr const char* to_string(Topology topology) noexcept {
  switch (topology) {
    case Topology::single: return "single";
    case Topology::sentinel: return "sentinel";
    case Topology::cluster: return "cluster";
  }
  return "single";
}

struct SlotRange {
  Slot first = 0, last = 0;
  friend bool operator==(const SlotRange&, const SlotRange&) = default;
};

/// A data node: the master, one of its replicas, or a node of a cluster.
struct DataNode {
  std::string id;       ///< a cluster's, 40 hex digits; else empty
  std::string address;  ///< "10.0.0.1:6379"
  std::string role;     ///< "master", "replica"
  std::string master;   ///< a replica's: the address of its master
  std::string state;    ///< "online", "sync", "handshake", "suspected" (fail?), "failed", "down"
  bool link_up = true;  ///< of a replica to its master; of a cluster's node to the one that told
  std::optional<std::int64_t> lag_bytes;  ///< a replica's
  std::optional<std::int64_t> lag_s;      ///< a replica's: since it last acknowledged
  std::vector<SlotRange> slots;           ///< a cluster's master's
  std::optional<std::int64_t> used_memory, ops_per_sec, keys;  ///< where it was asked itself
};

/// What one sentinel says.
struct SentinelView {
  std::string address;
  bool up = false;
  std::string error;                  ///< a sentence, while it isn't up, or doesn't know the master
  std::string master;                 ///< "10.0.0.1:6379" as it sees it; empty: unknown to it
  std::string master_state;           ///< "ok", "suspected" (s_down), "down" (o_down), "failing over"
  std::optional<std::int64_t> quorum, other_sentinels, replicas;
  std::optional<bool> can_fail_over;  ///< SENTINEL CKQUORUM
};

struct ClusterState {
  std::string state;  ///< "ok", "fail"
  std::int64_t slots_assigned = 0, slots_ok = 0, slots_failing = 0;
  std::int64_t known_nodes = 0, size = 0, epoch = 0;
};

}  // namespace vx11::redis
