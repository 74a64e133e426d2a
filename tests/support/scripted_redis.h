// A server that speaks Redis' protocol and says what a test wants: a sentinel, or a node that moved its slots. On a
// free loopback port, in a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/redis_server.h"

namespace vx11::test {

/// Thread-safe.
class ScriptedRedis {
 public:
  using Words = std::vector<std::string>;
  /// The reply in Redis' protocol; "" says nothing at all. Called on the server's thread, one call at a time.
  using Script = std::function<std::string(const Words& command)>;

  [[nodiscard]] static std::string text(std::string_view value) {
    return "$" + std::to_string(value.size()) + "\r\n" + std::string(value) + "\r\n";
  }
  [[nodiscard]] static std::string nil() { return "*-1\r\n"; }
  [[nodiscard]] static std::string error(std::string_view words) { return "-" + std::string(words) + "\r\n"; }
  /// Of replies.
  [[nodiscard]] static std::string array(const std::vector<std::string>& replies) {
    std::string all = "*" + std::to_string(replies.size()) + "\r\n";
    for (const std::string& reply : replies) all += reply;
    return all;
  }
  [[nodiscard]] static std::string texts(const std::vector<std::string>& values) {
    std::vector<std::string> replies;
    for (const std::string& value : values) replies.push_back(text(value));
    return array(replies);
  }
  /// What a master says that is greeted; +OK to all else.
  [[nodiscard]] static std::string as_usual(const Words& command) {
    if (command[0] == "TIME") return texts({"1700000000", "0"});
    if (command[0] == "ROLE") return array({text("master"), ":0\r\n", "*0\r\n"});
    if (command[0] == "INFO") return text("");
    if (command[0] == "PING") return "+PONG\r\n";
    return "+OK\r\n";
  }

  explicit ScriptedRedis(Script script)
      : script_(std::move(script)), port_(free_port()), wake_(::eventfd(0, EFD_CLOEXEC)) {
    acceptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(acceptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::bind(acceptor_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(acceptor_, 64);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedRedis() {
    const std::uint64_t one = 1;
    static_cast<void>(::write(wake_, &one, sizeof one) == sizeof one);
    thread_.join();
    for (const auto& [socket, bytes] : clients_) ::close(socket);
    ::close(acceptor_);
    ::close(wake_);
  }
  ScriptedRedis(const ScriptedRedis&) = delete;
  ScriptedRedis& operator=(const ScriptedRedis&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// From the next command on.
  void say(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
  }
  /// How often somebody connected.
  [[nodiscard]] int connections() const { return connections_; }
  /// All commands heard so far, words separated by blanks.
  [[nodiscard]] std::vector<std::string> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void serve() {
    for (;;) {
      std::vector<pollfd> waiting{{wake_, POLLIN, 0}, {acceptor_, POLLIN, 0}};
      for (const auto& [socket, bytes] : clients_) waiting.push_back({socket, POLLIN, 0});
      if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
      if (waiting[0].revents != 0) return;
      if (waiting[1].revents != 0) {
        const int socket = ::accept4(acceptor_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0) clients_.emplace(socket, std::string());
        ++connections_;
      }
      for (std::size_t i = 2; i < waiting.size(); ++i) {
        if (waiting[i].revents != 0) hear(waiting[i].fd);
      }
    }
  }
  void hear(int socket) {
    char piece[16 * 1024];
    const ssize_t size = ::recv(socket, piece, sizeof piece, 0);
    if (size <= 0) {
      clients_.erase(socket);
      ::close(socket);
      return;
    }
    std::string& bytes = clients_[socket];
    bytes.append(piece, static_cast<std::size_t>(size));
    while (const auto command = take(bytes)) {
      std::string reply;
      {
        const std::lock_guard lock(mutex_);
        std::string line;
        for (const std::string& word : *command) line += (line.empty() ? "" : " ") + word;
        heard_.push_back(std::move(line));
        reply = script_(*command);
      }
      static_cast<void>(::send(socket, reply.data(), reply.size(), MSG_NOSIGNAL));
    }
  }
  /// The first command, taken away; nothing while it isn't whole.
  static std::optional<Words> take(std::string& bytes) {
    std::size_t at = 0;
    const auto number = [&]() -> std::optional<std::size_t> {
      const std::size_t end = bytes.find("\r\n", at);
      if (end == std::string::npos) return std::nullopt;
      const auto value = static_cast<std::size_t>(std::atoll(bytes.c_str() + at + 1));
      at = end + 2;
      return value;
    };
    const auto count = number();
    if (!count) return std::nullopt;
    Words words(*count);
    for (std::string& word : words) {
      const auto size = number();
      if (!size || bytes.size() < at + *size + 2) return std::nullopt;
      word = bytes.substr(at, *size);
      at += *size + 2;
    }
    bytes.erase(0, at);
    return words;
  }

  mutable std::mutex mutex_;
  Script script_;
  std::vector<std::string> heard_;
  std::uint16_t port_;
  int wake_;
  int acceptor_;
  std::map<int, std::string> clients_;  // and what came of their next command
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace vx11::test
