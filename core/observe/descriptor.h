// Writing lines to a file descriptor whose other end may be slow, full or gone, without blocking for long and without
// a signal that ends the process.
#pragma once

#include <cstddef>
#include <string_view>

namespace vx11::observe {

/// Not thread-safe; doesn't own the descriptor.
class LineWriter {
 public:
  explicit LineWriter(int fd) noexcept;

  struct Result {
    std::size_t written = 0;
    int error = 0;  ///< errno; 0 when all was written
  };
  /// One write(2) for a file or terminal, and for a pipe when the line fits in PIPE_BUF. A pipe or socket that stays
  /// full for 20 ms loses the line (EAGAIN), and following ones at once until it has room again.
  Result write(std::string_view line) noexcept;

 private:
  Result write_all(std::string_view line) noexcept;
  [[nodiscard]] bool has_room() noexcept;

  int fd_;
  bool stream_;  // a pipe or socket: can be full, and raises SIGPIPE
  bool stuck_ = false;
};

}  // namespace vx11::observe
