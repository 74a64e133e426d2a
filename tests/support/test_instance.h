// A real instance in this process, on a free port, for tests that speak to it over a socket.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "server/instance.h"
#include "support/raw_client.h"

namespace vx11::test {

inline constexpr const char* principal = "principal-for-tests-0123456789";
inline constexpr const char* second_principal = "another-principal-9876543210";

[[nodiscard]] inline config::Settings test_settings() {
  config::Settings settings;
  settings.listen.port = 0;
  settings.mode = "memory";
  settings.threads = 2;
  settings.principals.emplace_back(Secret(principal));
  settings.principals.emplace_back(Secret(second_principal));
  return settings;
}

/// Owns its clock, its randomness and what it logged.
class TestInstance {
 public:
  explicit TestInstance(config::Settings settings = test_settings()) {
    auto started = server::Instance::start(std::move(settings), {clock_, random_, [this](std::string_view line) {
                                                                   const std::lock_guard lock(mutex_);
                                                                   log_ += line;
                                                                 }});
    if (started) {
      instance_ = std::move(*started);
    } else {
      error_ = started.error();
    }
  }

  [[nodiscard]] explicit operator bool() const { return instance_ != nullptr; }
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] server::Instance& operator*() const { return *instance_; }
  [[nodiscard]] server::Instance* operator->() const { return instance_.get(); }
  [[nodiscard]] std::uint16_t port() const { return instance_->port(); }
  [[nodiscard]] std::string log() const {
    const std::lock_guard lock(mutex_);
    return log_;
  }
  void reset() { instance_.reset(); }

  [[nodiscard]] static std::string principal_line(std::string_view value = principal) {
    return "X-VX11-Token: " + std::string(value) + "\r\n";
  }
  /// One request on a connection of its own.
  [[nodiscard]] Answer ask(std::string_view method, std::string_view target, std::string_view headers = {},
                           std::string_view body = {}) const {
    RawClient client(port());
    return client.ask(request_text(method, target, headers, body), method == "HEAD");
  }
  [[nodiscard]] std::string issue(std::string_view body = {}) const {
    const Answer answer = ask("POST", "/operator/api/events/sse-token", principal_line(), body);
    const std::size_t at = answer.body.find("\"sse_token\":\"");
    return at == std::string::npos ? std::string() : answer.body.substr(at + 13, 36);
  }
  [[nodiscard]] Answer validate(std::string_view token) const {
    return ask("GET", "/operator/api/events/validate?token=" + std::string(token));
  }

 private:
  SystemClock clock_;
  SystemRandom random_;
  mutable std::mutex mutex_;
  std::string log_;
  std::string error_;
  std::unique_ptr<server::Instance> instance_;
};

}  // namespace vx11::test
