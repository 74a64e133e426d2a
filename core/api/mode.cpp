// GET and POST /operator/internal/mode
#include "api/guard.h"
#include "api/json_answer.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

void send_mode(const Shared& shared, http::Responder& responder) {
  std::string body = "{";
  append_member(body, "mode", shared.settings.mode, true);
  append_member(body, "configured", shared.settings.mode);
  append_member(body, "since", unix_seconds(shared.started_at));
  body += R"(,"draining":null})";
  send_json(responder, 200, body);
}

void refuse(const http::Request& request, http::Responder& responder, std::string_view reason) {
  std::string body = R"({"detail":"mode_unavailable")";
  append_member(body, "reason", reason);
  append_member(body, "correlation_id", request.correlation_id);
  body += '}';
  send_json(responder, 409, body);
}

void change(LoopContext& context, const http::Request& request, http::Responder responder) {
  if (authenticate(context, request, responder) == nullptr) return;
  const auto body = json_body(request, responder);
  if (!body) return;
  const auto* word = body->if_contains("mode");
  if (word == nullptr || !word->is_string()) return responder.error(400, "invalid_mode", no_store);
  const auto mode = store::parse_mode({word->get_string().data(), word->get_string().size()});
  if (!mode) return responder.error(400, "unknown_mode", no_store);
  const Shared& shared = context.shared;
  if (*mode == store::Mode::memory) return send_mode(shared, responder);
  if (*mode == store::Mode::signed_tokens) return refuse(request, responder, "no signing keys are configured");
  refuse(request, responder,
         shared.settings.redis_url.empty() ? "no Redis is configured" : "this version keeps tokens in memory only");
}

}  // namespace

void install_mode(http::Router& router, LoopContext& context) {
  router.get("/operator/internal/mode", [&context](const http::Request& request, http::Responder responder) {
    if (authenticate(context, request, responder) != nullptr) send_mode(context.shared, responder);
  });
  router.post("/operator/internal/mode", [&context](const http::Request& request, http::Responder responder) {
    change(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
