// All of Redis as one event loop sees it: one server, the master that sentinels name, or the masters of a cluster.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "redis/client.h"
#include "redis/link_observer.h"
#include "redis/options.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// What one server answered to a question that went to several.
struct NodeAnswer {
  std::string_view address;  ///< "10.0.0.1:6379"
  Answer answer;
};

/// Finds its servers, connects to them and mends itself. After destruction no handler is called; pending ones are
/// dropped.
class LoopClient : public Client {
 public:
  using EachHandler = Callback<void(std::span<const NodeAnswer>)>;

  /// Begins to connect, and from then on never gives up. On the loop, or before it runs.
  virtual void start() = 0;
  /// Ends the connections; what waits fails at once.
  virtual void stop() = 0;
  /// Somebody found the master of a Sentinel group elsewhere: the sentinels are asked now, and not when it is time to.
  virtual void look_again() {}
  /// The same request to each master there is, those that fail included. The handler is told when all have answered
  /// or failed; a request names no key.
  virtual void ask_each(Request request, std::chrono::milliseconds deadline, EachHandler handler) = 0;
};

/// A NodeClient, or for `Topology::cluster` without a slot of its own a ClusterClient. `observer` may be null; what is
/// passed by reference outlives the client.
[[nodiscard]] std::unique_ptr<LoopClient> make_loop_client(boost::asio::io_context& io, Options options,
                                                           const Clock& clock, Random& random, LinkObserver* observer);

}  // namespace vx11::redis
