// The instances that share a Redis: each writes itself down, and reads who else is there.
#pragma once

#include <functional>
#include <memory>

#include "feed/keys.h"
#include "feed/registry_record.h"
#include "feed/roster.h"
#include "redis/client.h"
#include "token/clock.h"

namespace vx11::feed {

/// Writes every 3 s (TTL 10 s), reads every 2 s, into the roster; leaves when told to. One that fell silent without
/// leaving stays in the list for ten minutes. All calls on one loop, but for the const ones, which any thread may make.
class Registry {
 public:
  /// `mine` is asked anew for every writing: the mode may have changed.
  Registry(redis::Client& client, const Clock& clock, Keys keys, Roster& roster, std::function<InstanceRecord()> mine);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  void tick();
  /// Something in `mine` has changed, or Redis is back: write and read at the next tick.
  void hurry();
  /// Takes this instance out of the list, for good.
  void leave();
  /// It has tried to write itself down, and knows what became of it.
  [[nodiscard]] bool has_tried() const noexcept;
  /// Another process has the same instance id, and is alive: it has written in the last 10 s, after we had.
  [[nodiscard]] bool id_taken() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< a request under way keeps no more than a weak one
};

}  // namespace vx11::feed
