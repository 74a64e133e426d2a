// The profile "Local cluster": instances of vx11-tokend and a Redis of their own as child processes, reached over
// loopback like any others. All of them end with this process, however it ends.
#pragma once

#include <memory>
#include <optional>

#include "cluster/cluster.h"
#include "token/secret.h"

namespace vx11::cluster {

struct LocalClusterOptions {
  int instances = 3;                        ///< 1 to 10; "a", "b", "c" …
  QString mode = QStringLiteral("hybrid");  ///< memory, redis or hybrid; memory has no Redis
  quint16 firstPort = 8011;                 ///< each takes the next free one; 0: any
  int ttlSec = 60;
  int redisServers = 1;   ///< 1, or 3 that replicate, with three sentinels
  Secret redisUrl;        ///< instead of a private Redis; may hold a password
  QString tokendProgram;  ///< empty: beside this program, else on the PATH
  QString redisProgram;   ///< empty: $VX11_TOOLS/bin, the PATH, /usr/bin …
};

/// Starts everything at once; the cluster is usable immediately and each instance Starting until it answers.
/// The principal is VX11_OPERATOR_TOKEN's first value, else one made for this run. The thread that opens it, and that
/// starts any of its processes, must live as long as the process: the kernel ends the children with that thread.
/// `startFailed` comes from the event loop; `retryNow` then tries again.
[[nodiscard]] std::unique_ptr<Cluster> openLocalCluster(const LocalClusterOptions& options);

/// Where no Redis program is found here: with the Redis that VX11_OPERATOR_REDIS_URL names, which the instances enter
/// by the variables beside it.
[[nodiscard]] LocalClusterOptions orWithGivenRedis(LocalClusterOptions options);

/// Why it couldn't start on this machine, in a sentence that says what to install; nothing when it could.
[[nodiscard]] std::optional<QString> whyNoLocalCluster(const LocalClusterOptions& options);

}  // namespace vx11::cluster
