#include "redis/node_client.h"

#include "redis/node_client_impl.h"

namespace vx11::redis {

NodeClient::NodeClient(boost::asio::io_context& io, Options options, const Clock& clock, Random& random,
                       LinkObserver* observer)
    : impl_(std::make_shared<Impl>(io, std::move(options), clock, random, observer)) {}

NodeClient::~NodeClient() { impl_->abandon(); }

void NodeClient::start() { impl_->start(); }
void NodeClient::stop() { impl_->stop(); }
void NodeClient::look_again() { impl_->look_again(); }

void NodeClient::ask(Request request, std::chrono::milliseconds deadline, Handler handler) {
  impl_->ask(std::move(request), deadline, std::move(handler), {});
}

void NodeClient::ask_patiently(Request request, std::chrono::milliseconds patience, Handler handler, Handler late) {
  impl_->ask(std::move(request), patience, std::move(handler), std::move(late));
}

void NodeClient::confirm_absence(std::chrono::milliseconds deadline, Callback<void(bool)> handler) {
  impl_->confirm_absence(deadline, std::move(handler));
}

void NodeClient::ask_each(Request request, std::chrono::milliseconds deadline, EachHandler handler) {
  ask(std::move(request), deadline,
      [address = impl_->address(), handler = std::move(handler)](const Answer& answer) mutable {
        const NodeAnswer mine{address, answer};
        handler(std::span(&mine, 1));
      });
}

bool NodeClient::usable() const noexcept { return impl_->usable(); }
std::optional<WallTime> NodeClient::time(Instant at) const noexcept { return impl_->time(at); }

}  // namespace vx11::redis
