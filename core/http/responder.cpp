#include "http/responder.h"

#include "http/event_hub.h"
#include "http/session.h"

namespace vx11::http {

Responder::Responder(boost::intrusive_ptr<Session> session) noexcept : session_(std::move(session)) {}

Responder::~Responder() {
  if (session_) session_->respond_error(500, "internal_error", {});
}

void Responder::send(const Response& response) {
  if (const auto session = std::exchange(session_, nullptr)) session->respond(response);
}

void Responder::error(int status, std::string_view code, std::string_view headers) {
  if (const auto session = std::exchange(session_, nullptr)) session->respond_error(status, code, headers);
}

void Responder::open_stream(EventHub& hub, std::string_view headers, const Opening& opening) {
  if (const auto session = std::exchange(session_, nullptr)) session->respond_stream(hub, headers, opening);
}

void Responder::short_stream(std::string_view headers, std::string_view frames) {
  if (const auto session = std::exchange(session_, nullptr)) session->respond_short_stream(headers, frames);
}

}  // namespace vx11::http
