#include "api/guard.h"

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <boost/json/parse.hpp>

namespace vx11::api {

namespace {

using TooOften = std::function<void(std::chrono::nanoseconds wait)>;

void refuse_principal(LoopContext& context, const http::Request& request, http::Responder& responder, int status,
                      std::string_view code, const TooOften& too_often) {
  Shared& shared = context.shared;
  shared.metrics.failed_principals.add();
  observe::AuditEntry entry = audit_entry(observe::AuditAction::failed_principal, request, nullptr);
  entry.detail = code;
  shared.audit.record(entry);
  if (const auto wait = count_failure(context, request)) {
    shared.metrics.rate_limited.add();
    too_often(*wait);
    return;
  }
  responder.error(status, code, no_store);
}

}  // namespace

const Principal* authenticate(LoopContext& context, const http::Request& request, http::Responder& responder) {
  return authenticate(context, request, responder, [&responder](std::chrono::nanoseconds wait) {
    responder.error(429, "rate_limited", std::string(no_store) + retry_after_line(wait));
  });
}

const Principal* authenticate(LoopContext& context, const http::Request& request, http::Responder& responder,
                              const TooOften& too_often) {
  const http::Single presented = request.header("X-VX11-Token");
  if (presented.repeated) {
    responder.error(400, "repeated_header", no_store);
    return nullptr;
  }
  if (!presented.value || presented.value->empty()) {
    refuse_principal(context, request, responder, 401, "auth_required", too_often);
    return nullptr;
  }
  const Principal* found = context.shared.principals.find(*presented.value);
  if (found == nullptr) refuse_principal(context, request, responder, 403, "invalid_token", too_often);
  return found;
}

bool within_limit(LoopContext& context, const Principal& principal, const http::Request& request,
                  http::Responder& responder) {
  Shared& shared = context.shared;
  if (!shared.callers.enabled()) return true;
  std::size_t key = static_cast<std::size_t>(principal.key);
  boost::hash_combine(key, request.client);
  const auto wait = shared.callers.take(key, shared.clock.now());
  if (!wait) return true;
  shared.metrics.rate_limited.add();
  responder.error(429, "rate_limited", std::string(no_store) + retry_after_line(*wait));
  return false;
}

std::optional<std::chrono::nanoseconds> count_failure(LoopContext& context, const http::Request& request) {
  if (request.client_exempt) return std::nullopt;
  return context.shared.failures.take(boost::hash<std::string_view>()(request.client), context.shared.clock.now());
}

observe::AuditEntry audit_entry(observe::AuditAction action, const http::Request& request, const Principal* principal) {
  observe::AuditEntry entry;
  entry.action = action;
  entry.correlation_id = request.correlation_id;
  entry.client = request.client;
  if (principal != nullptr) entry.principal = principal->fingerprint;
  return entry;
}

std::string retry_after_line(std::chrono::nanoseconds wait) {
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  return "Retry-After: " + std::to_string(seconds) + "\r\n";
}

std::optional<boost::json::object> json_body(const http::Request& request, http::Responder& responder) {
  if (request.body.empty()) return boost::json::object();
  boost::system::error_code error;
  boost::json::value parsed = boost::json::parse(request.body, error);
  if (error || !parsed.is_object()) {
    responder.error(400, "malformed_json", no_store);
    return std::nullopt;
  }
  return std::move(parsed.get_object());
}

}  // namespace vx11::api
