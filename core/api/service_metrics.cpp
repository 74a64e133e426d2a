#include "api/service_metrics.h"

#include <cstdint>
#include <string>
#include <utility>

namespace vx11::api {

namespace {

using Type = observe::Registry::Type;

// Around the objectives: issue 50 ms, local check 1 ms, Redis check 10 ms, stream 500 ms.
const std::vector<double> fast_bounds{0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001,
                                      0.0025,  0.005,    0.01,    0.025,  0.05,    0.1,    0.25};
const std::vector<double> slow_bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};

}  // namespace

void LatencyWindow::rotate() {
  const std::lock_guard lock(mutex_);
  quantiles_.rotate();
}

observe::RecentQuantiles::Values LatencyWindow::values() const {
  const std::lock_guard lock(mutex_);
  return quantiles_.values();
}

ServiceMetrics::ServiceMetrics(observe::Registry& registry, MetricSources sources)
    : registry_(registry),
      redis_registry_(sources.redis != nullptr ? registry_ : unshown_),
      local_hits(registry_.counter("vx11_ephemeral_token_cache_local_hits_total",
                                   "Live tokens answered without asking Redis.")),
      local_misses(registry_.counter("vx11_ephemeral_token_cache_local_misses_total",
                                     "Checks sent to Redis, or in memory mode of unknown tokens.")),
      tokens_invalid(registry_.counter("vx11_operator_ephemeral_tokens_invalid_total",
                                       "Tokens that were finally refused, for whatever reason.")),
      checks_accepted(
          registry_.counter("vx11_operator_token_checks_total", "Token checks by verdict.", {{"verdict", "accepted"}})),
      checks_refused(
          registry_.counter("vx11_operator_token_checks_total", "Token checks by verdict.", {{"verdict", "refused"}})),
      checks_cannot_tell(registry_.counter("vx11_operator_token_checks_total", "Token checks by verdict.",
                                           {{"verdict", "cannot_tell"}})),
      streams_ephemeral(registry_.counter("vx11_operator_sse_connections_ephemeral_total",
                                          "Streams opened with an ephemeral token.")),
      streams_principal(
          registry_.counter("vx11_operator_sse_connections_principal_total", "Streams opened with a principal.")),
      streams_resumed(registry_.counter("vx11_operator_sse_resumed_total",
                                        "Streams opened again by the credential in the id of their last event.")),
      principals_in_query(registry_.counter("vx11_operator_principals_in_query_total",
                                            "Streams opened with a principal in the URL (--allow-principal-query).")),
      failed_principals(
          registry_.counter("vx11_operator_failed_principals_total", "Requests with a missing or wrong principal.")),
      rate_limited(registry_.counter("vx11_operator_rate_limited_total", "Requests refused by a rate limit.")),
      published(registry_.counter("vx11_operator_events_published_total", "Events published through this instance.")),
      issue(registry_.histogram("vx11_operator_token_issue_duration_seconds", "Time to issue a token.", fast_bounds)),
      check_local(registry_.histogram("vx11_operator_token_check_local_duration_seconds",
                                      "Time to check a token without asking Redis.", fast_bounds)),
      check_redis(registry_.histogram("vx11_operator_token_check_redis_duration_seconds",
                                      "Time to check a token by asking Redis.", fast_bounds)),
      stream_open(registry_.histogram("vx11_operator_stream_open_duration_seconds",
                                      "Time from a stream request to its first byte.", slow_bounds)),
      redis_round_trip(redis_registry_.histogram("vx11_operator_redis_round_trip_duration_seconds",
                                                 "Time from sending a command to its answer.", fast_bounds)),
      revocation_propagation(redis_registry_.histogram("vx11_operator_revocation_propagation_seconds",
                                                       "Time from a revocation anywhere to its arrival here.",
                                                       slow_bounds)),
      issue_window(issue),
      check_local_window(check_local),
      check_redis_window(check_redis),
      stream_open_window(stream_open),
      redis_window(redis_round_trip),
      sources_(std::move(sources)) {
  register_store();
  register_instance();
  register_redis();
  observe::register_process_metrics(registry_);
}

void ServiceMetrics::register_store() {
  const auto add = [this](Type type, const char* name, const char* help, std::uint64_t store::StoreStats::*member) {
    registry_.sampled(type, name, help, [this, member] { return static_cast<double>(sample_.store.*member); });
  };
  // Existing dashboards read these two without _total; promtool accepts a counter only with it, hence "untyped".
  registry_.sampled(Type::untyped, "vx11_ephemeral_token_cache_local_hits",
                    "The same as vx11_ephemeral_token_cache_local_hits_total, under its old name.",
                    [this] { return static_cast<double>(local_hits.value()); });
  registry_.sampled(Type::untyped, "vx11_ephemeral_token_cache_local_misses",
                    "The same as vx11_ephemeral_token_cache_local_misses_total, under its old name.",
                    [this] { return static_cast<double>(local_misses.value()); });
  add(Type::gauge, "vx11_ephemeral_token_cache_size_entries", "Tokens held by this instance.",
      &store::StoreStats::cache_entries);
  add(Type::gauge, "vx11_ephemeral_token_cache_size_bytes", "Memory of the tokens held by this instance.",
      &store::StoreStats::cache_bytes);
  add(Type::counter, "vx11_operator_ephemeral_tokens_issued_total", "Tokens issued by this instance.",
      &store::StoreStats::issued);
  add(Type::gauge, "vx11_operator_ephemeral_tokens_active", "Live tokens issued by this instance.",
      &store::StoreStats::active);
  add(Type::counter, "vx11_operator_ephemeral_tokens_expired_total", "Tokens of this instance that expired.",
      &store::StoreStats::expired);
  add(Type::counter, "vx11_operator_ephemeral_tokens_revoked_total", "Tokens of this instance that were revoked.",
      &store::StoreStats::revoked);
  add(Type::counter, "vx11_operator_ephemeral_tokens_used_total", "Single-use tokens accepted.",
      &store::StoreStats::used);
}

void ServiceMetrics::register_instance() {
  registry_.sampled(Type::gauge, "vx11_operator_sse_streams", "Streams open now.", sources_.streams_open);
  registry_.sampled(Type::counter, "vx11_operator_sse_slow_readers_total", "Streams cut because they didn't read.",
                    sources_.slow_readers_cut);
  registry_.sampled(Type::counter, "vx11_operator_http_requests_total", "HTTP requests answered.", sources_.requests);
  using store::Mode;
  for (const Mode mode : {Mode::memory, Mode::redis, Mode::hybrid, Mode::signed_tokens}) {
    registry_.sampled(Type::gauge, "vx11_operator_mode", "1 for the mode in which tokens are issued, 0 for the others.",
                      [this, mode] { return sample_.mode.mode == mode ? 1.0 : 0.0; },
                      {{"mode", std::string(store::to_string(mode))}});
  }
  registry_.sampled(Type::gauge, "vx11_operator_mode_draining_seconds",
                    "What is left of the time in which tokens of the mode before are still read.", [this] {
                      const auto& draining = sample_.mode.draining;
                      return draining ? std::chrono::duration<double>(draining->remaining).count() : 0.0;
                    });
  registry_.sampled(Type::gauge, "vx11_operator_build_info", "Always 1; the labels tell the build.", [] { return 1.0; },
                    {{"version", std::string(sources_.version)}});
}

void ServiceMetrics::register_redis() {
  const auto add = [this](Type type, const char* name, const char* help, double (*read)(const RedisStatus&)) {
    redis_registry_.sampled(type, name, help, [this, read] { return read(sample_.redis); });
  };
  add(Type::gauge, "vx11_operator_redis_up", "1 while every event loop is connected to Redis.",
      [](const RedisStatus& status) { return status.up ? 1.0 : 0.0; });
  add(Type::counter, "vx11_operator_redis_reconnects_total", "Connections to Redis that were made anew.",
      [](const RedisStatus& status) { return static_cast<double>(status.reconnects); });
  add(Type::counter, "vx11_operator_redis_failovers_total", "Failovers of Redis that this instance has seen.",
      [](const RedisStatus& status) { return static_cast<double>(status.failovers); });
  add(Type::counter, "vx11_operator_redis_wait_shortfalls_total",
      "Writes that fewer replicas had in time than --redis-wait asks for.",
      [](const RedisStatus& status) { return static_cast<double>(status.wait_shortfalls); });
  add(Type::gauge, "vx11_operator_redis_breaker_state", "0 closed, 1 half open, 2 open: Redis isn't asked.",
      [](const RedisStatus& status) { return static_cast<double>(status.breaker); });
  add(Type::gauge, "vx11_operator_feed_age_seconds", "Time since the feed of revocations was last heard.",
      [](const RedisStatus& status) { return std::chrono::duration<double>(status.feed_age).count(); });
  add(Type::gauge, "vx11_operator_denied_entries", "Revocations that are remembered.",
      [](const RedisStatus& status) { return static_cast<double>(status.denied); });
  add(Type::gauge, "vx11_operator_unwritten_tokens", "Tokens issued while Redis failed that it hasn't got yet.",
      [](const RedisStatus& status) { return static_cast<double>(status.unwritten); });
  add(Type::gauge, "vx11_operator_untold_revocations", "Revocations that the other instances don't know yet.",
      [](const RedisStatus& status) { return static_cast<double>(status.untold); });
  for (std::size_t i = 1; i < redis::fault_count; ++i) {
    redis_errors_[i] =
        &redis_registry_.counter("vx11_operator_redis_errors_total", "Commands that failed, by kind.",
                                 {{"kind", std::string(redis::to_string(static_cast<redis::Fault>(i)))}});
  }
}

std::string ServiceMetrics::render() const {
  const std::lock_guard lock(rendering_);
  sample_.store = sources_.store();
  sample_.mode = sources_.modes.view();
  if (sources_.redis != nullptr) sample_.redis = sources_.redis->status();
  return registry_.render();
}

void ServiceMetrics::count_redis_error(redis::Fault fault) noexcept {
  if (fault != redis::Fault::none) redis_errors_[static_cast<std::size_t>(fault)]->add();
}

std::uint64_t ServiceMetrics::redis_errors(redis::Fault fault) const noexcept {
  return fault == redis::Fault::none ? 0 : redis_errors_[static_cast<std::size_t>(fault)]->value();
}

void ServiceMetrics::rotate_windows() {
  for (LatencyWindow* window :
       {&issue_window, &check_local_window, &check_redis_window, &stream_open_window, &redis_window}) {
    window->rotate();
  }
}

}  // namespace vx11::api
