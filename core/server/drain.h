// The graceful stop of an instance: a grace, then the end of streams and connections, all within a limit.
#pragma once

#include <atomic>
#include <chrono>

#include "server/fleet.h"
#include "server/occurrence.h"

namespace vx11::server {

class Drain {
 public:
  Drain(Fleet& fleet, std::chrono::seconds limit) : fleet_(fleet), limit_(limit) {}

  /// False: it has begun before. From now on answers say that they are their connections' last. Any thread.
  bool begin();
  /// What happens next, if it is due. On the first loop, at each tick.
  void step();

 private:
  Fleet& fleet_;
  const std::chrono::milliseconds limit_;
  std::atomic<std::chrono::steady_clock::time_point> begun_{};  ///< none: it hasn't
  bool winding_down_ = false;
};

}  // namespace vx11::server
