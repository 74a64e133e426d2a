// vx11-tokend: one instance of the token service, without a screen.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "config/loader.h"
#include "server/instance.h"
#include "server/setup.h"
#include "supervise.h"
#include "token/version.h"

namespace {

using vx11::config::Settings;

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

int fail(int code, const std::string& message) {
  std::cerr << "vx11-tokend: " << message << '\n';
  return code;
}

/// A one-run principal is shown on a terminal, or written where it was asked for; never anywhere else.
std::optional<std::string> hand_over(const vx11::Secret& principal, const std::string& path) {
  if (path.empty()) {
    std::cerr << "principal for this run (send it as X-VX11-Token): " << principal.reveal() << '\n';
    return std::nullopt;
  }
  ::unlink(path.c_str());  // a file that others can read would keep its mode
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return "the principal can't be written to " + path + ": " + std::strerror(errno);
  const std::string_view value = principal.reveal();
  const bool whole =
      ::write(file, value.data(), value.size()) == static_cast<ssize_t>(value.size()) && ::write(file, "\n", 1) == 1;
  const int fault = errno;
  ::close(file);
  if (!whole) return "the principal can't be written to " + path + ": " + std::strerror(fault);
  return std::nullopt;
}

int serve(const Settings& settings, int argc, char** argv) {
  if (settings.principals.empty() && settings.principal_out.empty() && ::isatty(STDERR_FILENO) == 0) {
    return fail(exit_usage,
                "no principal is configured, and there is no terminal to show a new one on; set VX11_OPERATOR_TOKEN, "
                "--principal-file or --principal-out");
  }
  const auto signals = Signals::watch();
  if (!signals) return fail(exit_failure, signals.error());
  const vx11::SystemClock clock;
  vx11::SystemRandom random;
  auto instance =
      vx11::server::Instance::start(settings, {clock, random, vx11::observe::Log::to_descriptor(STDERR_FILENO)});
  if (!instance) return fail(exit_failure, instance.error());
  if (!(*instance)->one_run_principal().empty()) {
    if (const auto fault = hand_over((*instance)->one_run_principal(), settings.principal_out)) {
      return fail(exit_failure, *fault);
    }
  }
  supervise(
      **instance, **signals, settings.stop_timeout, [argc, argv]() -> boost::system::result<Settings, std::string> {
        auto inputs = vx11::config::Inputs::of_process(argc, argv);
        inputs.why_not_writable = nullptr;  // a log that has broken under a running service keeps no principal out
        auto loaded = vx11::config::load(inputs);
        if (!loaded) return loaded.error();
        return std::move(loaded->settings);
      });
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  auto loaded = vx11::config::load(vx11::config::Inputs::of_process(argc, argv));
  if (!loaded) return fail(exit_usage, loaded.error());
  switch (loaded->action) {
    case vx11::config::Action::help:
      std::cout << vx11::config::help_text();
      return 0;
    case vx11::config::Action::version:
      std::cout << "vx11-tokend " << vx11::version_text << '\n';
      return 0;
    case vx11::config::Action::print_config:
      std::cout << loaded->report;
      return 0;
    case vx11::config::Action::check_config:
      if (const auto reason = vx11::server::unsupported(loaded->settings)) return fail(exit_usage, *reason);
      for (const std::string& warning : loaded->settings.warnings) std::cerr << "warning: " << warning << '\n';
      if (loaded->settings.principals.empty() && loaded->settings.principal_out.empty()) {
        std::cerr << "warning: no principal is configured: a start on a terminal makes one and shows it there, any "
                     "other is refused; set VX11_OPERATOR_TOKEN, --principal-file or --principal-out\n";
      }
      std::cout << "configuration is valid\n";
      return 0;
    case vx11::config::Action::serve:
      return serve(loaded->settings, argc, argv);
  }
  return exit_usage;
}
