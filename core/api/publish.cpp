// POST /operator/api/events/publish
#include <boost/json/serialize.hpp>

#include "api/guard.h"
#include "api/json_answer.h"
#include "api/json_slice.h"
#include "api/stream_frames.h"
#include "api/token_json.h"

namespace vx11::api {

namespace {

constexpr std::chrono::seconds retry_when_failing{1};

/// The client's own spelling where there is one, so that numbers arrive as they were sent.
[[nodiscard]] std::string data_text(const http::Request& request, const boost::json::object& body) {
  const auto* data = body.if_contains("data");
  if (data == nullptr) return "null";
  const std::string_view as_sent = member_text(request.body, "data");
  return as_sent.empty() ? boost::json::serialize(*data) : std::string(as_sent);
}

void answer(LoopContext& context, const http::Request& request, http::Responder& responder, std::string_view id) {
  context.shared.metrics.published.add();
  std::string body = "{";
  append_member(body, "id", id, true);
  append_member(body, "correlation_id", request.correlation_id);
  body += '}';
  send_json(responder, 202, body);
}

void publish(LoopContext& context, const http::Request& request, http::Responder responder) {
  Shared& shared = context.shared;
  const Principal* principal = authenticate(context, request, responder);
  if (principal == nullptr || !within_limit(context, *principal, request, responder)) return;
  const auto body = json_body(request, responder);
  if (!body) return;
  const auto* event = body->if_contains("event");
  if (event == nullptr || !event->is_string()) return responder.error(400, "invalid_event", no_store);
  const std::string_view name(event->get_string().data(), event->get_string().size());
  if (!http::is_plain_name(name)) return responder.error(400, "invalid_event", no_store);
  if (is_reserved_event(name)) return responder.error(400, "reserved_event", no_store);
  const std::string data = data_text(request, *body);

  if (context.events == nullptr || shared.modes.mode() == store::Mode::memory) {
    return answer(context, request, responder, shared.events.publish_here(name, data));
  }
  // It reaches the streams, here too, by the feed alone: in the order that it has everywhere.
  context.events->publish(name, data,
                          [&context, &request,
                           responder = std::move(responder)](const feed::Writer::Published& published) mutable {
                            if (published.ok) return answer(context, request, responder, published.id);
                            const std::string headers = std::string(no_store) + retry_after_line(retry_when_failing);
                            responder.error(503, "store_unavailable", headers);
                          });
}

}  // namespace

void install_publish(http::Router& router, LoopContext& context) {
  router.post("/operator/api/events/publish", [&context](const http::Request& request, http::Responder responder) {
    publish(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
