#include "redis/client.h"

namespace vx11::redis {

Answer answer_of(std::span<const Reply> replies) noexcept {
  for (const Reply& reply : replies) {
    if (!reply.is_error()) continue;
    const Fault fault = fault_of(reply.text);
    if (fault != Fault::wrong_type && fault != Fault::other) return {fault, reply.text, replies};
  }
  return {Fault::none, {}, replies};
}

}  // namespace vx11::redis
