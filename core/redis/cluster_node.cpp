#include "redis/cluster_node.h"

#include <utility>

namespace vx11::redis {

namespace {

Options options_for(Options how, const Address& address) {
  how.topology = Topology::single;
  how.host = address.host;
  how.port = address.port;
  how.slot.reset();
  return how;
}

}  // namespace

ClusterNode::ClusterNode(asio::io_context& io, const Options& how, Address address, const Clock& clock, Random& random,
                         Listener& listener)
    : last_used(clock.now()),
      address_(std::move(address)),
      name_(address_.to_text()),
      listener_(listener),
      client_(io, options_for(how, address_), clock, random, this) {}

void ClusterNode::on_up(const ServerFacts& facts) {
  const auto self = shared_from_this();
  facts_ = facts;
  facts_.address = name_;
  up_ = tried_ = true;
  listener_.on_node_up(*this);
}

void ClusterNode::on_down(Fault fault, std::string_view why) {
  const auto self = shared_from_this();
  up_ = false;
  tried_ = true;
  listener_.on_node_down(*this, fault, why);
}

void ClusterNode::on_breaker(BreakerState state) {
  const auto self = shared_from_this();
  breaker_ = state;
  tried_ = tried_ || state == BreakerState::closed;  // which is told before on_up
  listener_.on_node_breaker(*this);
}

}  // namespace vx11::redis
