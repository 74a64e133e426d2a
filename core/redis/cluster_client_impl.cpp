#include "redis/cluster_client_impl.h"

#include <algorithm>
#include <utility>

namespace vx11::redis {

namespace {

using namespace std::chrono_literals;

constexpr auto idle_node_life = 15s;  // of one that serves no slots, but is being asked
constexpr auto seed_backoff_base = 20ms;

std::shared_ptr<const std::string> words(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

std::string first_seed(const Options& options) {
  return options.seeds.empty() ? std::string("nobody") : options.seeds.front().to_text();
}

}  // namespace

ClusterClient::Impl::Impl(asio::io_context& io, Options options, const Clock& clock, Random& random,
                          LinkObserver* observer)
    : io_(io),
      options_(std::move(options)),
      clock_(clock),
      random_(random),
      observer_(observer),
      trouble_(words("not connected to the cluster of " + first_seed(options_))),
      backoff_(seed_backoff_base, options_.backoff_cap, random),
      timer_(io) {}

// ---- Life

void ClusterClient::Impl::start() {
  if (std::exchange(running_, true)) return;
  backoff_.reset();
  drop_due_ = clock_.now() + idle_node_life;
  refresh();
  if (running_) arm();
}

void ClusterClient::Impl::stop() {
  const auto self = shared_from_this();
  if (!std::exchange(running_, false)) return;
  inquiry_.reset();
  search_.reset();
  timer_.cancel();
  armed_for_.reset();
  refreshing_ = false;
  ++refresh_number_;
  trouble_ = words("the connections to the cluster of " + first_seed(options_) + " were ended");
  std::vector<Node> all;
  for (const auto& [name, node] : nodes_) all.push_back(node);
  for (const Node& node : all) {
    node->client().stop();
    if (abandoned_) return;
  }
  nodes_.clear();
  serving_.clear();
  map_ = {};
  tell_breaker();
  auto waiting = std::exchange(again_, {});
  for (auto& [due, one] : waiting) {
    if (abandoned_) return;
    send_again(std::move(one));
  }
}

void ClusterClient::Impl::abandon() noexcept {
  abandoned_ = true;
  running_ = false;
  inquiry_.reset();
  timer_.cancel();
  again_.clear();
  serving_.clear();
  nodes_.clear();
  clock_node_.reset();
}

bool ClusterClient::Impl::usable() const noexcept {
  for (std::size_t i = 0; i < serving_.size(); ++i) {
    if (serving_[i]->client().usable() && map_.owners()[i].slots.any()) return true;
  }
  return false;
}

std::optional<WallTime> ClusterClient::Impl::time(Instant at) const noexcept {
  return clock_node_ ? clock_node_->client().time(at) : std::nullopt;
}

// ---- Nodes

void ClusterClient::Impl::on_node_up(ClusterNode& node) {
  const auto self = shared_from_this();
  const std::string now = node.facts().run_id;
  const std::string before = std::exchange(run_ids_[node.name()], now);
  if (!serves(node)) return;
  refresh_soon();  // whoever comes back may have lost its slots in the meantime
  follow_clock();
  const bool is_master = node.facts().role.empty() || node.facts().role == "master";
  if (is_master && !before.empty() && !now.empty() && before != now) {
    Replacement again{{}, node.name(), node.name(), now};
    for (std::size_t i = 0; i < serving_.size(); ++i) {
      if (serving_[i].get() == &node) again.slots = map_.owners()[i].slots;
    }
    if (observer_ != nullptr) observer_->on_replaced(again);
  }
  if (!abandoned_) tell_takeovers();
  if (!abandoned_) tell_state();
}

void ClusterClient::Impl::on_node_down(ClusterNode& node, Fault fault, std::string_view why) {
  const auto self = shared_from_this();
  if (!serves(node)) return;
  std::size_t slots = 0;
  for (std::size_t i = 0; i < serving_.size(); ++i) {
    if (serving_[i].get() == &node) slots = map_.owners()[i].slots.count();
  }
  if (slots == 0) return;
  told_up_ = false;
  if (running_) refresh_soon();
  if (observer_ == nullptr) return;
  observer_->on_down(fault, std::string(why) + "; it serves " + std::to_string(slots) + " of the cluster's slots");
}

void ClusterClient::Impl::on_node_breaker(ClusterNode& node) {
  const auto self = shared_from_this();
  if (node.breaker() != BreakerState::closed && serves(node)) refresh_soon();
  tell_breaker();
}

void ClusterClient::Impl::on_node_clock(ClusterNode& node, std::chrono::microseconds ahead) {
  const auto self = shared_from_this();
  follow_clock();
  if (clock_node_.get() == &node && observer_ != nullptr) observer_->on_clock(ahead);
}

void ClusterClient::Impl::on_node_refused(ClusterNode&, Fault fault, std::string_view why) {
  const auto self = shared_from_this();
  const bool is_redirection =
      fault == Fault::moved || fault == Fault::ask || fault == Fault::try_again || fault == Fault::cluster_down;
  if (is_redirection || observer_ == nullptr) return;  // followed, or told when it comes to nothing
  observer_->on_refused(fault, why);
}

ClusterClient::Impl::Node ClusterClient::Impl::node_at(const Address& address) {
  const std::string name = address.to_text();
  if (const auto known = nodes_.find(name); known != nodes_.end()) return known->second;
  const auto node = std::make_shared<ClusterNode>(io_, options_, address, clock_, random_, *this);
  nodes_.emplace(name, node);
  node->client().start();
  return node;
}

ClusterNode* ClusterClient::Impl::owner_of(Slot slot) const noexcept {
  const auto index = map_.index_of(slot);
  return index && *index < serving_.size() ? serving_[*index].get() : nullptr;
}

bool ClusterClient::Impl::serves(const ClusterNode& node) const noexcept {
  return std::any_of(serving_.begin(), serving_.end(), [&node](const Node& one) { return one.get() == &node; });
}

bool ClusterClient::Impl::is_up(const Address& address) const {
  const auto known = nodes_.find(address.to_text());
  return known != nodes_.end() && known->second->is_up() && known->second->client().usable();
}

void ClusterClient::Impl::drop_idle_nodes() {
  const Instant now = clock_.now();
  if (now < drop_due_) return;
  drop_due_ = now + idle_node_life;
  std::vector<Node> idle;
  for (const auto& [name, node] : nodes_) {
    if (!serves(*node) && now - node->last_used >= idle_node_life) idle.push_back(node);
  }
  for (const Node& node : idle) {
    nodes_.erase(node->name());
    node->client().stop();
    if (abandoned_ || !running_) return;
  }
}

// ---- Time

void ClusterClient::Impl::arm() {
  if (!running_) return;
  Instant first = std::min(refreshing_ ? drop_due_ : refresh_due_, drop_due_);
  if (!again_.empty()) first = std::min(first, again_.begin()->first);
  if (armed_for_ && *armed_for_ <= first) return;
  armed_for_ = first;
  timer_.expires_after(std::max(std::chrono::nanoseconds(0), first - clock_.now()));
  timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
    if (!error && self->running_) self->on_timer();
  });
}

void ClusterClient::Impl::on_timer() {
  armed_for_.reset();
  const Instant now = clock_.now();
  std::vector<Again> due;
  for (auto first = again_.begin(); first != again_.end() && first->first <= now; first = again_.erase(first)) {
    due.push_back(std::move(first->second));
  }
  for (Again& one : due) {
    if (abandoned_) return;
    send_again(std::move(one));
  }
  if (now >= refresh_due_) refresh();
  if (running_) drop_idle_nodes();
  arm();
}

}  // namespace vx11::redis
