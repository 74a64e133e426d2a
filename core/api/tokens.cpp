// GET /operator/internal/tokens and POST /operator/internal/tokens/revoke
#include <charconv>
#include <chrono>

#include "api/guard.h"
#include "api/json_answer.h"
#include "api/token_json.h"
#include "observe/json_text.h"

namespace vx11::api {

namespace {

constexpr std::size_t longest_match = 128;
constexpr std::chrono::seconds retry_when_unavailable{1};

void answer_unavailable(http::Responder& responder) {
  responder.error(503, "store_unavailable", std::string(no_store) + retry_after_line(retry_when_unavailable));
}

/// False: answered with 400.
[[nodiscard]] bool read_list_request(const http::Request& request, store::ListRequest& list,
                                     http::Responder& responder) {
  std::string storage;
  const http::Single limit = request.parameter("limit", storage);
  if (limit.value && !limit.value->empty()) {
    const auto [end, fault] =
        std::from_chars(limit.value->data(), limit.value->data() + limit.value->size(), list.limit);
    if (fault != std::errc() || end != limit.value->data() + limit.value->size() || list.limit < 1 ||
        list.limit > 1000) {
      responder.error(400, "limit_out_of_range", no_store);
      return false;
    }
  }
  const http::Single cursor = request.parameter("cursor", storage);
  if (cursor.value) list.cursor = *cursor.value;
  const http::Single match = request.parameter("match", storage);
  if (match.value) list.match = *match.value;
  if (limit.repeated || cursor.repeated || match.repeated) {
    responder.error(400, "repeated_parameter", no_store);
    return false;
  }
  if (list.match.size() > longest_match) {
    responder.error(400, "match_too_long", no_store);
    return false;
  }
  return true;
}

void list(LoopContext& context, const http::Request& request, http::Responder responder) {
  if (authenticate(context, request, responder) == nullptr) return;
  store::ListRequest wanted;
  if (!read_list_request(request, wanted, responder)) return;
  context.store.list(wanted, [responder = std::move(responder)](store::ListPage page) mutable {
    if (!page.cursor_ok) return responder.error(400, "invalid_cursor", no_store);
    if (page.unavailable) return answer_unavailable(responder);
    std::string body = R"({"tokens":[)";
    for (bool first = true; const store::TokenRecord& record : page.tokens) {
      if (!first) body += ',';
      first = false;
      append_token(body, record);
    }
    body += R"(],"cursor":)";
    if (page.cursor) {
      observe::append_json_string(body, *page.cursor);
    } else {
      body += "null";
    }
    body += '}';
    send_json(responder, 200, body);
  });
}

/// Exactly one of token, id and all.
[[nodiscard]] std::optional<store::RevokeTarget> read_target(const boost::json::object& body) {
  const auto* token = body.if_contains("token");
  const auto* id = body.if_contains("id");
  const auto* all = body.if_contains("all");
  if ((token != nullptr) + (id != nullptr) + (all != nullptr) != 1) return std::nullopt;
  if (token != nullptr && token->is_string()) {
    return TokenText({token->get_string().data(), token->get_string().size()});
  }
  if (id != nullptr && id->is_string()) {
    if (const auto parsed = PublicId::parse({id->get_string().data(), id->get_string().size()})) return *parsed;
  }
  if (all != nullptr && all->is_bool() && all->get_bool()) return store::RevokeAll{};
  return std::nullopt;
}

void revoke(LoopContext& context, const http::Request& request, http::Responder responder) {
  const Principal* principal = authenticate(context, request, responder);
  if (principal == nullptr) return;
  const auto body = json_body(request, responder);
  if (!body) return;
  const auto target = read_target(*body);
  if (!target) return responder.error(400, "invalid_revocation", no_store);
  const bool all = std::holds_alternative<store::RevokeAll>(*target);
  PublicId named{};
  if (const auto* id = std::get_if<PublicId>(&*target)) named = *id;
  if (const auto* token = std::get_if<TokenText>(&*target)) named = PublicId::of(token->reveal());
  context.store.revoke(*target, [&context, &request, principal, all, named,
                                 responder = std::move(responder)](const store::RevokeResult& result) mutable {
    Shared& shared = context.shared;
    const std::string id = all ? std::string() : named.text();
    observe::AuditEntry entry = audit_entry(observe::AuditAction::revoke, request, principal);
    entry.token_id = id;
    entry.detail = result.unavailable ? "store_unavailable" : all ? "all" : std::string_view();
    entry.count = result.revoked;
    shared.audit.record(entry);
    if (result.unavailable) return answer_unavailable(responder);
    std::string answer = "{";
    append_member(answer, "revoked", result.revoked, true);
    append_member(answer, "correlation_id", request.correlation_id);
    answer += '}';
    send_json(responder, result.others_pending ? 202 : 200, answer);
  });
}

}  // namespace

void install_tokens(http::Router& router, LoopContext& context) {
  router.get("/operator/internal/tokens", [&context](const http::Request& request, http::Responder responder) {
    list(context, request, std::move(responder));
  });
  router.post("/operator/internal/tokens/revoke", [&context](const http::Request& request, http::Responder responder) {
    revoke(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
