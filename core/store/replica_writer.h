// Writes of which it is to be known how many replicas have them: by WAIT, which tells of everything that its connection
// has sent before, and lets nothing after it through until then. A cluster's client tells it of each command.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "redis/client.h"
#include "token/callback.h"
#include "token/clock.h"

namespace vx11::store {

/// Group commit: what comes while one batch is under way leaves together with the next, so that the time for which
/// replicas are waited for holds up answers and not the throughput. Every handler is called once, within the usual time
/// of an answer. All calls and handlers on the clients' loop.
class ReplicaWriter {
 public:
  /// `confirmed`: it was written, and so many replicas have it. Else it counts as a shortfall if it was written.
  using Handler = Callback<void(const redis::Answer& answer, bool confirmed)>;

  /// `confirming`: a connection on which nobody else waits. While it can't be used, writes go to `otherwise`, without
  /// waiting. `shortfalls` counts writes that fewer than `replicas` had in time. All outlive the writer.
  ReplicaWriter(redis::Client& confirming, redis::Client& otherwise, const Clock& clock, std::size_t replicas,
                std::atomic<std::uint64_t>& shortfalls);
  ReplicaWriter(const ReplicaWriter&) = delete;
  ReplicaWriter& operator=(const ReplicaWriter&) = delete;

  /// `append` adds one or more commands to the request that it is given, and is called within this call, unless too
  /// many wait already. The answer has one reply for each. `begun`: since when somebody waits for it.
  template <class Append>
  void write(Instant begun, Append append, Handler handler) {
    if (full()) return refuse(handler);
    const std::size_t first = next_.request.commands();
    append(next_.request);
    next_.writes.push_back({first, next_.request.commands() - first, std::move(handler)});
    next_.begun = std::min(next_.begun, begun);
    if (!under_way_) leave();
  }

 private:
  struct Write {
    std::size_t first = 0, count = 0;  ///< of the batch's commands
    Handler handler;
  };
  struct Batch {
    redis::Request request;
    std::vector<Write> writes;
    Instant begun = Instant::max();
  };

  [[nodiscard]] bool full() const noexcept;
  static void refuse(Handler& handler);
  /// Sends what waits.
  void leave();
  void answered(std::vector<Write>& writes, std::size_t commands, const redis::Answer& answer, bool waited);

  redis::Client& confirming_;
  redis::Client& otherwise_;
  const Clock& clock_;
  const std::size_t replicas_;
  std::atomic<std::uint64_t>& shortfalls_;
  Batch next_;
  bool under_way_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace vx11::store
