// The profile "Local server": one embedded instance of the service, started and stopped with the console, and reached
// over loopback HTTP like any other.
#pragma once

#include <memory>

#include "cluster/cluster.h"

namespace vx11::cluster {

struct LocalServerOptions {
  quint16 firstPort = 8011;   ///< taken if free, else the next free one of the following 20, else any
  int maxTokens = 1'000'000;
  int ttlSec = 60;
};

/// Starts the instance at once; the cluster is usable immediately and reports Starting until it answers.
/// The principal is VX11_OPERATOR_TOKEN's first value, else one made for this run. After it stopped, or failed to
/// start, `retryNow` starts it again.
[[nodiscard]] std::unique_ptr<Cluster> openLocalServer(const LocalServerOptions& options);

}  // namespace vx11::cluster
