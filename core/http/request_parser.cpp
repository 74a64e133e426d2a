#include "http/request_parser.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace vx11::http {

namespace beast_http = boost::beast::http;

namespace {

[[nodiscard]] std::string_view std_view(boost::beast::string_view text) noexcept { return {text.data(), text.size()}; }

[[nodiscard]] Method method_of(beast_http::verb verb) noexcept {
  switch (verb) {
    case beast_http::verb::get:
      return Method::get;
    case beast_http::verb::head:
      return Method::head;
    case beast_http::verb::post:
      return Method::post;
    case beast_http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

}  // namespace

RequestParser::RequestParser(Request& request, const Limits& limits) : request_(request), limits_(limits) {
  request_.reset();
  eager(true);
  // The limits proper are counted below, so that a long target and long headers can be told apart.
  header_limit(static_cast<std::uint32_t>(limits.target + limits.headers + 1024));
  body_limit(limits.body);
}

std::size_t RequestParser::put(const boost::asio::const_buffer& data, boost::system::error_code& error) {
  // The end of a chunked body takes five bytes ("0", two line ends). Beast 1.81 asserts that it sees them all at once
  // when it has seen three: a client that sends them one by one would end a process that was built with assertions.
  constexpr std::size_t end_of_chunks = 5;
  if (is_header_done() && chunked() && data.size() < end_of_chunks) {
    error = beast_http::error::need_more;
    return 0;
  }
  return Base::put(data, error);
}

ParseFault RequestParser::fault(const boost::system::error_code& error) const noexcept {
  if (own_fault_ != ParseFault::none) return own_fault_;
  if (error == beast_http::error::body_limit) return ParseFault::body_too_large;
  if (error == beast_http::error::header_limit) return fault_of_unfinished_line();
  return ParseFault::malformed;
}

void RequestParser::on_request_impl(beast_http::verb method, View, View target, int version, Error& error) {
  target_seen_ = true;
  request_.method = method_of(method);
  request_.http_1_0 = version < 11;
  if (target.size() > limits_.target) {
    own_fault_ = ParseFault::target_too_long;
    error = beast_http::error::header_limit;
    return;
  }
  request_.set_target(std_view(target));
}

void RequestParser::on_field_impl(beast_http::field name, View name_text, View value, Error& error) {
  // Trailers (RFC 9110, 6.5.1) must not be taken for header fields: what checks those has already looked.
  if (is_header_done()) return;
  header_bytes_ += name_text.size() + value.size() + 4;
  if (header_bytes_ > limits_.headers || request_.header_count() >= limits_.header_count) {
    own_fault_ = ParseFault::headers_too_large;
    error = beast_http::error::header_limit;
    return;
  }
  if (name == beast_http::field::host) {
    if (host_seen_) {  // RFC 9112, 3.2: more than one Host is 400
      own_fault_ = ParseFault::malformed;
      error = beast_http::error::bad_field;
      return;
    }
    host_seen_ = true;
  } else if (name == beast_http::field::transfer_encoding) {
    // Beast takes a body whose last coding isn't "chunked" for none at all, and what follows for the next request;
    // such a length can't be known, and a proxy may have seen another one (RFC 9112, 6.1 and 6.3).
    if (chunked_seen_ || request_.http_1_0 || !boost::beast::iequals(value, "chunked")) {
      own_fault_ = ParseFault::malformed;
      error = beast_http::error::bad_transfer_encoding;
      return;
    }
    chunked_seen_ = true;
  } else if (name == beast_http::field::expect && !request_.http_1_0 && boost::beast::iequals(value, "100-continue")) {
    expects_continue_ = true;
  }
  request_.add_header(std_view(name_text), std_view(value));
}

void RequestParser::on_header_impl(Error& error) {
  if (!host_seen_ && !request_.http_1_0) {  // RFC 9112, 3.2
    own_fault_ = ParseFault::malformed;
    error = beast_http::error::bad_field;
    return;
  }
  if (upgrade()) {
    // Not offered, so the request is answered as if it hadn't asked (RFC 9110, 7.8).
    request_.keep_alive = false;
  }
}

void RequestParser::on_body_init_impl(boost::optional<std::uint64_t> const&, Error&) {}

std::size_t RequestParser::on_body_impl(View body, Error&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View body, Error& error) {
  // Beast counts a chunked body against its limit only chunk by chunk.
  if (request_.body.size() + body.size() > limits_.body) {
    own_fault_ = ParseFault::body_too_large;
    error = beast_http::error::body_limit;
    return 0;
  }
  return on_body_impl(body, error);
}

}  // namespace vx11::http
