// The map of a ClusterClient's slots: asked for, followed, and told of.
#include <algorithm>
#include <utility>

#include "redis/cluster_client_impl.h"
#include "redis/locator.h"

namespace vx11::redis {

namespace {

using namespace std::chrono_literals;

constexpr auto usual_refresh = 10s;
constexpr auto refresh_gap = 200ms;  // five times a second at most

/// From nothing to `most`.
std::chrono::nanoseconds jitter(Random& random, std::chrono::nanoseconds most) {
  std::uint32_t value = 0;
  random.fill(std::as_writable_bytes(std::span(&value, 1)));
  return std::chrono::nanoseconds(most.count() / 1000 * (value % 1000));
}

}  // namespace

/// At once, if it wasn't asked a moment ago.
void ClusterClient::Impl::refresh_soon() {
  if (!running_) return;
  const Instant soonest = refreshed_at_ + refresh_gap + jitter(random_, 100ms);
  refresh_due_ = std::min(refresh_due_, std::max(soonest, clock_.now()));
  arm();
}

/// By a node that we are connected to, whichever chance wants; else by all there are in turn.
void ClusterClient::Impl::refresh() {
  if (refreshing_ || !running_) return;
  refreshing_ = true;
  refreshed_at_ = clock_.now();
  refresh_due_ = refreshed_at_ + usual_refresh - 2s + jitter(random_, 4s);
  std::vector<Node> alive;
  for (const Node& node : serving_) {
    if (node->client().usable()) alive.push_back(node);
  }
  if (alive.empty()) return ask_seeds();
  const auto chance = static_cast<std::size_t>(jitter(random_, 1s).count()) / 1'000'000;
  const Node& node = alive[chance % alive.size()];
  Request question;
  question.add(SlotMap::question());
  node->client().ask(std::move(question), options_.seed_timeout,
                     [this, number = ++refresh_number_, asked = node->address()](const Answer& answer) {
                       if (number != refresh_number_ || !running_) return;
                       const auto self = shared_from_this();
                       auto map = answer.replies.empty() ? SlotMap::Read(std::string(answer.error))
                                                         : SlotMap::read(answer.replies[0], asked);
                       map ? take_map(std::move(*map)) : ask_seeds();
                     });
}

void ClusterClient::Impl::ask_seeds() {
  std::vector<Address> whom = map_.nodes();
  whom.insert(whom.end(), options_.seeds.begin(), options_.seeds.end());
  inquiry_.reset();
  search_.emplace(std::move(whom));
  inquiry_.emplace(io_, options_for_seeds(options_), *search_, clock_, random_);
  inquiry_->start([this] {
    const auto self = shared_from_this();
    if (search_->map()) {
      SlotMap map = *search_->map();
      take_map(std::move(map));
    } else {
      no_map(search_->trouble());
    }
  });
}

void ClusterClient::Impl::no_map(const Trouble& trouble) {
  refreshing_ = false;
  const Instant now = clock_.now();
  refresh_due_ = std::max(now, refreshed_at_ + std::max<std::chrono::nanoseconds>(backoff_.next(), 20ms));
  arm();
  if (!map_.empty()) return;
  const auto why = trouble_ = std::make_shared<const std::string>(trouble.why);
  if (observer_ != nullptr) observer_->on_down(trouble.fault, *why);
}

void ClusterClient::Impl::take_map(SlotMap map) {
  refreshing_ = false;
  backoff_.reset();
  const bool was_whole = read_.assigned() == slot_count;
  for (Takeover& one : takeovers(read_, map, [this](const Address& address) { return is_up(address); })) {
    untold_.push_back(std::move(one));
  }
  std::erase_if(untold_, [&map](const Takeover& one) {  // a node that was late to hear of it had said otherwise
    return std::none_of(map.owners().begin(), map.owners().end(), [&one](const SlotOwner& owner) {
      return owner.master.address == one.to.address && (owner.slots & one.slots).any();
    });
  });
  read_ = map;
  read_at_ = refreshed_at_;
  map_ = std::move(map);
  serve_by_map();
  if (abandoned_ || !running_) return;
  const std::size_t missing = slot_count - map_.assigned();
  if (missing > 0) {
    if ((was_whole || told_up_) && observer_ != nullptr) {
      told_up_ = false;
      observer_->on_down(Fault::cluster_down, "no node of the cluster serves " + std::to_string(missing) + " slots");
    }
  }
  if (abandoned_ || !running_) return;
  const auto answers = [](const Node& node) { return node->client().usable(); };
  if (!std::all_of(serving_.begin(), serving_.end(), answers) || missing > 0) refresh_soon();
  arm();
}

/// By what MOVED said. Who owns the other slots, the next map will tell.
void ClusterClient::Impl::move(Slot slot, const Address& to) {
  const SlotOwner* const known = map_.owner_of(slot);
  if (!running_ || (known != nullptr && known->master.address == to)) return;
  if (const auto one = takeover_of(read_, slot, to)) {  // before anybody takes what it lacks for deleted
    for (std::size_t each = one->slots._Find_first(); each < slot_count; each = one->slots._Find_next(each)) {
      map_.move(static_cast<Slot>(each), to);
      read_.move(static_cast<Slot>(each), to);
    }
    untold_.push_back(*one);
  }
  map_.move(slot, to);
  refresh_soon();
  serve_by_map();
}

/// One connection to each owner there is now.
void ClusterClient::Impl::serve_by_map() {
  const Instant now = clock_.now();
  std::vector<Node> before = std::exchange(serving_, {});
  for (const Node& node : before) node->last_used = now;
  std::vector<Address> masters;
  for (const SlotOwner& owner : map_.owners()) masters.push_back(owner.master.address);
  for (const Address& master : masters) {
    serving_.push_back(node_at(master));
    if (!running_) return serving_.clear();  // whoever heard of a failure at once
  }
  follow_clock();
  tell_takeovers();
  if (!abandoned_) tell_state();
  if (!abandoned_) tell_breaker();
}

/// Another master's clock counts once it is known.
void ClusterClient::Impl::follow_clock() {
  ClusterNode* const owner = owner_of(options_.clock_slot);
  if (owner != nullptr && owner->client().time(clock_.now())) clock_node_ = owner->shared_from_this();
}

void ClusterClient::Impl::tell_state() {
  if (told_up_ || map_.assigned() < slot_count) return;
  if (!std::all_of(serving_.begin(), serving_.end(), [](const Node& node) { return node->is_up(); })) return;
  told_up_ = true;
  ClusterNode* const node = owner_of(options_.clock_slot);
  if (observer_ != nullptr && node != nullptr) observer_->on_up(ServerFacts(node->facts()));
}

/// Those whose new master is connected.
void ClusterClient::Impl::tell_takeovers() {
  for (std::size_t i = 0; i < untold_.size();) {
    const auto node = nodes_.find(untold_[i].to.address.to_text());
    if (node == nodes_.end() || !node->second->is_up()) {
      ++i;
      continue;
    }
    const Takeover one = std::move(untold_[i]);
    untold_.erase(untold_.begin() + static_cast<std::ptrdiff_t>(i));
    if (observer_ == nullptr) continue;
    observer_->on_replaced(
        {one.slots, one.from.address.to_text(), one.to.address.to_text(), node->second->facts().run_id});
    if (abandoned_) return;
  }
}

/// The worst there is.
void ClusterClient::Impl::tell_breaker() {
  BreakerState worst = serving_.empty() ? BreakerState::open : BreakerState::closed;
  for (std::size_t i = 0; i < serving_.size(); ++i) {
    if (map_.owners().size() <= i || map_.owners()[i].slots.none()) continue;
    // A master that is new here is no sign of silence while its first connection is on its way.
    worst = std::max(worst, serving_[i]->is_new() ? told_breaker_ : serving_[i]->breaker());
  }
  if (std::exchange(told_breaker_, worst) != worst && observer_ != nullptr) observer_->on_breaker(worst);
}

}  // namespace vx11::redis
