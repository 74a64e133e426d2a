// One client connection: reads requests, has them answered in order, writes the answers of one turn in one piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/intrusive/list_hook.hpp>

#include "http/place.h"
#include "http/request.h"
#include "http/request_parser.h"
#include "http/responder.h"
#include "http/socket.h"

namespace vx11::http {

class EventLoop;
class Router;

/// Lives on one loop and is only touched there. Holds a buffer only while there is something in it: what is read goes
/// through the loop's scratch memory. Ends itself; the loop's list and pending waits keep it alive.
class Session : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  Session(EventLoop& loop, Socket&& socket, const Router& router, const asio::ip::address& peer);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  /// Called by the loop's coarse scan: ends what takes too long.
  void check_deadline(std::chrono::steady_clock::time_point now);
  /// Stopping: an idle connection ends once it has been quiet for a while, a busy one after its answer.
  void wind_down();
  void close() noexcept;

  // For Responder.
  void respond(const Response& response);
  void respond_error(int status, std::string_view code, std::string_view headers);
  void respond_stream(EventHub& hub, std::string_view headers, const Opening& opening);
  void respond_short_stream(std::string_view headers, std::string_view frames);

 private:
  friend void intrusive_ptr_add_ref(Session*) noexcept;
  friend void intrusive_ptr_release(Session*) noexcept;
  using Pointer = boost::intrusive_ptr<Session>;
  enum class Phase : std::uint8_t { idle, reading, answering, lingering, closed };

  void wait_readable();
  void on_readable();
  void wait_writable();
  /// Consumes as many whole requests as there are; keeps the rest.
  void process(std::string_view data);
  using Moment = std::chrono::steady_clock::time_point;
  /// True: go on with the next request of the same data.
  [[nodiscard]] bool parse_step(std::string_view& data, Moment now);
  void dispatch(Moment now);
  void refuse(ParseFault fault);
  void record_answer(int status, std::size_t body_bytes);
  void finish_answer(int status, std::size_t body_bytes);
  /// Parses what was kept, if that is still this connection's turn.
  void process_carried();
  void flush();
  void after_flush();
  void begin_linger();
  void drain_linger();
  void enter(Phase phase, std::chrono::seconds allowed, Moment now = std::chrono::steady_clock::now());
  [[nodiscard]] HeadContext head_context();
  void settle_request();

  EventLoop& loop_;
  const Router& router_;
  Socket socket_;
  Request request_;
  std::optional<RequestParser> parser_;
  Place wait_place_;   ///< of the wait for input, which there is one of
  std::string carry_;  ///< received, not parsed yet
  std::string out_;
  std::size_t out_sent_ = 0;
  std::string client_;
  std::array<char, 36> made_correlation_id_{};
  std::chrono::steady_clock::time_point entered_at_;  ///< the present phase
  std::chrono::steady_clock::time_point deadline_;    ///< and its latest end
  std::chrono::steady_clock::time_point received_at_;
  std::uint32_t references_ = 0;
  Phase phase_ = Phase::idle;
  bool reading_ = false;     ///< a wait for input is pending
  bool writing_ = false;     ///< a wait for output space is pending
  bool processing_ = false;  ///< inside process(): answers given now don't recurse
  bool answered_ = false;
  bool fresh_ = true;  ///< no request was received yet
  bool close_after_ = false;
  bool peer_exempt_ = false;
  asio::ip::address peer_;
};

inline void intrusive_ptr_add_ref(Session* session) noexcept { ++session->references_; }
inline void intrusive_ptr_release(Session* session) noexcept {
  if (--session->references_ == 0) std::unique_ptr<Session>{session};
}

}  // namespace vx11::http
