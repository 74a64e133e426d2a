// /health and its old names, /livez, /readyz: open to anyone.
#include "api/json_answer.h"
#include "api/loop_context.h"
#include "api/token_json.h"
#include "observe/json_text.h"

namespace vx11::api {

namespace {

void health(const Shared& shared, http::Responder responder) {
  std::string body = R"({"status":"ok","service":"vx11-operator")";
  append_member(body, "version", shared.version);
  append_member(body, "timestamp", observe::rfc3339(shared.clock.wall()));
  append_member(body, "instance_id", shared.instance_id);
  append_member(body, "mode", shared.settings.mode);
  append_member(body, "ephemeral_token_cache_size", shared.stats().cache_entries);
  body += '}';
  send_json(responder, 200, body);
}

void live(const Shared& shared, http::Responder responder) {
  const bool alive = shared.loops.alive();
  send_json(responder, alive ? 200 : 503, alive ? R"({"status":"ok"})" : R"({"status":"failed"})");
}

void ready(const Shared& shared, http::Responder responder) {
  const Phase phase = shared.phase.load();
  const auto& warnings = shared.settings.warnings;
  std::string body = "{";
  append_member(body, "status", phase == Phase::ready ? "ready" : to_string(phase), true);
  append_member(body, "instance_id", shared.instance_id);
  append_member(body, "mode", shared.settings.mode);
  body += R"(,"components":{"service":{"state":")";
  body += phase == Phase::ready ? "ok" : "failed";
  body += '"';
  append_member(body, "phase", to_string(phase));
  body += R"(},"store":{"state":"ok"},"configuration":{"state":")";
  body += warnings.empty() ? "ok" : "degraded";
  body += R"(","warnings":[)";
  for (bool first = true; const std::string& warning : warnings) {
    if (!first) body += ',';
    first = false;
    observe::append_json_string(body, warning);
  }
  body += "]}}}";
  send_json(responder, phase == Phase::ready ? 200 : 503, body);
}

}  // namespace

void install_health(http::Router& router, LoopContext& context) {
  const Shared& shared = context.shared;
  for (const char* path : {"/health", "/operator/api/health", "/operator/api/healthz"}) {
    router.get(path, [&shared](const http::Request&, http::Responder responder) { health(shared, std::move(responder)); });
  }
  router.get("/livez", [&shared](const http::Request&, http::Responder responder) { live(shared, std::move(responder)); });
  router.get("/readyz",
             [&shared](const http::Request&, http::Responder responder) { ready(shared, std::move(responder)); });
}

void install_metrics(http::Router& router, LoopContext& context) {
  const Shared& shared = context.shared;
  router.get("/metrics", [&shared](const http::Request&, http::Responder responder) {
    const std::string text = shared.registry.render();
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = text;
    responder.send(response);
  });
}

}  // namespace vx11::api
