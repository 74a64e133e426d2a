// Asks Redis who is there, for whoever wants to know; into the roster. Never two readings of one loop under way.
#pragma once

#include <memory>
#include <optional>

#include "feed/keys.h"
#include "feed/roster.h"
#include "redis/client.h"
#include "token/callback.h"
#include "token/clock.h"

namespace vx11::feed {

/// Belongs to one event loop, as its client does.
class RosterReader {
 public:
  using Handler = Callback<void(std::optional<Listing>)>;

  RosterReader(redis::Client& client, const Clock& clock, Keys keys, Roster& roster);
  RosterReader(const RosterReader&) = delete;
  RosterReader& operator=(const RosterReader&) = delete;
  ~RosterReader();

  /// Once the answer is there, or after two of the client's usual deadlines, perhaps inside the call: what Redis said
  /// after the question was asked, else what was last known, which says so; nothing before the first reading of all.
  /// Those who ask while a reading is under way share the next one.
  void ask(Handler handler);
  [[nodiscard]] bool under_way() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< a request under way keeps no more than a weak one
};

}  // namespace vx11::feed
