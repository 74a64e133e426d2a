#include "cluster/start_limits.h"

namespace vx11::cluster {
namespace {

rlimit readDescriptorLimit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) limit = {RLIM_INFINITY, RLIM_INFINITY};  // can't be set: nothing is
  return limit;
}

const rlimit atStart = readDescriptorLimit();

}  // namespace

const rlimit& descriptorLimitAtStart() noexcept { return atStart; }

}  // namespace vx11::cluster
