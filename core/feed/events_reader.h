// One reader's place in the events' stream, through every change of the stream. Does no I/O.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "feed/entry.h"
#include "feed/follower.h"
#include "feed/join.h"
#include "feed/keys.h"
#include "token/random.h"
#include "token/secret.h"

namespace vx11::feed {

/// What Listener::on_joined is told.
struct Joined {
  std::string epoch, base_entry;
  Secret resume_key;
};

class EventsReader {
 public:
  explicit EventsReader(Random& random);

  [[nodiscard]] redis::Request join_request(const Keys& keys) const;
  /// Takes its place. Nothing to tell when it goes on where it was.
  [[nodiscard]] std::optional<Joined> join(const JoinReply& reply);
  struct Taken {
    std::vector<PublishedEvent> events;  ///< views the reply
    std::size_t broken = 0;
    bool met_marker = false;  ///< an epoch begins: what comes after it wasn't taken; join anew
  };
  [[nodiscard]] Taken take(std::span<const redis::Reply> entries);
  /// By the answers to XREVRANGE … COUNT 1 and HGET epoch: is it still the stream that we are in?
  [[nodiscard]] bool is_here(const redis::Reply& last, const redis::Reply& epoch) const;
  /// The entry read last.
  [[nodiscard]] const EntryId& cursor() const noexcept { return cursor_; }

 private:
  Random& random_;
  Secret resume_key_;  ///< our proposal, until the shared one is known
  std::string epoch_;  ///< empty: never joined
  EntryId cursor_;
  bool told_ = false;  ///< does the listener know the epoch and the key?
};

}  // namespace vx11::feed
