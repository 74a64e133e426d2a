#include "redis/cluster_client.h"

#include <utility>

#include "redis/cluster_client_impl.h"

namespace vx11::redis {

ClusterClient::ClusterClient(asio::io_context& io, Options options, const Clock& clock, Random& random,
                             LinkObserver* observer)
    : impl_(std::make_shared<Impl>(io, std::move(options), clock, random, observer)) {}

ClusterClient::~ClusterClient() { impl_->abandon(); }

void ClusterClient::start() { impl_->start(); }
void ClusterClient::stop() { impl_->stop(); }

void ClusterClient::ask(Request request, std::chrono::milliseconds deadline, Handler handler) {
  impl_->ask(std::move(request), deadline, std::move(handler), {});
}

void ClusterClient::ask_patiently(Request request, std::chrono::milliseconds patience, Handler handler, Handler late) {
  impl_->ask(std::move(request), patience, std::move(handler), std::move(late));
}

void ClusterClient::ask_each(Request request, std::chrono::milliseconds deadline, EachHandler handler) {
  impl_->ask_each(std::move(request), deadline, std::move(handler));
}

bool ClusterClient::usable() const noexcept { return impl_->usable(); }
std::optional<WallTime> ClusterClient::time(Instant at) const noexcept { return impl_->time(at); }

}  // namespace vx11::redis
