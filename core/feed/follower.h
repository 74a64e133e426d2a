// Follows the two Redis Streams by which instances tell each other of revocations and of published events: one blocking
// XREAD on a connection of its own. Whatever happens to Redis, what it held is heard in the end, each entry once.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feed/keys.h"
#include "redis/client.h"
#include "redis/link_observer.h"
#include "token/clock.h"
#include "token/random.h"
#include "token/revocation.h"
#include "token/secret.h"

namespace vx11::feed {

struct PublishedEvent {
  std::string_view entry;  ///< its id in the stream, "1700000000000-0"
  std::string_view name, data;
};

/// Called on the follower's loop; views are valid during the call.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Joined the streams: the epoch and last entry of the events that are there, and the key that all instances share.
  /// Also told when the events' stream is another one than before (its epoch has changed). The events still buffered in
  /// it follow through `on_events`.
  virtual void on_joined(std::string_view epoch, std::string_view base_entry, const Secret& resume_key) = 0;
  /// `first_reading`: found when the window was read again, not heard live. Repetitions are possible: they are idempotent.
  virtual void on_revocations(std::span<const Revocation> revocations, bool first_reading) = 0;
  /// In the stream's order, each once.
  virtual void on_events(std::span<const PublishedEvent> events) = 0;
  /// The revocations' stream has vanished, or lost entries: what of them has to be there still?
  virtual std::vector<Revocation> held_revocations() = 0;
};

/// All calls on one loop. `client` is its own: made with `drop_on_timeout`.
class Follower {
 public:
  struct Options {
    std::chrono::milliseconds block{1000};  ///< of XREAD; the idle answer is the heartbeat
    std::string instance_id;
  };

  Follower(redis::Client& client, const Clock& clock, Random& random, Keys keys, Listener& listener, Options options);
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  ~Follower();

  /// The client's connection is up, or gone: to be told by its observer.
  void connected();
  void disconnected();
  /// About ten times a second: retries what was refused.
  void tick();
  /// When Redis last answered in the following loop; any thread. The feed's age is now minus this.
  [[nodiscard]] Instant last_heard() const noexcept;
  /// Is it reading at present, with the window read whole? Any thread.
  [[nodiscard]] bool following() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vx11::feed
