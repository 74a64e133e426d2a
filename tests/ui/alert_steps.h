// Time and trouble for an alert watch over a made-up cluster.
#pragma once

#include "cluster/alert_watch.h"
#include "core/cluster/fake_cluster.h"

namespace vx11::ui::testing {

/// A look a second.
inline void go(cluster::testing::FakeCluster& cluster, cluster::AlertWatch& watch, int seconds) {
  for (int i = 0; i < seconds; ++i) {
    cluster.advance(1000);
    watch.look();
  }
}

inline void set(cluster::testing::FakeCluster& cluster, int slot, cluster::InstanceState state) {
  cluster::InstanceInfo info = cluster.instances()[slot];
  info.state = state;
  cluster.setInstance(info);
}

}  // namespace vx11::ui::testing
