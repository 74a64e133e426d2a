// What stands before a handler: principals, rate limits, and bodies that must be JSON objects.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "api/loop_context.h"

namespace vx11::api {

/// The principal of X-VX11-Token. Null: the request has been answered (401, 403, 400, or 429 when an address fails too
/// often), counted and written to the audit log.
[[nodiscard]] const Principal* authenticate(LoopContext& context, const http::Request& request,
                                            http::Responder& responder);

/// The same without an answer to a wrong principal that fails too often: `too_often` answers that.
[[nodiscard]] const Principal* authenticate(LoopContext& context, const http::Request& request,
                                            http::Responder& responder,
                                            const std::function<void(std::chrono::nanoseconds wait)>& too_often);

/// False: over the caller's limit, answered with 429 and Retry-After.
[[nodiscard]] bool within_limit(LoopContext& context, const Principal& principal, const http::Request& request,
                                http::Responder& responder);

/// Counts a failed check or principal of this address; how long it has to wait when that was one too many.
[[nodiscard]] std::optional<std::chrono::nanoseconds> count_failure(LoopContext& context,
                                                                    const http::Request& request);

/// An audit entry with what every one has; `principal` null: none was known. Its views are the request's.
[[nodiscard]] observe::AuditEntry audit_entry(observe::AuditAction action, const http::Request& request,
                                              const Principal* principal);

/// `Retry-After: N`, whole seconds, at least 1.
[[nodiscard]] std::string retry_after_line(std::chrono::nanoseconds wait);

/// The body as an object; an empty body is an empty object. Nothing: answered with 400 `malformed_json`.
[[nodiscard]] std::optional<boost::json::object> json_body(const http::Request& request, http::Responder& responder);

}  // namespace vx11::api
