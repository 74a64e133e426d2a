// All masters of a Redis Cluster as one client: each command goes to the master of its key's slot, and follows it when
// it moves.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "redis/loop_client.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::redis {

/// One connection to each master; they come and go with the map of the slots. After destruction no handler is called;
/// pending ones are dropped.
///
/// A request may name keys of several masters. Then a master that doesn't answer costs its commands only: their replies
/// are errors ("NOANSWER 10.0.0.1:6379 doesn't answer"), `Answer::fault` says why, and the other replies are there.
/// With no answer at all `replies` is empty.
///
/// What isn't as with one server: a command of several keys is sent where the first belongs. SCAN walks over all
/// masters; its cursor is a text, "0" at the beginning and the end. A master that was replaced is walked over anew, and
/// all of them when slots have moved meanwhile; at the end of a walk the map is asked for. Of one that doesn't answer,
/// or doesn't serve, there is a page of nothing, whose cursor goes on past it, and `Answer::fault` says why. WAIT is
/// sent once to each master to which other commands of its request went; of several its reply is an array: for each
/// command of the request what its own master said. What names no key is asked of the master of `Options::clock_slot`.
///
/// MOVED and ASK are followed, 5 of them at most; TRYAGAIN and CLUSTERDOWN are tried again while the deadline isn't
/// over.
class ClusterClient final : public LoopClient {
 public:
  /// `observer` may be null; what is passed by reference outlives the client.
  ClusterClient(boost::asio::io_context& io, Options options, const Clock& clock, Random& random,
                LinkObserver* observer);
  ClusterClient(const ClusterClient&) = delete;
  ClusterClient& operator=(const ClusterClient&) = delete;
  ~ClusterClient() override;

  void start() override;
  void stop() override;

  using Client::ask;
  void ask(Request request, std::chrono::milliseconds deadline, Handler handler) override;
  void ask_patiently(Request request, std::chrono::milliseconds patience, Handler handler, Handler late) override;
  /// While nobody knows the slots, there is one answer: why, under the first seed's address.
  void ask_each(Request request, std::chrono::milliseconds deadline, EachHandler handler) override;
  /// Is there a master that serves slots and answers?
  [[nodiscard]] bool usable() const noexcept override;
  [[nodiscard]] std::optional<WallTime> time(Instant at) const noexcept override;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vx11::redis
