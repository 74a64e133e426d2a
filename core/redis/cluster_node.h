// One server of a cluster as the cluster's client sees it: the connection, and what it told of itself.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "redis/address.h"
#include "redis/link_observer.h"
#include "redis/node_client.h"
#include "redis/socket.h"

namespace vx11::redis {

/// Destroyed within a call to its listener it stays whole until that call is over.
class ClusterNode final : public LinkObserver, public std::enable_shared_from_this<ClusterNode> {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_node_up(ClusterNode& node) = 0;
    virtual void on_node_down(ClusterNode& node, Fault fault, std::string_view why) = 0;
    virtual void on_node_breaker(ClusterNode& node) = 0;
    virtual void on_node_clock(ClusterNode& node, std::chrono::microseconds ahead) = 0;
    virtual void on_node_refused(ClusterNode& node, Fault fault, std::string_view why) = 0;
  };

  /// `how` is the cluster's; of it everything but host and port counts. The listener and the references outlive the
  /// node's client.
  ClusterNode(asio::io_context& io, const Options& how, Address address, const Clock& clock, Random& random,
              Listener& listener);

  [[nodiscard]] NodeClient& client() noexcept { return client_; }
  [[nodiscard]] const Address& address() const noexcept { return address_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// As it said when it was last greeted.
  [[nodiscard]] const ServerFacts& facts() const noexcept { return facts_; }
  [[nodiscard]] bool is_up() const noexcept { return up_; }
  /// Its first connection is on its way yet: a request that comes too early may wait for it.
  [[nodiscard]] bool is_new() const noexcept { return !tried_; }
  [[nodiscard]] BreakerState breaker() const noexcept { return breaker_; }

  Instant last_used;  ///< its owner's

 private:
  void on_up(const ServerFacts& facts) override;
  void on_down(Fault fault, std::string_view why) override;
  void on_breaker(BreakerState state) override;
  void on_request(Fault, std::chrono::nanoseconds) override {}
  void on_clock(std::chrono::microseconds ahead) override { listener_.on_node_clock(*this, ahead); }
  void on_refused(Fault fault, std::string_view why) override { listener_.on_node_refused(*this, fault, why); }

  const Address address_;
  const std::string name_;
  Listener& listener_;
  ServerFacts facts_;
  bool up_ = false, tried_ = false;
  BreakerState breaker_ = BreakerState::open;
  NodeClient client_;
};

}  // namespace vx11::redis
