// One slot of a LiveCluster: how its instance is reached, and those who listen to it.
#pragma once

#include <memory>

#include "cluster/instance_monitor.h"
#include "cluster/token_feed.h"

namespace vx11::cluster {

struct LiveMember {
  int slot = 0;
  std::unique_ptr<InstanceClient> client;   ///< null until it is known where
  std::unique_ptr<InstanceMonitor> monitor;
  std::unique_ptr<TokenFeed> feed;          ///< goes before its client
  qint64 sampledSecond = 0;                 ///< wall time of the last sample
};

}  // namespace vx11::cluster
