#include "redis/locator.h"

#include <utility>

#include "redis/sentinel_search.h"
#include "redis/slot_search.h"

namespace vx11::redis {

namespace {

std::unique_ptr<AddressSearch> make_search(const Options& options) {
  if (options.topology == Topology::sentinel) {
    return std::make_unique<SentinelSearch>(options.seeds, options.master_name);
  }
  return std::make_unique<SlotSearch>(options.seeds, options.slot.value_or(0));
}

}  // namespace

Options options_for_seeds(const Options& options) {
  Options asking = options;
  asking.topology = Topology::single;
  asking.slot.reset();
  asking.timeout = asking.connect_timeout = options.seed_timeout;
  asking.drop_on_timeout = false;
  if (options.topology == Topology::sentinel) {
    asking.is_sentinel = true;
    asking.username = options.sentinel_username;
    asking.password = options.sentinel_password;
    asking.database = 0;
  }
  return asking;
}

Locator::Locator(asio::io_context& io, const Options& options, const Clock& clock, Random& random)
    : search_(make_search(options)), inquiry_(io, options_for_seeds(options), *search_, clock, random) {}

void Locator::find(Handler handler) {
  inquiry_.start([search = search_.get(), handler = std::move(handler)]() mutable { handler(search->outcome()); });
}

}  // namespace vx11::redis
