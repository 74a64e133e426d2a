#include "process/shutdown_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

namespace vx11::process {
namespace {

// A signal handler has no other way to know the pipe; this is the one variable of its kind.
std::atomic<int> writeEnd{-1};

void onSignal(int) {
  const char byte = 1;
  [[maybe_unused]] const auto written = ::write(writeEnd.load(), &byte, 1);
}

}  // namespace

ShutdownSignals::ShutdownSignals(QObject* parent) : QObject(parent) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
  readEnd_ = ends[0];
  writeEnd = ends[1];
  notifier_ = std::make_unique<QSocketNotifier>(readEnd_, QSocketNotifier::Read);
  connect(notifier_.get(), &QSocketNotifier::activated, this, [this] {
    char bytes[16];
    while (::read(readEnd_, bytes, sizeof bytes) > 0) continue;
    Q_EMIT requested();
  });
  std::signal(SIGINT, onSignal);
  std::signal(SIGTERM, onSignal);
}

ShutdownSignals::~ShutdownSignals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  notifier_.reset();
  if (readEnd_ >= 0) ::close(readEnd_);
  if (const int end = writeEnd.exchange(-1); end >= 0) ::close(end);
}

}  // namespace vx11::process
