// Internal calls about the instance itself: its id, its neighbours, its Redis, and its end.
#include "api/guard.h"
#include "api/json_answer.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

void instance_id(const Shared& shared, http::Responder& responder) {
  std::string body = "{";
  append_member(body, "instance_id", shared.instance_id, true);
  body += '}';
  send_json(responder, 200, body);
}

/// Without Redis an instance knows of itself only.
void instances(const Shared& shared, http::Responder& responder) {
  std::string body = R"({"instances":[{)";
  append_member(body, "id", shared.instance_id, true);
  append_member(body, "url", shared.settings.advertise_url);
  append_member(body, "mode", shared.settings.mode);
  append_member(body, "version", shared.version);
  append_member(body, "started_at", unix_seconds(shared.started_at));
  append_member(body, "max_ttl_sec", std::int64_t{shared.settings.max_ttl.count()});
  body += "}]}";
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
    if (authenticate(context, request, responder) != nullptr) instances(context.shared, responder);
  });
  router.get("/operator/internal/redis", [&context](const http::Request& request, http::Responder responder) {
    if (authenticate(context, request, responder) != nullptr) send_json(responder, 200, R"({"configured":false})");
  });
  router.post("/operator/internal/drain", [&context](const http::Request& request, http::Responder responder) {
    const Principal* principal = authenticate(context, request, responder);
    if (principal != nullptr) drain(context, request, *principal, responder);
  });
}

}  // namespace vx11::api
