#include "server/instance.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "api/shared.h"
#include "http/listener.h"
#include "observe/audit.h"
#include "server/drain.h"
#include "server/fleet.h"
#include "server/occurrence.h"
#include "server/port_file.h"
#include "server/redis_options.h"
#include "server/redis_side.h"
#include "server/reload.h"
#include "server/setup.h"
#include "store/shared_store.h"

namespace vx11::server {

namespace {

/// What the first attempt at Redis may take of the start.
constexpr std::chrono::milliseconds first_attempt{1000};
constexpr int ticks_per_flush = 2;  // watchers hear five times a second
constexpr int ticks_per_second = 10;
constexpr int ticks_per_rotation = 50;  // latency windows: 12 steps of 5 s

}  // namespace

struct Instance::Impl {
  Impl(config::Settings given, Surroundings surroundings, std::string instance_id, Secret made_principal,
       std::string listen_url)
      : settings(std::move(given)),
        principal(std::move(made_principal)),
        url(std::move(listen_url)),
        clock(surroundings.clock),
        log(surroundings.clock, instance_id, std::move(surroundings.log)),
        table(surroundings.clock, surroundings.random, store::TokenTable::Options{settings.max_tokens, instance_id}),
        denylist(surroundings.clock),
        modes(surroundings.clock, store::parse_mode(settings.mode).value_or(store::Mode::memory),
              {.redis = !settings.redis_url.empty()}, settings.max_ttl),
        stores(surroundings.clock, surroundings.random, table, denylist, modes),
        fleet([this](std::string_view) { static_cast<void>(begin_drain()); }),
        options(server_options(settings, instance_id, log, surroundings.random)) {
    stores.instance_id = instance_id;
    stores.prefix = settings.redis_prefix;
    stores.ttl = settings.ttl;
    stores.max_ttl = settings.max_ttl;
    stores.local_fresh = settings.local_fresh;
    stores.redis_wait = settings.redis_wait;
    stores.sharded = !settings.redis_url.empty() && redis_topology(settings) == redis::Topology::cluster;
    stores.longest_life = [this] { return redis ? redis->longest_life() : settings.max_ttl; };
    if (settings.redis_url.empty()) return;
    redis = std::make_unique<RedisSide>(settings, instance_id, surroundings.clock, surroundings.random, log, stores);
    stores.log = redis.get();
  }

  void build(std::unique_ptr<observe::Audit> opened_audit, Random& random, const std::string& instance_id,
             unsigned threads);
  void meet_redis();
  void run();
  void loop_ended();
  /// False: it has begun before.
  bool begin_drain();
  void on_first_loops_tick();
  void stop_loops();

  config::Settings settings;
  Secret principal;
  std::string url;
  std::uint16_t port = 0;
  const Clock& clock;
  observe::Log log;
  std::unique_ptr<observe::Audit> audit;
  store::TokenTable table;
  store::Denylist denylist;
  store::ModeSwitch modes;
  store::SharedStore stores;
  std::unique_ptr<RedisSide> redis;  // null: none is configured
  Fleet fleet;
  Drain drain{fleet, settings.stop_timeout};
  http::ServerOptions options;
  std::unique_ptr<api::Shared> shared;
  std::mutex reloading;
  std::unique_ptr<Reload> reload;
  std::vector<std::jthread> threads;
  std::atomic<unsigned> running{0};
  int ticks = 0;  // of the first loop
  Occurrence draining, ended;
};

void Instance::Impl::build(std::unique_ptr<observe::Audit> opened_audit, Random& random, const std::string& instance_id,
                           unsigned count) {
  audit = std::move(opened_audit);
  shared = std::make_unique<api::Shared>(
      api::Shared::Parts{settings, clock, random, log, *audit, fleet, modes, denylist, redis.get(),
                         [this] { return table.stats(); }, [this] { return table.last_expiry(store::Home::here); }},
      instance_id);
  for (unsigned i = 0; i < count; ++i) {
    auto unit = std::make_unique<LoopUnit>(options, *shared, stores, redis.get());
    if (i == 0) {
      unit->loop().on_tick([this] { on_first_loops_tick(); });
    } else {
      unit->loop().on_tick([own = unit.get(), n = 0]() mutable {
        own->store().tick();
        if (++n % ticks_per_flush == 0) own->feed().flush();
      });
    }
    fleet.add(std::move(unit));
  }
  if (!redis) return;
  LoopUnit& first = *fleet.units().front();
  redis->attach(*shared, first);
  first.store().keep_redis_up_to_date();
}

/// The connections make their first attempt, and the feed is read, while nobody is served yet: from the first request
/// on all is known that the others have told. A Redis that is down holds the start up for a second at the most.
void Instance::Impl::meet_redis() {
  if (!redis) return;
  redis->start();
  const auto begun = std::chrono::steady_clock::now();
  while (!redis->has_met_redis() && std::chrono::steady_clock::now() - begun < first_attempt) {
    for (const auto& unit : fleet.units()) unit->loop().io().run_for(std::chrono::milliseconds(1));
  }
}

/// The first loop keeps house for all: expiry, latency windows, audit.
void Instance::Impl::on_first_loops_tick() {
  LoopUnit& first = *fleet.units().front();
  ++ticks;
  table.tick(&first);
  denylist.tick();
  first.store().tick();
  if (redis) redis->tick();
  drain.step();
  if (ticks % ticks_per_flush == 0) first.feed().flush();
  if (ticks % ticks_per_second == 0) {
    audit->flush();
    if (shared->watched.load() && fleet.watchers() == 0) {
      shared->watched.store(false);
      shared->watch_pauses.fetch_add(1);
      // One that opened between the two lines above has set it already, in vain.
      if (fleet.watchers() > 0) shared->watched.store(true);
    }
  }
  if (ticks % ticks_per_rotation == 0) {
    shared->metrics.rotate_windows();
  }
}

void Instance::Impl::run() {
  running.store(static_cast<unsigned>(fleet.units().size()));
  for (const auto& unit : fleet.units()) {
    threads.emplace_back([this, &loop = unit->loop()] {
      loop.run();
      loop_ended();
    });
  }
}

void Instance::Impl::loop_ended() {
  if (running.fetch_sub(1) != 1) return;
  log.write(observe::Level::info, "stopped", "the service has stopped");
  ended.happen();
}

bool Instance::Impl::begin_drain() {
  if (!drain.begin()) return false;
  shared->phase.store(api::Phase::draining);
  log.write(observe::Level::info, "drain_begun", "a graceful stop has begun",
            {{"streams", static_cast<std::int64_t>(fleet.streams())}});
  if (redis) fleet.units().front()->loop().post([this] { redis->leave(); });
  fleet.units().front()->loop().post([feed = &fleet.units().front()->feed()] {
    feed->mode_changed();
    feed->flush();  // at once: watchers have the grace to hear of it
  });
  draining.happen();
  return true;
}

void Instance::Impl::stop_loops() {
  for (const auto& unit : fleet.units()) unit->loop().stop();
}

Instance::Instance(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

boost::system::result<std::unique_ptr<Instance>, std::string> Instance::start(config::Settings settings,
                                                                              Surroundings surroundings) {
  const Instant begun = surroundings.clock.now();
  if (const auto reason = unsupported(settings)) return *reason;
  const config::Settings as_read = settings;
  Secret made;
  if (settings.principals.empty()) {
    made = make_principal(surroundings.random);
    settings.principals.push_back(made);
  }
  const unsigned threads = settings.threads > 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
  static_cast<void>(http::raise_descriptor_limit());
  auto bound = http::bind_port(settings.listen.host, settings.listen.port, threads);
  if (!bound) return bound.error();
  OwnedDescriptors sockets(std::move(bound->descriptors));
  settings.listen.port = bound->port;
  OwnedDescriptors metrics_sockets({});
  if (settings.metrics_listen) {
    auto metrics_bound = http::bind_port(settings.metrics_listen->host, settings.metrics_listen->port, 1);
    if (!metrics_bound) return metrics_bound.error();
    metrics_sockets = OwnedDescriptors(std::move(metrics_bound->descriptors));
    settings.metrics_listen->port = metrics_bound->port;
  }
  if (settings.instance_id.empty()) settings.instance_id = default_instance_id(bound->port);
  const std::string instance_id = settings.instance_id;
  const std::string url = url_of(settings.listen);
  if (settings.advertise_url.empty()) settings.advertise_url = advertised_url(settings.listen);

  auto impl = std::make_unique<Impl>(std::move(settings), surroundings, instance_id, std::move(made), url);
  auto audit = observe::Audit::open({impl->settings.audit_log}, surroundings.clock, instance_id, impl->log);
  if (!audit) return audit.error();
  impl->port = bound->port;
  impl->build(std::move(*audit), surroundings.random, instance_id, threads);
  impl->reload = std::make_unique<Reload>(as_read, impl->principal, *impl->shared, impl->fleet);
  for (const auto& unit : impl->fleet.units()) unit->loop().listen(sockets.release_next(), unit->public_routes());
  if (impl->settings.metrics_listen) {
    LoopUnit& first = *impl->fleet.units().front();
    first.loop().listen(metrics_sockets.release_next(), first.metrics_routes());
  }
  impl->meet_redis();
  if (const auto fault = write_port_file(impl->settings.port_file, impl->port)) return *fault;
  impl->shared->startup_ms.store(std::chrono::duration<double, std::milli>(surroundings.clock.now() - begun).count());
  impl->shared->phase.store(api::Phase::ready);
  for (const std::string& warning : impl->settings.warnings) {
    impl->log.write(observe::Level::warning, "configuration", warning);
  }
  impl->log.write(observe::Level::info, "listening", "the service answers at " + url,
                  {{"url", std::string_view(url)},
                   {"mode", std::string_view(impl->settings.mode)},
                   {"threads", static_cast<std::int64_t>(threads)}});
  impl->run();
  return std::unique_ptr<Instance>(new Instance(std::move(impl)));
}

Instance::~Instance() {
  if (!impl_) return;
  impl_->stop_loops();
  impl_->threads.clear();  // joins
  impl_->redis.reset();    // its sockets belong to the loops
  impl_->fleet.clear();    // streams and connections go before what their handlers refer to
}

std::uint16_t Instance::port() const noexcept { return impl_->port; }

std::string Instance::url() const { return impl_->url; }

const std::string& Instance::id() const noexcept { return impl_->settings.instance_id; }

const Secret& Instance::one_run_principal() const noexcept { return impl_->principal; }

void Instance::drain(std::string_view why) {
  if (!impl_->begin_drain()) return;
  observe::AuditEntry entry;
  entry.action = observe::AuditAction::drain;
  entry.detail = why;
  impl_->audit->record(entry);
}

bool Instance::reload(const boost::system::result<config::Settings, std::string>& read) {
  const std::lock_guard lock(impl_->reloading);
  return impl_->reload->take(read);
}

bool Instance::alive() const { return impl_->fleet.alive(); }

void Instance::stop_now() { impl_->stop_loops(); }

void Instance::on_stopped(std::function<void()> handler) { impl_->ended.listen(std::move(handler)); }

void Instance::on_draining(std::function<void()> handler) { impl_->draining.listen(std::move(handler)); }

void Instance::wait() { impl_->ended.wait(); }

}  // namespace vx11::server
