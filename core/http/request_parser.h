// Beast's HTTP/1 parser writing straight into a Request, without its containers.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include "http/limits.h"
#include "http/request.h"

namespace vx11::http {

/// What a request can be refused for before any handler sees it.
enum class ParseFault : std::uint8_t { none, malformed, target_too_long, headers_too_large, body_too_large };

/// Parses one request; made anew for the next. Feed it with `put` until `is_done`.
class RequestParser final : public boost::beast::http::basic_parser<true> {
  using Base = boost::beast::http::basic_parser<true>;

 public:
  RequestParser(Request& request, const Limits& limits);

  /// As Beast's, but safe for every cut of a chunked body.
  std::size_t put(const boost::asio::const_buffer& data, boost::system::error_code& error);
  [[nodiscard]] bool expects_continue() const noexcept { return expects_continue_; }
  /// What an error of `put` means for the client.
  [[nodiscard]] ParseFault fault(const boost::system::error_code& error) const noexcept;
  /// What a line that doesn't end within the limits is: a target, or a header field, chunk size or trailer.
  [[nodiscard]] ParseFault fault_of_unfinished_line() const noexcept {
    return target_seen_ ? ParseFault::headers_too_large : ParseFault::target_too_long;
  }

 private:
  using View = boost::beast::string_view;
  using Error = boost::system::error_code;
  void on_request_impl(boost::beast::http::verb method, View method_text, View target, int version,
                       Error& error) override;
  void on_response_impl(int, View, int, Error&) override {}
  void on_field_impl(boost::beast::http::field name, View name_text, View value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, Error& error) override;
  std::size_t on_body_impl(View body, Error& error) override;
  void on_chunk_header_impl(std::uint64_t, View, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t remain, View body, Error& error) override;
  void on_finish_impl(Error&) override {}

  Request& request_;
  const Limits& limits_;
  std::size_t header_bytes_ = 0;
  bool target_seen_ = false;
  bool expects_continue_ = false;
  bool host_seen_ = false;
  bool chunked_seen_ = false;
  ParseFault own_fault_ = ParseFault::none;
};

}  // namespace vx11::http
