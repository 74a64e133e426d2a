#include "supervise.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include "notify.h"

namespace {

using Clock = std::chrono::steady_clock;
using vx11::server::Instance;

/// systemd's patience beyond --stop-timeout, which the service keeps by itself.
constexpr std::chrono::seconds stop_margin{5};

/// Wakes the thread that polls it when something has become true.
class Bell {
 public:
  Bell() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;
  ~Bell() { ::close(descriptor_); }
  void ring() const {
    const std::uint64_t one = 1;
    static_cast<void>(::write(descriptor_, &one, sizeof one));
  }
  void quiet() const {
    std::uint64_t rung = 0;
    static_cast<void>(::read(descriptor_, &rung, sizeof rung));
  }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// Whether the terminal that the process was started on is still there. Its end comes as a SIGHUP, too.
class Terminal {
 public:
  [[nodiscard]] bool gone() const {
    int descriptor = 0;
    return std::any_of(was_one_.begin(), was_one_.end(),
                       [&](bool was_one) { return ::isatty(descriptor++) == 0 && was_one; });
  }

 private:
  const std::array<bool, 3> was_one_{::isatty(0) != 0, ::isatty(1) != 0, ::isatty(2) != 0};
};

/// What the instance's threads have told; they may still be about it when this one has seen it.
struct Heard {
  Bell bell;
  std::atomic<bool> draining = false, stopped = false;
};

/// Signs of life, while there is life.
class Watchdog {
 public:
  Watchdog(Notifier& systemd, const Instance& instance) : systemd_(systemd), instance_(instance), next_(Clock::now()) {}

  /// Milliseconds to the next one, as poll takes them; -1: none is wanted.
  [[nodiscard]] int patience() const {
    if (systemd_.interval().count() == 0) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_ - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
  }
  void tell() {
    if (systemd_.interval().count() == 0 || Clock::now() < next_) return;
    next_ = Clock::now() + systemd_.interval();
    if (instance_.alive()) systemd_.alive();
  }

 private:
  Notifier& systemd_;
  const Instance& instance_;
  Clock::time_point next_;
};

[[nodiscard]] std::string_view name_of(int signal) {
  if (signal == SIGHUP) return "SIGHUP, its terminal is gone";
  return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

}  // namespace

boost::system::result<std::unique_ptr<Signals>, std::string> Signals::watch() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&watched, signal);
  ::pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  const int descriptor = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0) return std::string("can't watch signals: ") + std::strerror(errno);
  return std::unique_ptr<Signals>(new Signals(descriptor));
}

Signals::~Signals() { ::close(descriptor_); }

std::optional<int> Signals::take() const {
  signalfd_siginfo info{};
  if (::read(descriptor_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

void supervise(Instance& instance, const Signals& signals, std::chrono::seconds stop_timeout,
               const std::function<boost::system::result<vx11::config::Settings, std::string>()>& read_again) {
  Notifier systemd = Notifier::of_process();
  Watchdog watchdog(systemd, instance);
  const Terminal terminal;
  const auto heard = std::make_shared<Heard>();
  instance.on_draining([heard] {
    heard->draining.store(true);
    heard->bell.ring();
  });
  instance.on_stopped([heard] {
    heard->stopped.store(true);
    heard->bell.ring();
  });
  const std::string status = "Answering at " + instance.url();
  systemd.ready(status);

  bool said_stopping = false, asked_to_stop = false;
  while (!heard->stopped.load()) {
    watchdog.tell();
    pollfd waits[2] = {{signals.descriptor(), POLLIN, 0}, {heard->bell.descriptor(), POLLIN, 0}};
    if (::poll(waits, 2, watchdog.patience()) < 0 && errno != EINTR) break;
    heard->bell.quiet();
    while (const auto signal = signals.take()) {
      if (*signal == SIGHUP && !terminal.gone()) {
        if (heard->draining.load()) continue;
        systemd.reloading();
        const bool taken = instance.reload(read_again());
        systemd.ready(taken ? status : status + "; the last reload was refused, the log says why");
        continue;
      }
      if (std::exchange(asked_to_stop, true)) instance.stop_now();
      instance.drain(name_of(*signal));
    }
    if (heard->draining.load() && !std::exchange(said_stopping, true)) systemd.stopping(stop_timeout + stop_margin);
  }
  instance.wait();
}
