#include "process/shutdown_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>

namespace vx11::process {
namespace {

// A signal handler has no other way to know the pipe; this is the one variable of its kind.
std::atomic<int> writeEnd{-1};

constexpr std::array ends{SIGINT, SIGTERM, SIGHUP};

void onSignal(int) {
  const char byte = 1;
  [[maybe_unused]] const auto written = ::write(writeEnd.load(), &byte, 1);
}

}  // namespace

ShutdownSignals::ShutdownSignals(QObject* parent) : QObject(parent) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC | O_NONBLOCK) != 0) return;
  readEnd_ = pipe[0];
  writeEnd = pipe[1];
  notifier_ = std::make_unique<QSocketNotifier>(readEnd_, QSocketNotifier::Read);
  connect(notifier_.get(), &QSocketNotifier::activated, this, [this] {
    char bytes[16];
    while (::read(readEnd_, bytes, sizeof bytes) > 0) continue;
    Q_EMIT requested();
  });
  for (const int number : ends) {
    former_[number] = std::signal(number, onSignal);
    if (former_[number] == SIG_IGN) std::signal(number, SIG_IGN);  // as nohup and a shell's "&" want it
  }
}

ShutdownSignals::~ShutdownSignals() {
  for (const auto& [number, handler] : former_) std::signal(number, handler);
  notifier_.reset();
  if (readEnd_ >= 0) ::close(readEnd_);
  if (const int end = writeEnd.exchange(-1); end >= 0) ::close(end);
}

}  // namespace vx11::process
