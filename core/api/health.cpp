// /health and its old names, /livez, /metrics: open to anyone.
#include "api/json_answer.h"
#include "api/loop_context.h"
#include "api/readiness.h"
#include "api/token_json.h"
#include "observe/json_text.h"

namespace vx11::api {

namespace {

void health(const Shared& shared, http::Responder responder) {
  std::string body = R"({"status":"ok","service":"vx11-operator")";
  append_member(body, "version", shared.version);
  append_member(body, "timestamp", observe::rfc3339(shared.clock.wall()));
  append_member(body, "instance_id", shared.instance_id);
  append_member(body, "mode", store::to_string(shared.modes.mode()));
  append_member(body, "ephemeral_token_cache_size", shared.stats().cache_entries);
  body += '}';
  send_json(responder, 200, body);
}

void live(const Shared& shared, http::Responder responder) {
  const bool alive = shared.loops.alive();
  send_json(responder, alive ? 200 : 503, alive ? R"({"status":"ok"})" : R"({"status":"failed"})");
}

}  // namespace

void install_health(http::Router& router, LoopContext& context) {
  const Shared& shared = context.shared;
  for (const char* path : {"/health", "/operator/api/health", "/operator/api/healthz"}) {
    router.get(path,
               [&shared](const http::Request&, http::Responder responder) { health(shared, std::move(responder)); });
  }
  router.get("/livez",
             [&shared](const http::Request&, http::Responder responder) { live(shared, std::move(responder)); });
  router.get("/readyz", [&shared](const http::Request&, http::Responder responder) {
    const Readiness readiness = judge_readiness(shared);
    send_json(responder, readiness.ready ? 200 : 503, readiness.body);
  });
}

void install_metrics(http::Router& router, LoopContext& context) {
  const Shared& shared = context.shared;
  router.get("/metrics", [&shared](const http::Request&, http::Responder responder) {
    const std::string text = shared.metrics.render();
    http::Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = text;
    responder.send(response);
  });
}

}  // namespace vx11::api
