// Names of the keys in Redis; fixed, but for the prefix. Python backends and other versions use the same.
#pragma once

#include <string>
#include <string_view>

namespace vx11::feed {

/// `prefix` is "vx11:" unless --redis-prefix says otherwise.
struct Keys {
  explicit Keys(std::string_view prefix);

  std::string revocations;  ///< {vx11:operator}:feed    one Redis Stream
  std::string events;       ///< {vx11:operator}:events  one bounded Redis Stream
  std::string key;  ///< {vx11:operator}:key     hash: "resume" (64 hex digits), "epoch" (8), "marker" (its first id)
  std::string instances;  ///< vx11:operator:instances sorted set: instance id by the time of its last sign (ms)
  std::string instance;   ///< vx11:operator:instance: to be followed by the id
};

}  // namespace vx11::feed
