// The inside of a ClusterClient: the nodes and the map of their slots, and the requests that go to them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "redis/backoff.h"
#include "redis/cluster_client.h"
#include "redis/cluster_node.h"
#include "redis/cluster_operation.h"
#include "redis/inquiry.h"
#include "redis/slot_map.h"
#include "redis/slot_search.h"
#include "redis/socket.h"
#include "redis/takeovers.h"

namespace vx11::redis {

/// A handler or an observer may do anything with the client, its destruction included: after every call out, whoever
/// called looks whether it was abandoned or stopped.
struct ClusterClient::Impl final : ClusterNode::Listener, std::enable_shared_from_this<ClusterClient::Impl> {
  Impl(asio::io_context& io, Options options, const Clock& clock, Random& random, LinkObserver* observer);

  void start();
  void stop();
  /// Nobody is called from now on.
  void abandon() noexcept;

  void ask(Request request, std::chrono::milliseconds deadline, Handler handler, Handler late);
  void ask_each(Request request, std::chrono::milliseconds deadline, EachHandler handler);
  [[nodiscard]] bool usable() const noexcept;
  [[nodiscard]] std::optional<WallTime> time(Instant at) const noexcept;

 private:
  using Node = std::shared_ptr<ClusterNode>;
  using Numbers = ClusterOperation::Numbers;
  /// What waits for its answer, however many nodes it went to; counts as long as it lives.
  struct Pending;
  using Operation = std::shared_ptr<Pending>;
  struct Again {
    Operation operation;
    Numbers numbers;
    Fault fault = Fault::none;  ///< why, where no server said anything
    std::string why = {};
    Node to = {};  ///< to this one, whatever the map says
    bool asking = false;
  };

  // Nodes
  void on_node_up(ClusterNode& node) override;
  void on_node_down(ClusterNode& node, Fault fault, std::string_view why) override;
  void on_node_breaker(ClusterNode& node) override;
  void on_node_clock(ClusterNode& node, std::chrono::microseconds ahead) override;
  void on_node_refused(ClusterNode& node, Fault fault, std::string_view why) override;
  [[nodiscard]] Node node_at(const Address& address);
  [[nodiscard]] ClusterNode* owner_of(Slot slot) const noexcept;
  [[nodiscard]] bool serves(const ClusterNode& node) const noexcept;
  [[nodiscard]] bool is_up(const Address& address) const;
  void drop_idle_nodes();

  // The map
  void refresh_soon();
  void refresh();
  void ask_seeds();
  void take_map(SlotMap map);
  void no_map(const Trouble& trouble);
  void move(Slot slot, const Address& to);
  void serve_by_map();
  void follow_clock();
  void tell_state();
  void tell_takeovers();
  void tell_breaker();

  // Requests
  void send_all(const Operation& operation, const Numbers& numbers);
  void send(const Operation& operation, ClusterNode& node, Numbers numbers, bool asking);
  void take(const Operation& operation, ClusterNode& node, const Numbers& numbers, bool asking, const Answer& answer);
  void take_replies(const Operation& operation, ClusterNode& node, const Numbers& numbers, bool asking,
                    std::span<const Reply> replies);
  void again(Again waiting);
  void send_again(Again waiting);
  void fail(const Operation& operation, const Numbers& numbers, Fault fault, std::string_view why);
  void finish(const Operation& operation);
  void told(const Pending& operation, Fault fault);
  [[nodiscard]] bool may_follow(const Redirection& said) const;
  [[nodiscard]] ClusterNode* place(ClusterOperation::Command& command);

  // Time
  void arm();
  void on_timer();

  asio::io_context& io_;
  const Options options_;
  const Clock& clock_;
  Random& random_;
  LinkObserver* observer_;

  SlotMap map_;                                           // with what MOVED said since
  SlotMap read_;                                          // as a node said it last: who answered before
  Instant read_at_;                                       // when it was asked for that
  std::unordered_map<std::string, Node> nodes_;           // by address
  std::vector<Node> serving_;                             // one each of map_.owners()
  Node clock_node_;                                       // whose clock is everybody's; perhaps gone
  std::unordered_map<std::string, std::string> run_ids_;  // by address, as last seen
  std::vector<Takeover> untold_;                          // until the new master is connected
  std::shared_ptr<const std::string> trouble_;            // why there is no map
  bool told_up_ = false;
  BreakerState told_breaker_ = BreakerState::open;

  std::optional<SlotSearch> search_;
  std::optional<Inquiry> inquiry_;
  Backoff backoff_;
  bool running_ = false, abandoned_ = false;
  bool refreshing_ = false;
  std::uint64_t refresh_number_ = 0;  // an answer to an older question doesn't count
  Instant refreshed_at_, refresh_due_, drop_due_;

  std::multimap<Instant, Again> again_;
  std::shared_ptr<std::size_t> pending_ = std::make_shared<std::size_t>(0);
  Timer timer_;
  std::optional<Instant> armed_for_;
};

struct ClusterClient::Impl::Pending final : ClusterOperation {
  Pending(std::shared_ptr<std::size_t> its_count, Instant when, Request request, Instant deadline,
          Instant last_deadline, Handler handler, Handler late)
      : ClusterOperation(std::move(request), deadline, last_deadline, std::move(handler), std::move(late)),
        count(std::move(its_count)),
        asked(when) {
    ++*count;
  }
  ~Pending() { --*count; }

  const std::shared_ptr<std::size_t> count;
  const Instant asked;
};

}  // namespace vx11::redis
