// An answer, and how it becomes bytes: written by hand into the connection's one buffer, with what never changes
// cached.
#pragma once

#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>

namespace vx11::http {

/// Views are copied when the answer is sent. `headers` are whole lines, each with its CRLF.
struct Response {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string_view headers;
  std::string_view body;
  bool close = false;
};

[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// The Date field of this second (RFC 9110, 6.6.1), formatted once a second. Belongs to one loop.
class DateHeader {
 public:
  /// The whole line with CRLF.
  [[nodiscard]] std::string_view line(std::time_t now);

 private:
  std::time_t at_ = -1;
  std::string line_;
};

/// Everything of the head that the connection and not the handler decides.
struct HeadContext {
  std::string_view date_line;
  std::string_view fixed_lines;     ///< on every answer of the server
  std::string path_lines;           ///< on every answer of this path
  std::string_view correlation_id;  ///< empty: none
  bool keep_alive = true;
  bool http_1_0 = false;
  bool head_only = false;  ///< HEAD: same head, no body (RFC 9110, 9.3.2)
};

void append_response(std::string& out, const Response& response, const HeadContext& context);
/// The head of an endless body that ends with the connection.
void append_stream_head(std::string& out, std::string_view headers, const HeadContext& context);
/// `{"detail":"…","correlation_id":"…"}`; both texts are ours and plain.
[[nodiscard]] std::string error_body(std::string_view detail, std::string_view correlation_id);

}  // namespace vx11::http
