#include "server/redis_side.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <utility>

#include "server/loop_unit.h"
#include "server/redis_options.h"
#include "token/hex.h"

namespace vx11::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds resume_ends{75};

[[nodiscard]] std::string random_hex(Random& random) {
  std::array<std::byte, 8> bytes{};
  random.fill(bytes);
  return hex_text(bytes);
}

}  // namespace

RedisSide::RedisSide(const config::Settings& settings, std::string instance_id, const Clock& clock, Random& random,
                     const observe::Log& log, store::SharedStore& store)
    : settings_(settings),
      instance_id_(std::move(instance_id)),
      boot_(random_hex(random)),
      topology_(redis_topology(settings)),
      seeds_(seed_addresses(settings)),
      master_name_(master_name(settings)),
      clock_(clock),
      random_(random),
      keys_(settings.redis_prefix),
      roster_(settings.max_ttl.count()),
      links_(clock, log, store, topology_),
      store_(store),
      last_mode_(store.modes.mode()) {}

RedisSide::~RedisSide() = default;

store::StoreConnections RedisSide::add_clients(boost::asio::io_context& io) {
  const std::size_t index = clients_.size();
  const std::string name = "loop" + std::to_string(index);
  changed_.emplace_back();
  loops_.push_back(&io);
  const auto connect = [&](const std::string& as, RedisLinks::Purpose purpose) {
    redis::LinkObserver* observer = links_.add(as, purpose, [this, index](bool) {
      link_changed(index == 0);
      if (changed_[index]) changed_[index]();
    });
    return redis::make_loop_client(io, redis_options(settings_, instance_id_, as), clock_, random_, observer);
  };
  clients_.push_back(connect(name, RedisLinks::Purpose::commands));
  if (settings_.redis_wait == 0) return {clients_.back().get(), nullptr};
  confirming_.push_back(connect(name + "-wait", RedisLinks::Purpose::confirming));
  return {clients_.back().get(), confirming_.back().get()};
}

void RedisSide::attach(api::Shared& shared, LoopUnit& first) {
  shared_ = &shared;
  first_ = &first;
  links_.count_in(shared.metrics);
  redis::Options options = redis_options(settings_, instance_id_, "feed");
  options.drop_on_timeout = true;
  if (options.topology == redis::Topology::cluster) options.slot = options.clock_slot;  // the feed's
  redis::LinkObserver* observer = links_.add("feed", RedisLinks::Purpose::feed, [this](bool up) {
    if (!follower_) return;
    up ? follower_->connected() : follower_->disconnected();
  });
  survey_ = std::make_unique<RedisSurvey>(first.loop().io(), *clients_.front(),
                                          redis_options(settings_, instance_id_, "sentinels"), clock_, random_);
  links_.when_failed_over([this] { first_->loop().post([this] { first_->feed().failed_over(); }); });
  links_.when_replaced([this] {
    first_->loop().post([this] {
      if (follower_) follower_->read_again();
    });
  });
  links_.when_moved([this] { look_for_master(); });
  feed_client_ = redis::make_loop_client(first.loop().io(), std::move(options), clock_, random_, observer);
  feed::Follower::Options following;
  following.instance_id = instance_id_;
  feed::Listener& listener = *this;
  follower_ = std::make_unique<feed::Follower>(*feed_client_, clock_, random_, keys_, listener, following);
  registry_ = std::make_unique<feed::Registry>(*clients_.front(), clock_, keys_, roster_, [this] { return record(); });
}

void RedisSide::start() {
  for (const auto& client : clients_) client->start();
  for (const auto& client : confirming_) client->start();
  feed_client_->start();
}

bool RedisSide::has_met_redis() const {
  return links_.first_attempts_over() && (!links_.state().up || (follower_->following() && registry_->has_tried()));
}

void RedisSide::tick() {
  follower_->tick();
  if (std::exchange(last_mode_, store_.modes.mode()) != store_.modes.mode()) registry_->hurry();
  registry_->tick();
  tell_of_id();
  const Instant now = clock_.now();
  if (const auto time = clients_.front()->time(now)) {
    shared_->clock_ahead.store(std::chrono::duration_cast<std::chrono::microseconds>(*time - clock_.wall()));
  }
  serving_.store(clients_.front()->usable(), std::memory_order_relaxed);
  survey_->tick();
}

void RedisSide::tell_of_id() {
  const bool taken = registry_->id_taken();
  if (std::exchange(id_was_taken_, taken) == taken) return;
  if (taken) {
    shared_->log.write(observe::Level::error, "instance_id_taken",
                       "another process runs with this instance's id; give each its own by --instance-id");
  } else {
    shared_->log.write(observe::Level::info, "instance_id_free", "no other process runs with this instance's id now");
  }
}

void RedisSide::link_changed(bool health_is_old) {
  if (first_ == nullptr) return;
  first_->loop().post([this, health_is_old] {
    if (health_is_old) survey_->hurry();
    first_->feed().redis_changed();
    registry_->hurry();  // at once: the others find this instance from now on
    registry_->tick();
  });
}

/// One connection found it: the others needn't wait until they notice.
void RedisSide::look_for_master() {
  const auto tell = [](boost::asio::io_context& io, redis::LoopClient& client) {
    boost::asio::post(io, [&client] { client.look_again(); });
  };
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    tell(*loops_[i], *clients_[i]);
    if (i < confirming_.size()) tell(*loops_[i], *confirming_[i]);
  }
  tell(*loops_.front(), *feed_client_);
}

void RedisSide::leave() { registry_->leave(); }

seconds RedisSide::longest_life() const { return std::max(settings_.max_ttl, seconds(roster_.longest_ttl_sec())); }

feed::InstanceRecord RedisSide::record() const {
  feed::InstanceRecord mine;
  mine.id = instance_id_;
  mine.boot = boot_;
  mine.url = settings_.advertise_url;
  mine.mode = store::to_string(store_.modes.mode());
  mine.version = shared_->version;
  mine.started_at = std::chrono::duration<double>(shared_->started_at.time_since_epoch()).count();
  mine.max_ttl_sec = settings_.max_ttl.count();
  mine.redis_db = settings_.redis_db;
  return mine;
}

api::RedisStatus RedisSide::status() {
  const Instant now = clock_.now();
  RedisLinks::State links = links_.state();
  api::RedisStatus status;
  status.topology = topology_;
  // Sentinels name the master, and only then it is known; a cluster is where its nodes are.
  status.address = topology_ == redis::Topology::sentinel ? links.address : seeds_;
  status.master_name = master_name_;
  status.tls = settings_.redis_url.starts_with("rediss");
  status.database = settings_.redis_db;
  status.prefix = settings_.redis_prefix;
  status.up = links.up;
  status.partly = topology_ == redis::Topology::cluster && !links.up && serving_.load(std::memory_order_relaxed);
  status.breaker = links.breaker;
  status.since = links.since;
  status.last_error = std::move(links.last_error);
  status.last_error_at = links.last_error_at;
  status.refused = std::move(links.refused);
  status.unavailable = std::move(links.unavailable);
  status.reconnects = links.reconnects;
  status.failovers = links.failovers;
  status.last_failover_at = links.last_failover_at;
  status.last_failover = std::move(links.last_failover);
  status.wait = settings_.redis_wait;
  status.wait_shortfalls = store_.wait_shortfalls.load(std::memory_order_relaxed);
  status.clock_ahead = links.clock_ahead;
  if (survey_) show_survey(status);
  if (follower_) {
    status.following = follower_->following();
    status.feed_age = std::chrono::floor<milliseconds>(now - std::max(follower_->last_heard(), shared_->started));
  }
  status.id_taken = registry_ && registry_->id_taken();
  status.denied = store_.denylist.size();
  status.unwritten = store_.table.unwritten();
  status.untold = store_.untold.size();
  return status;
}

void RedisSide::show_survey(api::RedisStatus& status) const {
  RedisSurvey::Found found = survey_->look();
  status.health = std::move(found.servers.health);
  status.health_age = found.age.value_or(milliseconds(0));
  status.nodes = std::move(found.servers.nodes);
  status.cluster = std::move(found.servers.cluster);
  status.topology_age = found.age;
  status.fewest_replicas = found.servers.fewest_replicas;
  status.sentinels = std::move(found.sentinels);
  if (status.refused.empty()) status.refused = std::move(found.refusals.refused);
  if (status.unavailable.empty()) status.unavailable = std::move(found.refusals.unavailable);
  if (status.up || topology_ == redis::Topology::cluster) return;
  // Who was the master when it last answered; the sentinels may know better by now.
  for (redis::DataNode& node : status.nodes) {
    if (node.role == "master") node.state = "down";
  }
}

void RedisSide::append(redis::Request& request, std::span<const Revocation> revocations, WallTime now) const {
  // At least as long as a stream can be resumed.
  feed::add_revocations(request, keys_, revocations, now - std::max<seconds>(longest_life(), resume_ends));
}

void RedisSide::on_joined(std::string_view epoch, std::string_view base_entry, const Secret& resume_key) {
  shared_->resume.share(resume_key);
  shared_->events.joined(epoch, base_entry, feed_client_->time(clock_.now()));
}

void RedisSide::on_revocations(std::span<const Revocation> revocations, bool first_reading) {
  if (!first_reading) {
    if (const auto time = clients_.front()->time(clock_.now())) {
      for (const Revocation& one : revocations) shared_->metrics.revocation_propagation.observe(*time - one.at);
    }
  }
  first_->store().hear(revocations);
}

void RedisSide::on_events(std::span<const feed::PublishedEvent> events) {
  for (const feed::PublishedEvent& event : events) shared_->events.follow(event.entry, event.name, event.data);
}

std::vector<Revocation> RedisSide::held_revocations() { return store_.denylist.held(); }

}  // namespace vx11::server
