// Internal calls about the instance itself: its id, its neighbours, its Redis, and its end.
#include <chrono>
#include <optional>
#include <utility>

#include "api/guard.h"
#include "api/json_answer.h"
#include "api/redis_json.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

void instance_id(const Shared& shared, http::Responder& responder) {
  std::string body = "{";
  append_member(body, "instance_id", shared.instance_id, true);
  body += '}';
  send_json(responder, 200, body);
}

/// Of one that was never seen alive there is only the id.
void append_record(std::string& out, const feed::ListedInstance& instance, bool is_this) {
  const feed::InstanceRecord& record = instance.record;
  out += '{';
  append_member(out, "id", record.id, true);
  if (instance.silent > std::chrono::milliseconds(0)) append_member(out, "silent_ms", instance.silent.count());
  if (is_this || !record.url.empty()) {
    append_member(out, "url", record.url);
    append_member(out, "mode", record.mode);
    append_member(out, "version", record.version);
    append_member(out, "started_at", record.started_at);
    append_member(out, "max_ttl_sec", record.max_ttl_sec);
    append_member(out, "redis_db", record.redis_db);
  }
  if (is_this) append_flag(out, "this", true);
  out += '}';
}

/// Of itself an instance knows better than the registry, which may lag behind by seconds.
[[nodiscard]] feed::InstanceRecord own_record(const Shared& shared) {
  feed::InstanceRecord mine;
  mine.id = shared.instance_id;
  mine.url = shared.settings.advertise_url;
  mine.mode = store::to_string(shared.modes.mode());
  mine.version = shared.version;
  mine.started_at = unix_seconds(shared.started_at);
  mine.max_ttl_sec = shared.settings.max_ttl.count();
  mine.redis_db = shared.settings.redis_db;
  return mine;
}

/// "source": Redis itself, asked for this answer; "memory" where it doesn't answer: what it said "age_ms" ago; "self".
void send_instances(const Shared& shared, const std::optional<feed::Listing>& listing, http::Responder& responder) {
  const feed::InstanceRecord mine = own_record(shared);
  std::string body = R"({"instances":[)";
  append_record(body, {mine, {}}, true);
  if (listing) {
    for (feed::ListedInstance instance : listing->instances) {
      const bool silent = instance.silent > std::chrono::milliseconds(0);
      if (instance.record.id == mine.id && (silent || instance.record.url == mine.url)) continue;
      if (silent) instance.silent += listing->age;
      body += ',';
      append_record(body, instance, false);
    }
  }
  body += ']';
  append_member(body, "source", !listing ? "self" : listing->fresh ? "redis" : "memory");
  if (listing) append_member(body, "age_ms", listing->age.count());
  body += '}';
  send_json(responder, 200, body);
}

void instances(LoopContext& context, http::Responder responder) {
  if (context.roster == nullptr) return send_instances(context.shared, std::nullopt, responder);
  context.roster->ask([&shared = context.shared,
                       responder = std::move(responder)](const std::optional<feed::Listing>& listing) mutable {
    send_instances(shared, listing, responder);
  });
}

void redis(const Shared& shared, http::Responder& responder) {
  if (shared.redis == nullptr) return send_json(responder, 200, R"({"configured":false})");
  const RedisStatus status = shared.redis->status();
  std::string body = "{";
  append_redis_summary(body, status);
  append_redis_details(body, status, shared.metrics);
  body += '}';
  send_json(responder, 200, body);
}

void drain(LoopContext& context, const http::Request& request, const Principal& principal,
           http::Responder& responder) {
  Shared& shared = context.shared;
  shared.audit.record(audit_entry(observe::AuditAction::drain, request, &principal));
  send_json(responder, 202, R"({"draining":true})");
  shared.loops.begin_drain(request.correlation_id);
}

}  // namespace

void install_instance(http::Router& router, LoopContext& context) {
  router.get("/operator/internal/instance-id", [&context](const http::Request& request, http::Responder responder) {
    if (authenticate(context, request, responder) != nullptr) instance_id(context.shared, responder);
  });
  router.get("/operator/internal/instances", [&context](const http::Request& request, http::Responder responder) {
    if (authenticate(context, request, responder) != nullptr) instances(context, std::move(responder));
  });
  router.get("/operator/internal/redis", [&context](const http::Request& request, http::Responder responder) {
    if (authenticate(context, request, responder) != nullptr) redis(context.shared, responder);
  });
  router.post("/operator/internal/drain", [&context](const http::Request& request, http::Responder responder) {
    const Principal* principal = authenticate(context, request, responder);
    if (principal != nullptr) drain(context, request, *principal, responder);
  });
}

}  // namespace vx11::api
