// What a cluster's node means by an error: that another node has the key, or that it should be asked again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "redis/address.h"
#include "redis/reply.h"
#include "redis/slot.h"
#include "token/random.h"

namespace vx11::redis {

/// One error read.
struct Redirection {
  enum class Kind : std::uint8_t {
    moved,  ///< for good: the map is to be changed
    ask,    ///< this once, after ASKING
    again,  ///< TRYAGAIN, CLUSTERDOWN: a moment later
  };
  Kind kind = Kind::again;
  Slot slot = 0;  ///< of `moved` and `ask`
  Address to;     ///< likewise
};

/// Nothing: it is an answer. An empty host is the host of `from`, who said it.
[[nodiscard]] std::optional<Redirection> read_redirection(const Reply& reply, const Address& from);

/// One command on its way through a cluster. By the cluster specification a client follows what it is told; how often,
/// is bounded, so that two nodes that each name the other end in an error and not in a circle.
class Journey {
 public:
  enum class Next : std::uint8_t {
    done,    ///< the reply is the answer, an error of too many hops included
    resend,  ///< to `Redirection::to`, now
    asking,  ///< likewise, after ASKING
    wait,    ///< and then send it to whom the map says
  };
  static constexpr unsigned most_hops = 5;

  [[nodiscard]] Next take(const std::optional<Redirection>& said) noexcept;

 private:
  std::uint8_t hops_ = 0;
};

/// Until the next try: 10 to 25 ms, so that not all come at once.
[[nodiscard]] std::chrono::nanoseconds pause_before_again(Random& random) noexcept;

}  // namespace vx11::redis
