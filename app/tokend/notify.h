// Tells systemd how the service is doing: datagrams to the socket of NOTIFY_SOCKET, as sd_notify(3) documents them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

/// Without that variable nothing is said. Not thread-safe. What can't be sent is reported once on stderr and never
/// stops the service.
class Notifier {
 public:
  /// By NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  [[nodiscard]] static Notifier of_process();

  Notifier(Notifier&& other) noexcept;
  Notifier& operator=(Notifier&&) = delete;
  ~Notifier();

  /// The service answers; also after a reload. `status` is what `systemctl status` shows.
  void ready(std::string_view status);
  void reloading();
  /// systemd is to wait for `limit` before it kills.
  void stopping(std::chrono::microseconds limit);
  /// The service lives.
  void alive();
  /// How often systemd has to be told so, twice as often as it looks; 0: it doesn't ask.
  [[nodiscard]] std::chrono::microseconds interval() const noexcept { return interval_; }

 private:
  Notifier(int socket, std::string address, std::chrono::microseconds interval);
  void send(std::string_view message);

  int socket_;           ///< -1: nobody listens
  std::string address_;  ///< as sun_path holds it: an abstract name begins with a zero byte
  std::chrono::microseconds interval_;
  bool complained_ = false;
};
