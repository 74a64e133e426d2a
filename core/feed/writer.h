// Writes to the two streams: revocations for every instance, and published events.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "feed/keys.h"
#include "redis/client.h"
#include "token/random.h"
#include "token/revocation.h"

namespace vx11::feed {

/// One XADD each, which trims what is older than `oldest_kept` on Redis' clock (MINID ~); appended to `request`, so
/// that a caller may send more with it.
void add_revocations(redis::Request& request, const Keys& keys, std::span<const Revocation> revocations,
                     WallTime oldest_kept);

/// One loop's way to publish. The events' stream is made (with a new epoch) when it isn't there.
class Writer {
 public:
  struct Published {
    bool ok = false;
    std::string id;  ///< "<epoch>.<entry>"
  };
  using PublishHandler = Callback<void(const Published&)>;

  Writer(redis::Client& client, Random& random, Keys keys, std::string instance_id);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  /// XADD … NOMKSTREAM MAXLEN ~ 10000. Not ok: Redis fails, nothing will be delivered (as far as one can know). The
  /// handler isn't called any more when the writer is gone.
  void publish(std::string_view name, std::string_view data, PublishHandler handler);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;  ///< a request under way keeps no more than a weak one
};

}  // namespace vx11::feed
