#include "redis/loop_client.h"

#include <utility>

#include "redis/cluster_client.h"
#include "redis/node_client.h"

namespace vx11::redis {

std::unique_ptr<LoopClient> make_loop_client(boost::asio::io_context& io, Options options, const Clock& clock,
                                             Random& random, LinkObserver* observer) {
  if (options.topology == Topology::cluster && !options.slot) {
    return std::make_unique<ClusterClient>(io, std::move(options), clock, random, observer);
  }
  return std::make_unique<NodeClient>(io, std::move(options), clock, random, observer);
}

}  // namespace vx11::redis
