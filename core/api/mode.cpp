// GET and POST /operator/internal/mode
#include "api/guard.h"
#include "api/json_answer.h"
#include "api/redis_json.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

using store::ModeSwitch;
constexpr std::size_t longest_name = 128;  // of an operation's id and owner

void append_holder(std::string& out, const ModeSwitch::Held& held, bool first) {
  append_member(out, "operation_id", held.by.id, first);
  append_member(out, "owner", held.by.owner);
  append_member(out, "since", unix_seconds(held.since));
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

/// A text of 1 to 128 bytes; null: it is none.
[[nodiscard]] const boost::json::string* read_name(const boost::json::value* value) {
  if (value == nullptr || !value->is_string()) return nullptr;
  const auto& text = value->get_string();
  return text.empty() || text.size() > longest_name ? nullptr : &text;
}

/// False: answered with 400.
[[nodiscard]] bool read_release(const boost::json::object& body, const std::optional<ModeSwitch::Operation>& operation,
                                bool& release, http::Responder& responder) {
  const auto* word = body.if_contains("release");
  if (word == nullptr) return true;
  release = word->is_bool() && word->get_bool();
  if (word->is_bool() && (operation || !release)) return true;
  responder.error(400, "invalid_operation", no_store);  // there is nothing that it could release
  return false;
}

/// False: answered with 400, because id and owner go together.
[[nodiscard]] bool read_operation(const boost::json::object& body, std::optional<ModeSwitch::Operation>& operation,
                                  http::Responder& responder) {
  const auto* id = body.if_contains("operation_id");
  const auto* owner = body.if_contains("owner");
  if (id == nullptr && owner == nullptr) return true;
  const auto* id_text = read_name(id);
  const auto* owner_text = read_name(owner);
  if (id_text == nullptr || owner_text == nullptr) {
    responder.error(400, "invalid_operation", no_store);
    return false;
  }
  operation = {std::string(id_text->begin(), id_text->end()), std::string(owner_text->begin(), owner_text->end())};
  return true;
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

void change(LoopContext& context, const http::Request& request, http::Responder responder) {
  const Principal* principal = authenticate(context, request, responder);
  if (principal == nullptr) return;
  const auto body = json_body(request, responder);
  if (!body) return;
  const auto* word = body->if_contains("mode");
  if (word == nullptr || !word->is_string()) return responder.error(400, "invalid_mode", no_store);
  const auto mode = store::parse_mode({word->get_string().data(), word->get_string().size()});
  if (!mode) return responder.error(400, "unknown_mode", no_store);
  std::optional<ModeSwitch::Operation> operation;
  bool release = false;
  if (!read_operation(*body, operation, responder) || !read_release(*body, operation, release, responder)) return;

  Shared& shared = context.shared;
  const ModeSwitch::Result result = shared.modes.set(*mode, operation, shared.last_memory_expiry());
  switch (result.outcome) {
    case ModeSwitch::Outcome::no_redis: return refuse_as_impossible(request, responder, "no Redis is configured");
    case ModeSwitch::Outcome::no_keys:
      return refuse_as_impossible(request, responder, "no signing keys are configured");
    case ModeSwitch::Outcome::held_by_other: return refuse_as_held(request, responder, *result.held);
    case ModeSwitch::Outcome::changed:
      tell_of_change(context, request, *principal, result.from, *mode, operation);
      break;
    case ModeSwitch::Outcome::same: break;
  }
  if (release) shared.modes.release(*operation);
  send_mode(shared, responder);
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
