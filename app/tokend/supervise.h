// What a process of its own does around a running instance: signals, and word to systemd.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/system/result.hpp>

#include "config/settings.h"
#include "server/instance.h"

/// The signals that a service listens to, from before any thread starts to its end.
class Signals {
 public:
  /// Blocks them for this thread and all that it starts. The error is a sentence.
  [[nodiscard]] static boost::system::result<std::unique_ptr<Signals>, std::string> watch();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// The next one that waits.
  [[nodiscard]] std::optional<int> take() const;

 private:
  explicit Signals(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// Until the instance has ended. SIGTERM and SIGINT drain it, a second one ends it now; SIGHUP makes it take over what
/// `read_again` returns, or drains it when it comes because the terminal is gone; systemd hears of all that.
void supervise(vx11::server::Instance& instance, const Signals& signals, std::chrono::seconds stop_timeout,
               const std::function<boost::system::result<vx11::config::Settings, std::string>()>& read_again);
