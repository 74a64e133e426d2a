// POST /operator/api/events/sse-token
#include <cstdint>

#include "api/guard.h"
#include "api/json_answer.h"
#include "api/loop_context.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

constexpr std::chrono::seconds retry_when_full{1};
constexpr std::size_t body_size = 384;

/// False: answered with 400.
[[nodiscard]] bool read_request(const LoopContext& context, const boost::json::object& body,
                                store::IssueRequest& request, http::Responder& responder) {
  request.ttl = context.shared.settings.ttl;
  if (const auto* ttl = body.if_contains("ttl_sec"); ttl != nullptr && !ttl->is_null()) {
    if (!ttl->is_number()) {
      responder.error(400, "invalid_ttl_sec", no_store);
      return false;
    }
    boost::system::error_code not_whole;
    const auto seconds = ttl->to_number<std::int64_t>(not_whole);
    if (not_whole || seconds < 1 || seconds > context.shared.settings.max_ttl.count()) {
      responder.error(400, "ttl_out_of_range", no_store);
      return false;
    }
    request.ttl = std::chrono::seconds(seconds);
  }
  if (const auto* single = body.if_contains("single_use"); single != nullptr && !single->is_null()) {
    if (!single->is_bool()) {
      responder.error(400, "invalid_single_use", no_store);
      return false;
    }
    request.single_use = single->get_bool();
  }
  return true;
}

void answer(LoopContext& context, const http::Request& request, http::Responder& responder,
            const store::IssueRequest& asked, const store::IssueResult& result) {
  if (result.status != store::IssueStatus::issued) {
    const std::string headers = std::string(no_store) + retry_after_line(retry_when_full);
    responder.error(503, result.status == store::IssueStatus::full ? "token_table_full" : "store_unavailable", headers);
    return;
  }
  std::string body;
  body.reserve(body_size);  // at once, so that no copy of the token is left behind
  body = R"({"sse_token":")";
  body += result.token.reveal();
  body += '"';
  append_member(body, "expires_in_sec", std::int64_t{asked.ttl.count()});
  append_member(body, "ttl_sec", std::int64_t{asked.ttl.count()});
  if (result.degraded) body += R"(,"degraded":true)";
  append_member(body, "correlation_id", request.correlation_id);
  body += '}';
  send_json(responder, 200, body);
  wipe(body.data(), body.size());
  context.feed.issued(result, asked);
}

void issue(LoopContext& context, const http::Request& request, http::Responder responder) {
  Shared& shared = context.shared;
  const Instant begun = shared.clock.now();
  const Principal* principal = authenticate(context, request, responder);
  if (principal == nullptr || !within_limit(context, *principal, request, responder)) return;
  store::IssueRequest asked;
  asked.ttl = shared.settings.ttl;
  if (!request.body.empty()) {
    const auto body = json_body(request, responder);
    if (!body || !read_request(context, *body, asked, responder)) return;
  }
  // `request` stays as it is until the answer is given; `principal` as long as the instance.
  context.store.issue(asked, [&context, &request, principal, asked, begun,
                              responder = std::move(responder)](const store::IssueResult& result) mutable {
    Shared& all = context.shared;
    if (result.status == store::IssueStatus::issued) {
      if (!all.settings.audit_log.empty()) {  // without the file nobody hears of issues
        const std::string id = result.id.text();
        observe::AuditEntry entry = audit_entry(observe::AuditAction::issue, request, principal);
        entry.token_id = id;
        all.audit.record(entry);
      }
      all.metrics.issue.observe(all.clock.now() - begun);
    }
    answer(context, request, responder, asked, result);
  });
}

}  // namespace

void install_issue(http::Router& router, LoopContext& context) {
  router.post("/operator/api/events/sse-token", [&context](const http::Request& request, http::Responder responder) {
    issue(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
