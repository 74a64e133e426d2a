#include "http/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/bind_allocator.hpp>
#include <exception>

#include "http/event_hub.h"
#include "http/event_loop.h"
#include "http/router.h"

namespace vx11::http {

namespace {

/// Answers of one turn are written together up to this much; then they go out before more is parsed.
constexpr std::size_t flush_threshold = 128U * 1024U;
constexpr std::size_t kept_capacity = 4096;
/// One connection's pipelined requests are answered for so long at a time; then it is the others' turn.
constexpr std::chrono::microseconds turn{1000};
/// Stopping: so long may the first request of a connection that was just accepted still be on its way.
constexpr std::chrono::seconds first_request_when_stopping{1};
/// And so long the next one of a connection that was used: a close that crosses a request leaves it without an answer,
/// and a balancer doesn't send a POST twice. A balancer takes the connection that it used last.
constexpr std::chrono::milliseconds next_request_when_stopping{500};

[[nodiscard]] std::string_view method_name(Method method) noexcept {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::options: return "OPTIONS";
    default: return "other";
  }
}

}  // namespace

Session::Session(EventLoop& loop, Socket&& socket, const Router& router, const asio::ip::address& peer)
    : loop_(loop), router_(router), socket_(std::move(socket)), peer_(peer) {
  const bool mapped = peer_.is_v6() && peer_.to_v6().is_v4_mapped();
  if (mapped) peer_ = asio::ip::make_address_v4(asio::ip::v4_mapped, peer_.to_v6());
  client_ = peer_.to_string();
  peer_exempt_ = peer_.is_loopback();
}

Session::~Session() = default;

void Session::start() {
  enter(Phase::idle, loop_.options().limits.request);  // a fresh connection has as long as a request to begin one
  on_readable();
}

void Session::enter(Phase phase, std::chrono::seconds allowed, Moment now) {
  phase_ = phase;
  entered_at_ = now;
  deadline_ = entered_at_ + allowed;
}

void Session::wait_readable() {
  if (reading_ || phase_ == Phase::closed) return;
  reading_ = true;
  auto handler = [self = Pointer(this)](const ErrorCode& error) {
    self->reading_ = false;
    if (error) return;
    self->on_readable();
  };
  socket_.async_wait(Socket::wait_read, asio::bind_allocator(PlaceAllocator<char>(wait_place_), std::move(handler)));
}

void Session::on_readable() {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::lingering) {
    drain_linger();
    return;
  }
  const Pointer keep(this);
  const auto scratch = loop_.scratch();
  const std::size_t kept = carry_.size();
  std::copy(carry_.begin(), carry_.end(), scratch.begin());
  ErrorCode error;
  const std::size_t received = socket_.read_some(asio::buffer(scratch.data() + kept, scratch.size() - kept), error);
  if (error == asio::error::would_block || error == asio::error::try_again) {
    wait_readable();
    return;
  }
  if (error || received == 0) {
    close();
    return;
  }
  carry_.clear();
  process({scratch.data(), kept + received});
}

void Session::process(std::string_view data) {
  processing_ = true;
  Moment now = std::chrono::steady_clock::now();
  const Moment turn_ends = now + turn;
  while (phase_ != Phase::closed && phase_ != Phase::lingering && !close_after_) {
    if (phase_ == Phase::answering || writing_ || out_.size() - out_sent_ > flush_threshold) break;
    if (!parse_step(data, now)) break;
    now = entered_at_;  // an answer was given just then
    if (now > turn_ends) break;
  }
  processing_ = false;
  if (phase_ == Phase::closed) return;
  if (close_after_) {
    carry_.clear();
  } else {
    carry_.assign(data);
    if (data.empty() && carry_.capacity() > kept_capacity) std::string().swap(carry_);
  }
  flush();
}

bool Session::parse_step(std::string_view& data, Moment now) {
  if (!parser_) {
    // RFC 9112, 2.2: a server should ignore empty lines before a request.
    while (!data.empty() && (data.front() == '\r' || data.front() == '\n')) data.remove_prefix(1);
    if (data.empty()) return false;
    parser_.emplace(request_, loop_.options().limits);
    enter(Phase::reading, loop_.options().limits.request, now);
    received_at_ = entered_at_;
    fresh_ = false;
  }
  const bool had_header = parser_->is_header_done();
  ErrorCode error;
  const std::size_t used = parser_->put(asio::const_buffer(data.data(), data.size()), error);
  data.remove_prefix(used);
  if (error && error != boost::beast::http::error::need_more) {
    refuse(parser_->fault(error));
    return false;
  }
  if (parser_->is_done()) {
    dispatch(now);
    return true;
  }
  if (!had_header && parser_->is_header_done() && parser_->expects_continue() && request_.body.empty()) {
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  const Limits& limits = loop_.options().limits;
  if (data.size() > std::max(limits.target, limits.headers) + 1024) {
    // A line that doesn't end: waiting for more would mean a read with no room left, which completes at once, forever.
    refuse(parser_->fault_of_unfinished_line());
  }
  return false;
}

void Session::settle_request() {
  request_.settle();
  if (parser_ && parser_->is_header_done()) request_.keep_alive = request_.keep_alive && parser_->keep_alive();
  const Single given = request_.header("X-Correlation-Id");
  if (given.value && !given.repeated && is_plain_name(*given.value)) {
    request_.correlation_id = *given.value;
  } else {
    loop_.options().make_correlation_id(made_correlation_id_.data());
    request_.correlation_id = {made_correlation_id_.data(), made_correlation_id_.size()};
  }
  request_.client = client_;
  request_.client_exempt = peer_exempt_;
  const Networks& trusted = loop_.options().trusted_proxies;
  if (trusted.empty() || !trusted.contains(peer_)) return;
  // A proxy may have added a field of its own to one that the client sent.
  const auto client = client_address(peer_, request_.header_list("X-Forwarded-For"), trusted);
  client_ = client.to_string();
  request_.client = client_;
  request_.client_exempt = client.is_loopback() || trusted.contains(client);
}

void Session::dispatch(Moment now) {
  settle_request();
  parser_.reset();
  loop_.count_request();
  enter(Phase::answering, loop_.options().limits.request, now);
  answered_ = false;
  Responder responder{Pointer(this)};
  const auto& hosts = loop_.options().allowed_hosts;
  if (!hosts.empty()) {
    const Single host = request_.header("Host");
    if (!host.value || std::find(hosts.begin(), hosts.end(), host_name(*host.value)) == hosts.end()) {
      responder.error(421, "host_not_allowed");
      return;
    }
  }
  try {
    router_.dispatch(request_, std::move(responder));
  } catch (const std::exception& bug) {
    // Exceptions are bugs here; the Responder has answered 500 while it was unwound.
    if (loop_.options().report) loop_.options().report("handler_threw", bug.what());
  }
}

void Session::refuse(ParseFault fault) {
  settle_request();
  parser_.reset();
  loop_.count_request();
  request_.keep_alive = false;
  phase_ = Phase::answering;
  answered_ = false;
  switch (fault) {
    case ParseFault::target_too_long:
      return respond_error(414, "uri_too_long", {});
    case ParseFault::headers_too_large:
      return respond_error(431, "headers_too_large", {});
    case ParseFault::body_too_large:
      return respond_error(413, "body_too_large", {});
    case ParseFault::none:
    case ParseFault::malformed:
      return respond_error(400, "malformed_request", {});
  }
}

HeadContext Session::head_context() {
  HeadContext context;
  context.date_line = loop_.date_line();
  context.fixed_lines = loop_.options().fixed_lines;
  context.path_lines = router_.lines_of(request_);
  context.correlation_id = request_.correlation_id;
  context.keep_alive = request_.keep_alive && !loop_.saying_close();
  context.http_1_0 = request_.http_1_0;
  context.head_only = request_.method == Method::head;
  return context;
}

void Session::respond(const Response& response) {
  if (answered_ || phase_ == Phase::closed) return;
  if (response.close) request_.keep_alive = false;
  append_response(out_, response, head_context());
  finish_answer(response.status, response.body.size());
}

void Session::respond_error(int status, std::string_view code, std::string_view headers) {
  if (answered_ || phase_ == Phase::closed) return;
  const std::string body = error_body(code, request_.correlation_id);
  Response response;
  response.status = status;
  response.headers = headers;
  response.body = body;
  respond(response);
}

void Session::respond_short_stream(std::string_view headers, std::string_view frames) {
  if (answered_ || phase_ == Phase::closed) return;
  request_.keep_alive = false;
  append_stream_head(out_, headers, head_context());
  if (request_.method != Method::head) out_ += frames;
  finish_answer(200, frames.size());
}

void Session::respond_stream(EventHub& hub, std::string_view headers, const Opening& opening) {
  if (answered_ || phase_ == Phase::closed) return;
  if (request_.method == Method::head || loop_.winding_down()) {  // a stream opened now would never end
    respond_short_stream(headers, {});
    return;
  }
  append_stream_head(out_, headers, head_context());
  record_answer(200, opening.first.before.size() + opening.first.event.size());
  out_.erase(0, out_sent_);
  // The connection becomes a stream: the parser, its buffers and this session go, only the socket stays.
  const Pointer keep(this);
  phase_ = Phase::closed;
  unlink();
  ErrorCode ignored;
  socket_.cancel(ignored);
  hub.adopt(std::move(socket_), std::move(out_), opening);
}

void Session::record_answer(int status, std::size_t body_bytes) {
  answered_ = true;
  close_after_ = close_after_ || !request_.keep_alive || loop_.saying_close();
  if (!loop_.options().access) return;
  AccessRecord record;
  record.method = method_name(request_.method);
  record.path = request_.path;
  record.query = request_.query;
  record.client = request_.client;
  record.correlation_id = request_.correlation_id;
  record.status = status;
  record.body_bytes = body_bytes;
  record.duration = std::chrono::steady_clock::now() - received_at_;
  loop_.options().access(record);
}

void Session::finish_answer(int status, std::size_t body_bytes) {
  record_answer(status, body_bytes);
  enter(Phase::idle, loop_.options().limits.idle);
  if (processing_) return;
  // Answered later, from a callback: go on with what came in meanwhile.
  const Pointer keep(this);
  if (carry_.empty() || close_after_) {
    flush();
  } else {
    process_carried();
  }
}

void Session::process_carried() {
  if (phase_ != Phase::idle || writing_ || carry_.empty()) return;
  // Copied to scratch memory, because carrying on may refill carry_.
  const auto scratch = loop_.scratch();
  const std::size_t size = carry_.size();
  std::copy(carry_.begin(), carry_.end(), scratch.begin());
  carry_.clear();
  process({scratch.data(), size});
}

void Session::flush() {
  if (writing_ || phase_ == Phase::closed) return;
  while (out_sent_ < out_.size()) {
    ErrorCode error;
    const std::size_t sent = socket_.write_some(asio::buffer(out_.data() + out_sent_, out_.size() - out_sent_), error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      if (phase_ != Phase::answering) enter(phase_, loop_.options().limits.write);
      wait_writable();
      return;
    }
    if (error) {
      close();
      return;
    }
    out_sent_ += sent;
  }
  out_.clear();
  out_sent_ = 0;
  if (out_.capacity() > kept_capacity) std::string().swap(out_);
  after_flush();
}

void Session::wait_writable() {
  writing_ = true;
  socket_.async_wait(Socket::wait_write, [self = Pointer(this)](const ErrorCode& error) {
    self->writing_ = false;
    if (error || self->phase_ == Phase::closed) return;
    self->flush();
  });
}

void Session::after_flush() {
  if (phase_ == Phase::answering) return;  // reading goes on after the answer
  if (close_after_) {
    begin_linger();
    return;
  }
  if (phase_ == Phase::idle) request_.shrink();
  if (!carry_.empty() && phase_ == Phase::idle) {
    // Whole requests may wait here since the output was full. Posted, so that one connection can't starve the others.
    asio::post(loop_.io(), [self = Pointer(this)] { self->process_carried(); });
    return;
  }
  wait_readable();
}

void Session::begin_linger() {
  // Closing with unread input would send a reset that can destroy the answer on its way (RFC 9112, 9.6).
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  enter(Phase::lingering, loop_.options().limits.linger);
  drain_linger();
}

void Session::drain_linger() {
  const auto scratch = loop_.scratch();
  for (int i = 0; i < 16; ++i) {
    ErrorCode error;
    const std::size_t received = socket_.read_some(asio::buffer(scratch.data(), scratch.size()), error);
    if (error == asio::error::would_block || error == asio::error::try_again) break;
    if (error || received == 0) {
      close();
      return;
    }
  }
  wait_readable();
}

void Session::check_deadline(std::chrono::steady_clock::time_point now) {
  if (now < deadline_) return;
  const Pointer keep(this);
  if (phase_ == Phase::reading && !writing_ && out_.empty()) {
    settle_request();
    parser_.reset();
    carry_.clear();
    request_.keep_alive = false;
    request_.method = Method::other;
    phase_ = Phase::answering;
    answered_ = false;
    respond_error(408, "request_timeout", {});
    return;
  }
  if (phase_ == Phase::idle && loop_.winding_down() && out_.empty()) {
    close_after_ = true;
    begin_linger();
    return;
  }
  close();
}

void Session::wind_down() {
  // What is being read or answered ends with its answer: record_answer asks the loop.
  if (phase_ != Phase::idle || !carry_.empty()) return;
  const Pointer keep(this);
  // A request that has arrived but was not read yet is under way, too.
  if (!writing_) on_readable();
  if (phase_ != Phase::idle || !carry_.empty() || close_after_) return;
  if (writing_) {
    close_after_ = true;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  deadline_ = fresh_ ? now + first_request_when_stopping : entered_at_ + next_request_when_stopping;
  check_deadline(now);
}

void Session::close() noexcept {
  if (phase_ == Phase::closed) return;
  const Pointer keep(this);
  phase_ = Phase::closed;
  if (is_linked()) unlink();
  ErrorCode ignored;
  socket_.close(ignored);
  parser_.reset();
}

}  // namespace vx11::http
