// What /readyz says: the parts that the service depends on, each judged by itself, and what follows for the whole.
#pragma once

#include <string>

#include "api/shared.h"

namespace vx11::api {

/// Not ready is an instance that begins, ends, or can't answer for tokens at all (mode redis without Redis). Whatever
/// else is wrong is degraded, and requests are still welcome.
struct Readiness {
  bool ready = false;
  std::string body;  ///< JSON
};

[[nodiscard]] Readiness judge_readiness(const Shared& shared);

}  // namespace vx11::api
