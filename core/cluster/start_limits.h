// The limits with which this process was started. A server in it raises its own; its children get what it got itself.
#pragma once

#include <sys/resource.h>

namespace vx11::cluster {

/// Of open descriptors, as it was before `main`. Any thread.
[[nodiscard]] const rlimit& descriptorLimitAtStart() noexcept;

}  // namespace vx11::cluster
