// The instances that share a Redis: each writes itself down, and reads who else is there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/keys.h"
#include "redis/client.h"
#include "token/clock.h"

namespace vx11::feed {

struct InstanceRecord {
  std::string id;
  std::string boot;  ///< random, of this start of the process: two that have one id differ in it
  std::string url, mode, version;
  double started_at = 0;  ///< unix seconds
  std::int64_t max_ttl_sec = 0;
  std::int64_t redis_db = 0;
};

/// Writes every 3 s (TTL 10 s), reads every 2 s; leaves when told to. All calls on one loop, but for the const ones,
/// which any thread may make.
class Registry {
 public:
  /// `mine` is asked anew for every writing (the mode may have changed), and once by the constructor.
  Registry(redis::Client& client, const Clock& clock, Keys keys, std::function<InstanceRecord()> mine);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry();

  void tick();
  /// Something in `mine` has changed, or Redis is back: write and read at the next tick.
  void hurry();
  /// Takes this instance out of the list, for good.
  void leave();
  /// As last read, this one included; nothing before the first reading.
  [[nodiscard]] std::optional<std::vector<InstanceRecord>> instances() const;
  /// Another process has the same instance id, and is alive: it has written in the last 10 s, after we had.
  [[nodiscard]] bool id_taken() const noexcept;
  /// The longest life that any instance's tokens may have; at least one's own. An instance that left counts for so
  /// long.
  [[nodiscard]] std::int64_t longest_ttl_sec() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< a request under way keeps no more than a weak one
};

}  // namespace vx11::feed
