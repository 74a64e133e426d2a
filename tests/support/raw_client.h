// A blocking client for tests that sees every byte: what it sends is what was typed, what it returns is what came.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace vx11::test {

struct Answer {
  int status = 0;  ///< 0: none came
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  std::string raw_head;
  [[nodiscard]] std::string header(const std::string& lower_name) const {
    const auto found = headers.find(lower_name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/// One TCP connection to 127.0.0.1. Waits are bounded by `patience`.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, std::chrono::milliseconds patience = std::chrono::seconds(10),
                     int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), patience_(patience) {
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval longest{patience.count() / 1000, patience.count() % 1000 * 1000};
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);  // of connecting, too
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void shutdown_write() { ::shutdown(socket_, SHUT_WR); }

  /// False when the other side has gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Reads until `text` has come (true), the end, or patience runs out.
  bool read_until(std::string_view text) {
    while (received_.find(text) == std::string::npos) {
      if (!receive()) return false;
    }
    return true;
  }

  /// Everything up to the end of the connection; empty and `ended()` false when patience ran out first.
  std::string read_to_end() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] const std::string& received() const { return received_; }
  void forget() { received_.clear(); }
  void forget_first(std::size_t bytes) { received_.erase(0, bytes); }

  /// One answer with Content-Length; `head_only` for HEAD.
  Answer read_answer(bool head_only = false) {
    Answer answer;
    if (!read_until("\r\n\r\n")) return answer;
    const std::size_t end = received_.find("\r\n\r\n");
    answer.raw_head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    answer.status = std::atoi(answer.raw_head.substr(9, 3).c_str());
    std::size_t at = answer.raw_head.find("\r\n") + 2;
    while (at < answer.raw_head.size()) {
      const std::size_t line_end = answer.raw_head.find("\r\n", at);
      const std::string line = answer.raw_head.substr(at, line_end - at);
      at = line_end + 2;
      const std::size_t colon = line.find(':');
      std::string name = line.substr(0, colon);
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
      std::size_t value_at = colon + 1;
      while (value_at < line.size() && line[value_at] == ' ') ++value_at;
      answer.headers[name] = line.substr(value_at);
    }
    const std::size_t size = std::strtoul(answer.header("content-length").c_str(), nullptr, 10);
    while (!head_only && received_.size() < size) {
      if (!receive()) break;
    }
    if (!head_only) {
      answer.body = received_.substr(0, size);
      received_.erase(0, size);
    }
    return answer;
  }

  Answer ask(std::string_view request, bool head_only = false) {
    if (!send(request)) return {};
    return read_answer(head_only);
  }

  /// Waits for more; false at the end, or when patience runs out first.
  bool receive() {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(patience_.count())) <= 0) return false;
    char buffer[65536];
    const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
    if (n <= 0) {
      ended_ = true;
      return false;
    }
    received_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }

 private:
  int socket_;
  std::chrono::milliseconds patience_;
  std::string received_;
  bool connected_ = false;
  bool ended_ = false;
};

/// `GET /path HTTP/1.1` with Host and more header lines.
[[nodiscard]] inline std::string request_text(std::string_view method, std::string_view target,
                                              std::string_view header_lines = {}, std::string_view body = {}) {
  std::string text;
  text += method;
  text += ' ';
  text += target;
  text += " HTTP/1.1\r\nHost: localhost\r\n";
  text += header_lines;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  text += body;
  return text;
}

}  // namespace vx11::test
