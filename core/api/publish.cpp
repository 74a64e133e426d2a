// POST /operator/api/events/publish
#include <boost/json/serialize.hpp>
#include <memory>

#include "api/guard.h"
#include "api/json_answer.h"
#include "api/stream_frames.h"
#include "api/token_json.h"
#include "http/sse.h"

namespace vx11::api {

namespace {

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
  const auto* data = body->if_contains("data");
  const std::string text = data == nullptr ? std::string("null") : boost::json::serialize(*data);

  std::string id;
  {
    const std::lock_guard lock(shared.publish_order);
    id = shared.position.next();
    shared.loops.publish(std::make_shared<const std::string>(http::sse_event(name, id, text)));
  }
  shared.metrics.published.add();
  std::string answer = "{";
  append_member(answer, "id", id, true);
  append_member(answer, "correlation_id", request.correlation_id);
  answer += '}';
  send_json(responder, 202, answer);
}

}  // namespace

void install_publish(http::Router& router, LoopContext& context) {
  router.post("/operator/api/events/publish", [&context](const http::Request& request, http::Responder responder) {
    publish(context, request, std::move(responder));
  });
}

}  // namespace vx11::api
