// The duty to answer one request, exactly once, now or later, on the loop that received it.
#pragma once

#include <string>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "http/event.h"
#include "http/response.h"

namespace vx11::http {

class Session;
class EventHub;
void intrusive_ptr_add_ref(Session* session) noexcept;
void intrusive_ptr_release(Session* session) noexcept;

/// Move-only. One that goes without an answer answers 500, so that a bug never leaves a client waiting.
class Responder {
 public:
  explicit Responder(boost::intrusive_ptr<Session> session) noexcept;
  Responder(Responder&& other) noexcept = default;
  Responder& operator=(Responder&& other) = delete;
  Responder(const Responder&) = delete;
  ~Responder();

  void send(const Response& response);
  /// `{"detail":"<code>","correlation_id":"…"}`; `headers` are whole lines.
  void error(int status, std::string_view code, std::string_view headers = {});
  /// Turns the connection into a member of `hub`: head, what `opening` says, then what the hub sends.
  /// To a HEAD request only the head goes out. `headers` are whole lines.
  void open_stream(EventHub& hub, std::string_view headers, const Opening& opening);
  /// A stream that says `frames` and ends; for refusals that will pass.
  void short_stream(std::string_view headers, std::string_view frames);

 private:
  boost::intrusive_ptr<Session> session_;
};

}  // namespace vx11::http
