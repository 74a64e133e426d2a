#include "server/loop_unit.h"

#include "api/stream_frames.h"

namespace vx11::server {

namespace {

constexpr std::chrono::seconds watcher_heartbeat{5};

[[nodiscard]] http::EventHub::Options stream_options(api::Shared& shared) {
  http::EventHub::Options options;
  options.heartbeat = shared.settings.heartbeat;
  options.heartbeat_event = [&shared] { return api::heartbeat_event(shared); };
  options.max_age = shared.settings.stream_max_age.value_or(std::chrono::seconds(0));
  options.max_age_notice.before = api::later_frame(shared);
  options.before_first = shared.events.before_first();
  options.kept_events = shared.events.limits().events;
  options.kept_bytes = shared.events.limits().bytes;
  options.mark = [&shared](const http::StreamTag& tag) {
    const auto origin = api::StreamOrigin::of(tag);
    if (!origin) return std::string();
    const bool common = shared.modes.mode() != store::Mode::memory;
    return '.' + shared.resume.make(*origin, shared.common_time(), common);
  };
  return options;
}

[[nodiscard]] http::EventHub::Options watcher_options(api::Shared& shared) {
  http::EventHub::Options options;
  options.heartbeat = watcher_heartbeat;
  options.heartbeat_event = [&shared] { return api::heartbeat_event(shared); };
  return options;
}

}  // namespace

LoopUnit::LoopUnit(const http::ServerOptions& options, api::Shared& shared, store::SharedStore& shared_store,
                   RedisSide* redis)
    : shared_(shared),
      loop_(options),
      streams_(loop_, stream_options(shared)),
      watchers_(loop_, watcher_options(shared)),
      redis_(redis == nullptr ? store::StoreConnections() : redis->add_clients(loop_.io())),
      store_(shared_store, redis_, this),
      feed_(shared),
      context_{shared, store_, streams_, watchers_, feed_} {
  if (redis_.commands != nullptr) {
    writer_.emplace(*redis_.commands, shared.random, redis->keys(), shared.instance_id);
    context_.events = &*writer_;
    roster_.emplace(*redis_.commands, shared.clock, redis->keys(), redis->roster());
    context_.roster = &*roster_;
    redis->when_changed([this] { store_.tick(); });  // what waits for Redis needn't wait for the clock
  }
  api::install_issue(routes_, context_);
  api::install_validate(routes_, context_);
  api::install_stream(routes_, context_);
  api::install_publish(routes_, context_);
  api::install_health(routes_, context_);
  api::install_cache_stats(routes_, context_);
  api::install_tokens(routes_, context_);
  api::install_watch(routes_, context_);
  api::install_mode(routes_, context_);
  api::install_instance(routes_, context_);
  api::install_cross_origin(routes_, context_);
  api::install_metrics(shared.settings.metrics_listen ? metrics_routes_ : routes_, context_);
}

void LoopUnit::take_events() {
  if (taking_events_.exchange(true)) return;
  loop_.post([this] {
    taking_events_.store(false);
    shared_.events.bring_up_to_date(streams_);
  });
}

void LoopUnit::drain_streams(std::chrono::milliseconds time) {
  const auto notice = [this](http::DrainPace::Wait wait) { return api::drain_notice(shared_, wait); };
  streams_.drain(time, notice);
  watchers_.drain(time, notice);
}

void LoopUnit::on_expired(std::span<const PublicId> ids) { feed_.expired(ids); }

void LoopUnit::on_revoked(std::span<const PublicId> ids) {
  feed_.revoked(ids);
  shared_.loops.close_streams(ids);
}

void LoopUnit::on_all_revoked(WallTime at) {
  feed_.revoked_all();
  shared_.loops.close_all_token_streams(at);
}

}  // namespace vx11::server
