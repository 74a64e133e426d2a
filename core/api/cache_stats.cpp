// GET /operator/internal/cache-stats: what a console shows of an instance, in one answer and without token values.
#include "api/guard.h"
#include "api/json_answer.h"
#include "api/redis_json.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

void append_identity(std::string& out, const Shared& shared) {
  append_member(out, "instance_id", shared.instance_id, true);
  append_member(out, "version", shared.version);
  const store::ModeSwitch::View modes = shared.modes.view();
  append_member(out, "mode", store::to_string(modes.mode));
  append_member(out, "configured_mode", store::to_string(modes.configured));
  append_draining(out, modes.draining);
  const Phase phase = shared.phase.load();
  append_member(out, "state", to_string(phase));
  append_member(out, "started_at", unix_seconds(shared.started_at));
  append_member(out, "uptime_sec", std::chrono::duration<double>(shared.clock.now() - shared.started).count());
  append_member(out, "startup_ms", shared.startup_ms.load());
  append_member(out, "server_time", unix_seconds(shared.clock.wall()));
  append_member(out, "ttl_sec", std::int64_t{shared.settings.ttl.count()});
  append_member(out, "max_ttl_sec", std::int64_t{shared.settings.max_ttl.count()});
}

void append_counts(std::string& out, const Shared& shared) {
  const store::StoreStats stats = shared.stats();
  const ServiceMetrics& metrics = shared.metrics;
  out += R"(,"tokens":{)";
  append_member(out, "issued", stats.issued, true);
  append_member(out, "active", stats.active);
  append_member(out, "expired", stats.expired);
  append_member(out, "revoked", stats.revoked);
  append_member(out, "used", stats.used);
  append_member(out, "invalid", metrics.tokens_invalid.value());
  append_member(out, "max", shared.settings.max_tokens);
  out += R"(},"cache":{)";
  append_member(out, "entries", stats.cache_entries, true);
  append_member(out, "bytes", stats.cache_bytes);
  append_member(out, "local_hits", metrics.local_hits.value());
  append_member(out, "local_misses", metrics.local_misses.value());
  out += R"(},"checks":{)";
  append_member(out, "accepted", metrics.checks_accepted.value(), true);
  append_member(out, "refused", metrics.checks_refused.value());
  append_member(out, "cannot_tell", metrics.checks_cannot_tell.value());
  out += R"(},"streams":{)";
  append_member(out, "open", std::uint64_t{shared.loops.streams()}, true);
  append_member(out, "ephemeral_total", metrics.streams_ephemeral.value());
  append_member(out, "principal_total", metrics.streams_principal.value());
  append_member(out, "slow_readers_total", shared.loops.slow_readers_cut());
  out += '}';
  append_member(out, "requests_total", shared.loops.requests());
  append_member(out, "published_total", metrics.published.value());
  append_member(out, "rate_limited_total", metrics.rate_limited.value());
  append_member(out, "failed_principals_total", metrics.failed_principals.value());
}

void cache_stats(LoopContext& context, const http::Request& request, http::Responder responder) {
  if (authenticate(context, request, responder) == nullptr) return;
  const Shared& shared = context.shared;
  std::string body = "{";
  append_identity(body, shared);
  append_counts(body, shared);
  body += R"(,"latency_ms":{)";
  append_latency(body, "issue", shared.metrics.issue_window, true);
  append_latency(body, "check_local", shared.metrics.check_local_window);
  append_latency(body, "check_redis", shared.metrics.check_redis_window);
  append_latency(body, "stream_open", shared.metrics.stream_open_window);
  append_latency(body, "redis", shared.metrics.redis_window);
  body += R"(},"redis":{)";
  if (shared.redis != nullptr) {
    append_redis_summary(body, shared.redis->status());
  } else {
    append_flag(body, "configured", false, true);
  }
  body += "}}";
  send_json(responder, 200, body);
}

}  // namespace

void install_cache_stats(http::Router& router, LoopContext& context) {
  router.get("/operator/internal/cache-stats", [&context](const http::Request& request, http::Responder responder) {
    cache_stats(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
