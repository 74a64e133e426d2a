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
  /// Joined the events: their epoch, the id just before what `on_events` will deliver (empty: not known, because older
  /// entries have been trimmed), and the key that all instances share. Told again when anything of it has changed: the
  /// epoch, the key, or that entries were trimmed before they could be read (the same epoch, nothing as `base_entry`).
  virtual void on_joined(std::string_view epoch, std::string_view base_entry, const Secret& resume_key) = 0;
  /// `first_reading`: no news, but found when the window was read (again), or written back by another instance.
  /// Repetitions are possible: they are idempotent.
  virtual void on_revocations(std::span<const Revocation> revocations, bool first_reading) = 0;
  /// In the stream's order, each once. What was still buffered when the process joined comes in the same way.
  virtual void on_events(std::span<const PublishedEvent> events) = 0;
  /// Asked after every reading of the window, and when the stream isn't there: what has to be in it still? What it has
  /// lost is written back.
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
  /// What was written to the streams until now may have gone to a server that doesn't count any more: the window is
  /// read whole once more, and what it lacks is written back.
  void read_again();
  /// About ten times a second: retries what was refused.
  void tick();
  /// When Redis last answered with the streams, before the first time when the follower was made; any thread. The
  /// feed's age is now minus this.
  [[nodiscard]] Instant last_heard() const noexcept;
  /// Is it reading both streams at present, with the window read whole? Any thread.
  [[nodiscard]] bool following() const noexcept;
  /// What is wrong at present, in a sentence; empty: nothing. Any thread.
  [[nodiscard]] std::string last_problem() const;
  /// Entries that couldn't be read and were skipped, since the start. Any thread.
  [[nodiscard]] std::uint64_t broken_entries() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< a request under way keeps no more than a weak one
};

}  // namespace vx11::feed
