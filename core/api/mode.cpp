// GET and POST /operator/internal/mode
#include "api/guard.h"
#include "api/json_answer.h"
#include "api/mode_request.h"
#include "api/redis_json.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

using store::ModeSwitch;

void append_holder(std::string& out, const ModeSwitch::Held& held, bool first) {
  append_member(out, "operation_id", held.by.id, first);
  append_member(out, "owner", held.by.owner);
  append_member(out, "since", unix_seconds(held.since));
  append_member(out, "last_sign", unix_seconds(held.last_sign));
  append_member(out, "silent_ms", std::int64_t{held.silent.count()});
  append_flag(out, "lapsed", held.lapsed);
}

void send_mode(const Shared& shared, http::Responder& responder) {
  const ModeSwitch::View view = shared.modes.view();
  std::string body = "{";
  append_member(body, "mode", store::to_string(view.mode), true);
  append_member(body, "configured", store::to_string(view.configured));
  append_member(body, "since", unix_seconds(view.since));
  append_draining(body, view.draining);
  if (view.held) {
    body += R"(,"held_by":{)";
    append_holder(body, *view.held, true);
    body += '}';
  } else {
    append_null(body, "held_by");
  }
  body += '}';
  send_json(responder, 200, body);
}

void refuse_as_wrong(const http::Request& request, http::Responder& responder, const BadModeRequest& wrong) {
  std::string body = "{";
  append_member(body, "detail", wrong.detail, true);
  append_member(body, "reason", wrong.reason);
  append_member(body, "correlation_id", request.correlation_id);
  body += '}';
  send_json(responder, 400, body);
}

void refuse_as_impossible(const http::Request& request, http::Responder& responder, std::string_view reason) {
  std::string body = R"({"detail":"mode_unavailable")";
  append_member(body, "reason", reason);
  append_member(body, "correlation_id", request.correlation_id);
  body += '}';
  send_json(responder, 409, body);
}

void refuse_as_held(const http::Request& request, http::Responder& responder, const ModeSwitch::Held& held) {
  std::string body = R"({"detail":"mode_held",)";
  append_holder(body, held, true);
  append_member(body, "correlation_id", request.correlation_id);
  body += '}';
  send_json(responder, 409, body);
}

void tell_of_change(LoopContext& context, const http::Request& request, const Principal& principal, store::Mode from,
                    store::Mode to, const std::optional<ModeSwitch::Operation>& operation) {
  std::string detail(store::to_string(from));
  (detail += " to ") += store::to_string(to);
  if (operation) ((detail += ", operation ") += operation->id) += " of " + operation->owner;
  observe::AuditEntry entry = audit_entry(observe::AuditAction::mode_change, request, &principal);
  entry.detail = detail;
  context.shared.audit.record(entry);
  context.shared.log.write(observe::Level::info, "mode_changed", "new tokens are issued in another mode from now on",
                           {{"from", store::to_string(from)},
                            {"to", store::to_string(to)},
                            {"correlation_id", request.correlation_id}});
  context.feed.mode_changed();
}

void tell_of_step(const LoopContext& context, const http::Request& request, const Principal& principal,
                  const ModeRequest& wanted) {
  const std::string detail = wanted.step + ", operation " + wanted.operation->id + " of " + wanted.operation->owner;
  observe::AuditEntry entry = audit_entry(observe::AuditAction::operation_step, request, &principal);
  entry.detail = detail;
  context.shared.audit.record(entry);
}

[[nodiscard]] ModeSwitch::Result apply(Shared& shared, const ModeRequest& wanted) {
  if (wanted.mode) {
    const auto result = shared.modes.set(*wanted.mode, wanted.operation, shared.last_memory_expiry());
    const bool done = result.outcome == ModeSwitch::Outcome::changed || result.outcome == ModeSwitch::Outcome::same;
    if (done && wanted.release) shared.modes.release(*wanted.operation);
    return result;
  }
  return wanted.release ? shared.modes.release(*wanted.operation) : shared.modes.sign(*wanted.operation);
}

void change(LoopContext& context, const http::Request& request, http::Responder responder) {
  const Principal* principal = authenticate(context, request, responder);
  if (principal == nullptr) return;
  const auto body = json_body(request, responder);
  if (!body) return;
  const auto wanted = read_mode_request(*body);
  if (!wanted) return refuse_as_wrong(request, responder, wanted.error());

  const ModeSwitch::Result result = apply(context.shared, *wanted);
  switch (result.outcome) {
    case ModeSwitch::Outcome::no_redis: return refuse_as_impossible(request, responder, "no Redis is configured");
    case ModeSwitch::Outcome::no_keys:
      return refuse_as_impossible(request, responder, "no signing keys are configured");
    case ModeSwitch::Outcome::held_by_other: return refuse_as_held(request, responder, *result.held);
    case ModeSwitch::Outcome::changed:
      tell_of_change(context, request, *principal, result.from, *wanted->mode, wanted->operation);
      break;
    case ModeSwitch::Outcome::same: break;
  }
  if (!wanted->step.empty()) tell_of_step(context, request, *principal, *wanted);
  send_mode(context.shared, responder);
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
