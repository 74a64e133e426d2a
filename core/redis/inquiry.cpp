#include "redis/inquiry.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vx11::redis {

Inquiry::Inquiry(asio::io_context& io, Options how, Search& search, const Clock& clock, Random& random)
    : io_(io), how_(std::move(how)), search_(search), clock_(clock), random_(random) {}

Inquiry::~Inquiry() = default;

void Inquiry::start(Handler done) {
  done_ = std::move(done);
  search_.begin();
  ask_next();
}

void Inquiry::cancel() noexcept {
  client_.reset();
  done_ = {};
}

void Inquiry::ask_next() {
  client_.reset();
  const auto server = search_.next();
  if (!server) return std::exchange(done_, {})();
  Options options = how_;
  options.host = server->host;
  options.port = server->port;
  options.connect_timeout = how_.seed_timeout;
  asked_at_ = clock_.now();
  LinkObserver& self = *this;
  client_ = std::make_unique<NodeClient>(io_, std::move(options), clock_, random_, &self);
  client_->start();
}

void Inquiry::on_up(const ServerFacts&) {
  using std::chrono::milliseconds;
  const auto left = how_.seed_timeout - std::chrono::floor<milliseconds>(clock_.now() - asked_at_);
  client_->ask(search_.question(), std::max(milliseconds(1), left), [this](const Answer& answer) { take(answer); });
}

void Inquiry::on_down(Fault fault, std::string_view why) { take({fault, why, {}}); }

void Inquiry::take(const Answer& answer) {
  if (!search_.take(answer)) return ask_next();
  client_.reset();
  std::exchange(done_, {})();
}

}  // namespace vx11::redis
