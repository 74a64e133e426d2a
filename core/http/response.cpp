#include "http/response.h"

#include <array>
#include <charconv>

namespace vx11::http {

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Unknown";
  }
}

std::string_view DateHeader::line(std::time_t now) {
  if (now != at_) {
    at_ = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    // Not %a and %b: a program with a window sets the user's language, and strftime would follow it.
    constexpr std::string_view days = "SunMonTueWedThuFriSat";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "Date: ???, %d ??? %Y %H:%M:%S GMT\r\n", &parts);
    line_.assign(text.data(), size);
    line_.replace(6, 3, days.substr(3 * static_cast<std::size_t>(parts.tm_wday), 3));
    line_.replace(14, 3, months.substr(3 * static_cast<std::size_t>(parts.tm_mon), 3));
  }
  return line_;
}

namespace {

void append_number(std::string& out, std::size_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_status(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out += ' ';
  out += reason_phrase(status);
  out += "\r\n";
}

void append_common(std::string& out, const HeadContext& context) {
  out += context.date_line;
  out += context.fixed_lines;
  out += context.path_lines;
  if (!context.correlation_id.empty()) {
    out += "X-Correlation-Id: ";
    out += context.correlation_id;
    out += "\r\n";
  }
}

}  // namespace

void append_response(std::string& out, const Response& response, const HeadContext& context) {
  append_status(out, response.status);
  append_common(out, context);
  if (response.status != 204) {  // RFC 9110, 8.6: no Content-Length with 204
    if (!response.content_type.empty()) {
      out += "Content-Type: ";
      out += response.content_type;
      out += "\r\n";
    }
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  out += response.headers;
  if (!context.keep_alive) {
    out += "Connection: close\r\n";
  } else if (context.http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (!context.head_only) out += response.body;
}

void append_stream_head(std::string& out, std::string_view headers, const HeadContext& context) {
  append_status(out, 200);
  append_common(out, context);
  out += "Content-Type: text/event-stream\r\n";
  out += headers;
  out += "Connection: close\r\n\r\n";
}

std::string error_body(std::string_view detail, std::string_view correlation_id) {
  std::string body = R"({"detail":")";
  body += detail;
  body += R"(","correlation_id":")";
  body += correlation_id;
  body += "\"}";
  return body;
}

}  // namespace vx11::http
