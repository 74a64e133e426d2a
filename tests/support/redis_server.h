// A real redis-server of a test's own: on a free loopback port, in a folder that goes with it, without persistence. It
// ends with the test, whatever becomes of the test.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/temp_folder.h"

namespace vx11::test {

/// A port of 127.0.0.1 that nobody listens on. Below those the kernel gives to outgoing connections: a client that
/// tries again and again to reach such a port could in the end reach itself.
[[nodiscard]] inline std::uint16_t free_port() {
  static std::atomic<unsigned> next{static_cast<unsigned>(::getpid()) * 37U};
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const auto port = static_cast<std::uint16_t>(16'000 + next++ % 16'000);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool is_free = ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (is_free) return port;
  }
  return 0;
}

/// A blocking connection that sends one command at a time and returns its reply as text: a status, text or integer as
/// it is, an error with "-" before it, nil as "(nil)", an array's elements one a line; "" when the connection broke.
class RedisConsole {
 public:
  explicit RedisConsole(std::uint16_t port, std::chrono::milliseconds patience = std::chrono::seconds(10))
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), patience_(patience) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RedisConsole() { ::close(socket_); }
  RedisConsole(const RedisConsole&) = delete;
  RedisConsole& operator=(const RedisConsole&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  std::string command(const std::vector<std::string>& words) {
    if (!connected_) return {};
    std::string bytes = "*" + std::to_string(words.size()) + "\r\n";
    for (const std::string& word : words) bytes += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
    for (std::string_view rest = bytes; !rest.empty();) {
      const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return {};
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return read_reply();
  }

 private:
  bool more() {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(patience_.count())) != 1) return false;
    char piece[16 * 1024];
    const ssize_t size = ::recv(socket_, piece, sizeof piece, 0);
    if (size > 0) buffer_.append(piece, static_cast<std::size_t>(size));
    return size > 0;
  }
  std::string line() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!more()) return {};
    }
    std::string found = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return found;
  }
  std::string read_reply() {
    const std::string head = line();
    if (head.empty()) return {};
    if (head[0] == '-') return head;
    if (head[0] == '+' || head[0] == ':') return head.substr(1);
    const int size = std::atoi(head.c_str() + 1);
    if (size < 0) return "(nil)";
    std::string value;
    if (head[0] == '*') {
      for (int i = 0; i < size; ++i) value += (i == 0 ? "" : "\n") + read_reply();
      return value;
    }
    const auto wanted = static_cast<std::size_t>(size) + 2;
    while (buffer_.size() < wanted) {
      if (!more()) return {};
    }
    value = buffer_.substr(0, wanted - 2);
    buffer_.erase(0, wanted);
    return value;
  }

  int socket_;
  std::chrono::milliseconds patience_;
  bool connected_ = false;
  std::string buffer_;
};

/// `if (!redis) QFAIL(redis.error().c_str())`: false when it didn't start. Made and used by one thread, which must
/// outlive it (the server ends with the thread that started it).
class RedisServer {
 public:
  /// `arguments` as on redis-server's command line: {"--requirepass", "x"}. They come last, and so win. `config` is
  /// what stands in its configuration file; {"--sentinel"} needs one, which the server then writes to.
  explicit RedisServer(std::vector<std::string> arguments = {}, std::string config = {})
      : arguments_(std::move(arguments)), config_(std::move(config)) {
    for (std::size_t i = 0; i + 1 < arguments_.size(); ++i) {
      if (arguments_[i] == "--requirepass") password_ = arguments_[i + 1];
    }
    program_ = find_program();
    if (program_.empty()) {
      error_ = "no redis-server in $VX11_TOOLS/bin or on the PATH: it is in the Debian package redis-server";
      return;
    }
    for (int attempt = 0; attempt < 5 && process_ < 0; ++attempt) {
      port_ = free_port();
      start_again();
    }
  }
  ~RedisServer() { kill(); }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  [[nodiscard]] explicit operator bool() const { return process_ > 0; }
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const {
    return "redis://" + (password_.empty() ? "" : ":" + password_ + "@") + "127.0.0.1:" + std::to_string(port_);
  }

  /// Stops answering, as a machine that hangs: connections stay, and new ones are accepted by the kernel.
  void pause() {
    if (process_ <= 0) return;
    ::kill(process_, SIGSTOP);
    int status = 0;
    ::waitpid(process_, &status, WUNTRACED);
  }
  void resume() {
    if (process_ > 0) ::kill(process_, SIGCONT);
  }
  /// Connections break, and new ones are refused.
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
  }
  /// On the same port, with nothing in it. Returns when it answers.
  bool start_again() {
    kill();
    if (program_.empty()) return false;
    std::vector<std::string> words{program_};
    if (!config_.empty()) {
      words.push_back(folder_.path("redis.conf"));
      std::ofstream(words.back()) << config_;
    }
    words.insert(words.end(), {"--port", std::to_string(port_), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                               "no", "--dir", folder_.path()});
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    process_ = spawn(words, folder_.path("redis.log"));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end) {
      int status = 0;
      if (::waitpid(process_, &status, WNOHANG) == process_) {
        process_ = -1;
        break;
      }
      const std::string answer = RedisConsole(port_, std::chrono::seconds(1)).command({"PING"});
      if (answer == "PONG" || answer.starts_with("-NOAUTH")) {
        error_.clear();
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
    error_ = "redis-server didn't start: " + log();
    kill();
    return false;
  }

  /// See RedisConsole::command; on a connection of its own, with the password.
  std::string command(const std::vector<std::string>& words) const {
    RedisConsole console(port_);
    if (!password_.empty()) console.command({"AUTH", password_});
    return console.command(words);
  }
  /// What it wrote itself.
  [[nodiscard]] std::string log() const {
    std::ifstream file(folder_.path("redis.log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  static std::string find_program() {
    const char* tools = std::getenv("VX11_TOOLS");
    std::string places = std::string(tools == nullptr ? "" : tools) + "/bin:";
    if (const char* path = std::getenv("PATH")) places += path;
    for (std::string_view rest = places; !rest.empty();) {
      const std::size_t colon = rest.find(':');
      const std::string candidate = std::string(rest.substr(0, colon)) + "/redis-server";
      if (::access(candidate.c_str(), X_OK) == 0) return candidate;
      rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
    }
    return {};
  }
  static pid_t spawn(const std::vector<std::string>& words, const std::string& log_file) {
    std::vector<char*> pointers;
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child != 0) return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    const int out = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }

  TempFolder folder_;
  std::vector<std::string> arguments_;
  std::string config_;
  std::string password_;
  std::string program_;
  std::string error_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

}  // namespace vx11::test
