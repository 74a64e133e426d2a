#include "server/redis_links.h"

#include <algorithm>
#include <utility>

#include "redis/health.h"

namespace vx11::server {

namespace {

/// Between two lines that say why there is no connection, or that the same command is refused.
constexpr std::chrono::seconds quiet_for{5};
/// The same, where only a page lacks something.
constexpr std::chrono::hours quiet_about_pages_for{1};
/// What isn't refused again is allowed by now: everything that matters is tried once a second.
constexpr std::chrono::seconds refusal_shown{3};
constexpr std::size_t most_refusals = 32;

/// Of a server that is on its way, or of one whose place another takes: the connection tells when it is over.
[[nodiscard]] bool passes_by_itself(redis::Fault fault, std::string_view why, redis::Topology topology) noexcept {
  using redis::Fault;
  // A full disk, too few replicas, a replica that the URL names: they stay until somebody sees to it.
  if (why.starts_with("MISCONF") || why.starts_with("NOREPLICAS")) return false;
  if (fault == Fault::read_only && topology == redis::Topology::single) return false;
  return fault == Fault::loading || fault == Fault::read_only || fault == Fault::master_down ||
         fault == Fault::cluster_down || fault == Fault::try_again || fault == Fault::moved || fault == Fault::ask;
}

}  // namespace

class RedisLinks::Link final : public redis::LinkObserver {
 public:
  Link(RedisLinks& all_links, std::string link_name, Purpose of_link, std::function<void(bool)> on_change)
      : all(all_links), name(std::move(link_name)), purpose(of_link), changed(std::move(on_change)) {}

  void on_up(const redis::ServerFacts& facts) override { all.came_up(*this, facts); }
  void on_down(redis::Fault fault, std::string_view why) override { all.went_down(*this, fault, why); }
  void on_breaker(redis::BreakerState state) override { all.turned(*this, state); }
  void on_request(redis::Fault fault, std::chrono::nanoseconds took) override {
    api::ServiceMetrics* metrics = all.metrics_.load(std::memory_order_relaxed);
    if (metrics == nullptr || !counts()) return;
    // It may have been paused, and others may have issued meanwhile.
    if (fault == redis::Fault::timed_out) all.store_.recovery.begin(all.clock_.now());
    if (fault == redis::Fault::none) {
      if (purpose == Purpose::commands) metrics->redis_round_trip.observe(took);
    } else {
      metrics->count_redis_error(fault);
    }
  }
  void on_clock(std::chrono::microseconds ahead) override {
    all.store_.learn_clock(ahead);
    const std::lock_guard lock(all.mutex_);
    all.clock_ahead_ = ahead;
  }
  void on_replaced(const redis::Replacement& replacement) override {
    MasterHistory::News news;
    {
      const std::lock_guard lock(all.mutex_);
      news = all.history_.replaced(replacement);
      all.store_.recovery.rewrite(all.clock_.now(), replacement.slots);
    }
    if (all.replaced_) all.replaced_();
    all.tell(replacement.slots, news, replacement.to);
  }
  void on_refused(redis::Fault fault, std::string_view why) override { all.refused(*this, fault, why); }

  [[nodiscard]] bool counts() const noexcept { return purpose != Purpose::feed; }

  RedisLinks& all;
  const std::string name;
  const Purpose purpose;
  const std::function<void(bool)> changed;
  bool tried = false;
  bool up = false;
  bool was_up = false;
  std::string run_id, replication_id;  // of the server that it was connected to last
  redis::BreakerState breaker = redis::BreakerState::closed;
};

RedisLinks::RedisLinks(const Clock& clock, const observe::Log& log, store::SharedStore& store, redis::Topology topology)
    : clock_(clock), log_(log), store_(store), topology_(topology) {}

RedisLinks::~RedisLinks() = default;

redis::LinkObserver* RedisLinks::add(std::string name, Purpose purpose, std::function<void(bool)> changed) {
  const std::lock_guard lock(mutex_);
  links_.push_back(std::make_unique<Link>(*this, std::move(name), purpose, std::move(changed)));
  return links_.back().get();
}

void RedisLinks::came_up(Link& link, const redis::ServerFacts& facts) {
  MasterHistory::News history;
  bool news = false, replaced = false, moved_away = false;
  {
    const std::lock_guard lock(mutex_);
    link.tried = true;
    link.up = true;
    link.breaker = redis::BreakerState::closed;
    if (link.was_up) ++reconnects_;
    if (link.was_up && link.counts()) store_.recovery.begin(clock_.now());
    if (topology_ != redis::Topology::cluster) history = history_.greeted(facts, link.was_up);
    // The others may have left the old server before this one did, which wrote there until now.
    const bool moved = link.was_up && (link.run_id != facts.run_id || link.replication_id != facts.replication_id);
    link.run_id = facts.run_id;
    link.replication_id = facts.replication_id;
    replaced = history.replaced || (moved && topology_ != redis::Topology::cluster);
    if (replaced) store_.recovery.rewrite(clock_.now(), redis::SlotSet().set());
    moved_away = topology_ == redis::Topology::sentinel && !address_.empty() && address_ != facts.address;
    if (link.counts()) {
      if (address_.empty() && topology_ != redis::Topology::single) store_.recovery.join(clock_.now());
      address_ = facts.address;
    }
    link.was_up = true;
    news = link.counts() && usable() && !since_;
    if (news) {
      since_ = clock_.wall();
      said_.clear();
    }
  }
  if (moved_away && moved_) moved_();
  if (replaced && replaced_) replaced_();
  tell(redis::SlotSet().set(), history, facts.address);
  if (news) {
    log_.write(observe::Level::info, "redis_up", "Redis answers",
               {{"address", std::string_view(facts.address)},
                {"version", std::string_view(facts.version)},
                {"role", std::string_view(facts.role)}});
  }
  link.changed(true);
}

void RedisLinks::went_down(Link& link, redis::Fault fault, std::string_view why) {
  bool news = false;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    // All connections fail alike: one line says it, and another one when the reason has changed.
    news = link.counts() && (why != said_ || link.up) && (link.up || said_.empty() || now - said_at_ >= quiet_for);
    if (news) {
      said_ = why;
      said_at_ = now;
    }
    link.tried = true;
    link.up = false;
    link.breaker = redis::BreakerState::open;
    note_error(why);
    if (link.counts()) since_.reset();
  }
  if (news) {
    log_.write(observe::Level::warning, "redis_down", why,
               {{"connection", std::string_view(link.name)}, {"kind", redis::to_string(fault)}});
  }
  link.changed(false);
}

void RedisLinks::turned(Link& link, redis::BreakerState state) {
  bool news = false;
  bool closed = false;
  bool now_usable = false;
  {
    const std::lock_guard lock(mutex_);
    const bool was_usable = usable();
    closed = link.breaker != redis::BreakerState::closed && state == redis::BreakerState::closed;
    link.breaker = state;
    if (closed && link.counts()) store_.recovery.begin(clock_.now());
    now_usable = usable();
    news = link.counts() && now_usable != was_usable;
    if (news && now_usable) since_ = clock_.wall();
    if (news && !now_usable) {
      since_.reset();
      note_error("Redis doesn't answer in time");
    }
  }
  if (news && now_usable) log_.write(observe::Level::info, "redis_up", "Redis answers again");
  if (news && !now_usable) {
    log_.write(observe::Level::warning, "redis_silent", "Redis doesn't answer in time",
               {{"connection", std::string_view(link.name)}});
  }
  if (news || closed) link.changed(link.up);
}

void RedisLinks::tell(const redis::SlotSet& slots, const MasterHistory::News& news, std::string_view address) {
  if (news.failover.empty()) {
    if (!news.replaced) return;
    return log_.write(observe::Level::warning, "redis_replaced",
                      "another Redis process answers than before, and may have lost data; what is known here is "
                      "written back",
                      {{"address", address}});
  }
  {
    const std::lock_guard lock(mutex_);
    ++failovers_;
    last_failover_ = news.failover;
    last_failover_at_ = clock_.wall();
  }
  log_.write(observe::Level::warning, "redis_failover", "Redis failed over from " + news.failover,
             {{"address", address}, {"slots", static_cast<std::int64_t>(slots.count())}});
  if (failed_over_) failed_over_();
}

void RedisLinks::refused(const Link& link, redis::Fault fault, std::string_view why) {
  const bool harmless = redis::refuses_what_is_shown(why);
  bool news = false;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    if (harmless) {
      unavailable_ = {std::string(why), now};
    } else if (!passes_by_itself(fault, why, topology_)) {
      refused_ = {std::string(why), now};
    }
    if (usable() && !harmless) note_error(why);  // else what ended the connection says more
    if (refusals_said_.size() > most_refusals) refusals_said_.clear();
    const auto [said, is_first] = refusals_said_.try_emplace(std::string(why), now);
    news = is_first || now - said->second >= (harmless ? std::chrono::seconds(quiet_about_pages_for) : quiet_for);
    if (news) said->second = now;
  }
  if (!news) return;
  log_.write(harmless ? observe::Level::info : observe::Level::warning, "redis_refused", why,
             {{"connection", std::string_view(link.name)}, {"kind", redis::to_string(fault)}});
}

void RedisLinks::note_error(std::string_view why) {
  last_error_ = why;
  last_error_at_ = clock_.wall();
}

bool RedisLinks::usable() const {
  return std::all_of(links_.begin(), links_.end(), [](const auto& link) {
    return !link->counts() || (link->up && link->breaker == redis::BreakerState::closed);
  });
}

RedisLinks::State RedisLinks::state() const {
  const std::lock_guard lock(mutex_);
  State state;
  state.up = usable();
  state.breaker = redis::BreakerState::closed;
  for (const auto& link : links_) {
    if (link->counts()) state.breaker = std::max(state.breaker, link->up ? link->breaker : redis::BreakerState::open);
  }
  state.since = since_;
  state.last_error = last_error_;
  state.last_error_at = last_error_at_;
  const Instant now = clock_.now();
  if (now - refused_.at < refusal_shown) state.refused = refused_.words;
  if (now - unavailable_.at < refusal_shown) state.unavailable = unavailable_.words;
  state.reconnects = reconnects_;
  state.address = address_;
  state.failovers = failovers_;
  state.last_failover_at = last_failover_at_;
  state.last_failover = last_failover_;
  state.clock_ahead = clock_ahead_;
  return state;
}

bool RedisLinks::first_attempts_over() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(links_.begin(), links_.end(), [](const auto& link) { return !link->counts() || link->tried; });
}

}  // namespace vx11::server
