// GET /operator/api/events/validate?token=T
#include "api/check.h"
#include "api/guard.h"
#include "api/json_answer.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

constexpr std::chrono::seconds retry_when_unknown{1};
constexpr std::size_t body_size = 96;

void validate(LoopContext& context, const http::Request& request, http::Responder responder) {
  std::string storage;
  const http::Single token = request.parameter("token", storage);
  if (token.repeated) return responder.error(400, "repeated_parameter", no_store);
  if (!token.value || token.value->empty()) return responder.error(401, "auth_required", no_store);
  check_token(context, *token.value, store::Purpose::look,
              [&context, &request, responder = std::move(responder)](const store::CheckResult& result) mutable {
                if (result.verdict == store::Verdict::invalid) return answer_refusal(context, request, responder);
                if (result.verdict == store::Verdict::cannot_tell) {
                  return responder.error(503, "store_unavailable",
                                         std::string(no_store) + retry_after_line(retry_when_unknown));
                }
                std::string body;
                body.reserve(body_size);
                body = R"({"valid":true)";
                append_member(body, "expires_in_ms", std::int64_t{result.expires_in.count()});
                append_member(body, "source", store::to_string(result.source));
                body += '}';
                send_json(responder, 200, body);
              });
  wipe(storage.data(), storage.size());
}

}  // namespace

void install_validate(http::Router& router, LoopContext& context) {
  router.get("/operator/api/events/validate", [&context](const http::Request& request, http::Responder responder) {
    validate(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
