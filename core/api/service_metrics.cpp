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

ServiceMetrics::ServiceMetrics(observe::Registry& registry, const MetricSources& sources)
    : registry_(registry),
      local_hits(registry_.counter("vx11_ephemeral_token_cache_local_hits_total",
                                   "Live tokens answered without asking Redis.")),
      local_misses(registry_.counter("vx11_ephemeral_token_cache_local_misses_total",
                                     "Checks sent to Redis, or in memory mode of unknown tokens.")),
      tokens_invalid(registry_.counter("vx11_operator_ephemeral_tokens_invalid_total",
                                       "Tokens that were finally refused, for whatever reason.")),
      checks_accepted(registry_.counter("vx11_operator_token_checks_total", "Token checks by verdict.",
                                        {{"verdict", "accepted"}})),
      checks_refused(registry_.counter("vx11_operator_token_checks_total", "Token checks by verdict.",
                                       {{"verdict", "refused"}})),
      checks_cannot_tell(registry_.counter("vx11_operator_token_checks_total", "Token checks by verdict.",
                                           {{"verdict", "cannot_tell"}})),
      streams_ephemeral(registry_.counter("vx11_operator_sse_connections_ephemeral_total",
                                          "Streams opened with an ephemeral token.")),
      streams_principal(registry_.counter("vx11_operator_sse_connections_principal_total",
                                          "Streams opened with a principal.")),
      principals_in_query(registry_.counter("vx11_operator_principals_in_query_total",
                                            "Streams opened with a principal in the URL (--allow-principal-query).")),
      failed_principals(registry_.counter("vx11_operator_failed_principals_total",
                                          "Requests with a missing or wrong principal.")),
      rate_limited(registry_.counter("vx11_operator_rate_limited_total", "Requests refused by a rate limit.")),
      published(registry_.counter("vx11_operator_events_published_total", "Events published through this instance.")),
      issue(registry_.histogram("vx11_operator_token_issue_duration_seconds", "Time to issue a token.", fast_bounds)),
      check_local(registry_.histogram("vx11_operator_token_check_local_duration_seconds",
                                      "Time to check a token without asking Redis.", fast_bounds)),
      check_redis(registry_.histogram("vx11_operator_token_check_redis_duration_seconds",
                                      "Time to check a token by asking Redis.", fast_bounds)),
      stream_open(registry_.histogram("vx11_operator_stream_open_duration_seconds",
                                      "Time from a stream request to its first byte.", slow_bounds)),
      issue_window(issue),
      check_local_window(check_local),
      check_redis_window(check_redis),
      stream_open_window(stream_open) {
  const auto of_store = [this, &sources](Type type, const char* name, const char* help,
                                         std::uint64_t store::StoreStats::*member) {
    registry_.sampled(type, name, help,
                      [read = sources.store, member] { return static_cast<double>(read().*member); });
  };
  // Existing dashboards read these two without _total; promtool accepts a counter only with it, hence "untyped".
  registry_.sampled(Type::untyped, "vx11_ephemeral_token_cache_local_hits",
                    "The same as vx11_ephemeral_token_cache_local_hits_total, under its old name.",
                    [this] { return static_cast<double>(local_hits.value()); });
  registry_.sampled(Type::untyped, "vx11_ephemeral_token_cache_local_misses",
                    "The same as vx11_ephemeral_token_cache_local_misses_total, under its old name.",
                    [this] { return static_cast<double>(local_misses.value()); });
  of_store(Type::gauge, "vx11_ephemeral_token_cache_size_entries", "Tokens held by this instance.",
           &store::StoreStats::cache_entries);
  of_store(Type::gauge, "vx11_ephemeral_token_cache_size_bytes", "Memory of the tokens held by this instance.",
           &store::StoreStats::cache_bytes);
  of_store(Type::counter, "vx11_operator_ephemeral_tokens_issued_total", "Tokens issued by this instance.",
           &store::StoreStats::issued);
  of_store(Type::gauge, "vx11_operator_ephemeral_tokens_active", "Live tokens issued by this instance.",
           &store::StoreStats::active);
  of_store(Type::counter, "vx11_operator_ephemeral_tokens_expired_total", "Tokens of this instance that expired.",
           &store::StoreStats::expired);
  of_store(Type::counter, "vx11_operator_ephemeral_tokens_revoked_total", "Tokens of this instance that were revoked.",
           &store::StoreStats::revoked);
  of_store(Type::counter, "vx11_operator_ephemeral_tokens_used_total", "Single-use tokens accepted.",
           &store::StoreStats::used);
  registry_.sampled(Type::gauge, "vx11_operator_sse_streams", "Streams open now.", sources.streams_open);
  registry_.sampled(Type::counter, "vx11_operator_sse_slow_readers_total", "Streams cut because they didn't read.",
                    sources.slow_readers_cut);
  registry_.sampled(Type::counter, "vx11_operator_http_requests_total", "HTTP requests answered.", sources.requests);
  registry_.sampled(Type::gauge, "vx11_operator_mode", "1 for the mode in which tokens are issued.",
                    [] { return 1.0; }, {{"mode", std::string(sources.mode)}});
  registry_.sampled(Type::gauge, "vx11_operator_build_info", "Always 1; the labels tell the build.",
                    [] { return 1.0; }, {{"version", std::string(sources.version)}});
  observe::register_process_metrics(registry_);
}

}  // namespace vx11::api
