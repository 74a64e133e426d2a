#include "redis/loop_client.h"

#include "redis/loop_client_impl.h"

namespace vx11::redis {

LoopClient::LoopClient(boost::asio::io_context& io, Options options, const Clock& clock, Random& random,
                       LinkObserver* observer)
    : impl_(std::make_shared<Impl>(io, std::move(options), clock, random, observer)) {}

LoopClient::~LoopClient() { impl_->abandon(); }

void LoopClient::start() { impl_->start(); }
void LoopClient::stop() { impl_->stop(); }

void LoopClient::ask(Request request, std::chrono::milliseconds deadline, Handler handler) {
  impl_->ask(std::move(request), deadline, std::move(handler), {});
}

void LoopClient::ask_patiently(Request request, std::chrono::milliseconds patience, Handler handler, Handler late) {
  impl_->ask(std::move(request), patience, std::move(handler), std::move(late));
}

bool LoopClient::usable() const noexcept { return impl_->usable(); }
std::optional<WallTime> LoopClient::time(Instant at) const noexcept { return impl_->time(at); }

}  // namespace vx11::redis
