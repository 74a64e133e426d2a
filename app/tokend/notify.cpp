#include "notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <optional>
#include <utility>

namespace {

[[nodiscard]] std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

[[nodiscard]] std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Of what systemd waits for a sign of life, unless that is asked of another process.
[[nodiscard]] std::chrono::microseconds watchdog_interval() {
  const std::string_view pid = variable("WATCHDOG_PID");
  if (!pid.empty() && number(pid) != static_cast<std::uint64_t>(::getpid())) return {};
  return std::chrono::microseconds(static_cast<std::int64_t>(number(variable("WATCHDOG_USEC")).value_or(0) / 2));
}

void complain(std::string_view what) { std::cerr << "vx11-tokend: systemd can't be told: " << what << '\n'; }

}  // namespace

Notifier Notifier::of_process() {
  std::string address(variable("NOTIFY_SOCKET"));
  if (address.empty()) return {-1, {}, {}};
  if ((address[0] != '/' && address[0] != '@') || address.size() < 2 ||
      address.size() >= sizeof sockaddr_un::sun_path) {
    complain("NOTIFY_SOCKET is \"" + address + "\", neither a path nor a name after @");
    return {-1, {}, {}};
  }
  if (address[0] == '@') address[0] = '\0';
  const int made = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (made < 0) complain(std::strerror(errno));
  const timeval patience{1, 0};
  ::setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return {made, std::move(address), watchdog_interval()};
}

Notifier::Notifier(int socket, std::string address, std::chrono::microseconds interval)
    : socket_(socket), address_(std::move(address)), interval_(interval) {}

Notifier::Notifier(Notifier&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      address_(std::move(other.address_)),
      interval_(other.interval_),
      complained_(other.complained_) {}

Notifier::~Notifier() {
  if (socket_ >= 0) ::close(socket_);
}

void Notifier::ready(std::string_view status) { send("READY=1\nSTATUS=" + std::string(status)); }

void Notifier::reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto usec = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec) + "\nSTATUS=Reading the configuration again");
}

void Notifier::stopping(std::chrono::microseconds limit) {
  send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(limit.count()) + "\nSTATUS=Stopping gracefully");
}

void Notifier::alive() { send("WATCHDOG=1"); }

void Notifier::send(std::string_view message) {
  if (socket_ < 0) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  const auto sent =
      ::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to), size);
  if (sent < 0 && !std::exchange(complained_, true)) complain(std::strerror(errno));
}
