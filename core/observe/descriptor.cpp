#include "observe/descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>

namespace vx11::observe {
namespace {

/// While it lives, a SIGPIPE that the calling thread causes is kept back, and taken away at the end unless one was
/// pending before.
class NoSigpipe {
 public:
  NoSigpipe() noexcept {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec at_once{};
    while (!was_pending_ && sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

bool is_stream(int fd) noexcept {
  struct stat about {};
  return fstat(fd, &about) == 0 && (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode));
}

}  // namespace

LineWriter::LineWriter(int fd) noexcept : fd_(fd), stream_(is_stream(fd)) {}

LineWriter::Result LineWriter::write(std::string_view line) noexcept {
  if (!stream_) return write_all(line);
  const NoSigpipe guard;
  return write_all(line);
}

bool LineWriter::has_room() noexcept {
  constexpr int patience_ms = 20;
  pollfd room{fd_, POLLOUT, 0};
  stuck_ = poll(&room, 1, stuck_ ? 0 : patience_ms) == 0;
  return !stuck_;
}

LineWriter::Result LineWriter::write_all(std::string_view line) noexcept {
  Result result;
  while (!line.empty()) {
    if (stream_ && !has_room()) return {result.written, EAGAIN};
    // A pipe that polls as writable takes PIPE_BUF bytes without blocking, and not one more for certain.
    const std::size_t part = stream_ ? std::min<std::size_t>(line.size(), PIPE_BUF) : line.size();
    const ssize_t n = ::write(fd_, line.data(), part);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return {result.written, errno};
    result.written += static_cast<std::size_t>(n);
    line.remove_prefix(static_cast<std::size_t>(n));
  }
  return result;
}

}  // namespace vx11::observe
