// Finds out where a server is now: the master that the sentinels name, or the master of a cluster's slot.
#pragma once

#include <memory>

#include "redis/inquiry.h"
#include "redis/options.h"
#include "redis/search.h"

namespace vx11::redis {

/// On one loop. One search at a time; after destruction nobody is called.
class Locator {
 public:
  using Found = boost::system::result<Address, Trouble>;
  using Handler = Callback<void(const Found&)>;

  /// Of `options` with sentinels, or with a slot of a cluster. The references outlive the locator.
  Locator(asio::io_context& io, const Options& options, const Clock& clock, Random& random);

  /// The handler may destroy the locator.
  void find(Handler handler);
  [[nodiscard]] bool finding() const noexcept { return inquiry_.running(); }
  /// There was no such server where it was found last.
  void doubt() { search_->doubt(); }
  /// Nobody is told.
  void cancel() noexcept { inquiry_.cancel(); }

 private:
  std::unique_ptr<AddressSearch> search_;
  Inquiry inquiry_;
};

/// How to ask one of the seeds: credentials, names, times.
[[nodiscard]] Options options_for_seeds(const Options& options);

}  // namespace vx11::redis
