// A file of lines that never grows much past its bound: past it, it becomes `path.1`, and the one before `path.2`, up
// to `path.4`. A line is in it whole or not at all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "observe/descriptor.h"

namespace vx11::observe {

/// Not thread-safe. Errors are texts that say the path and why.
class AuditFile {
 public:
  static constexpr int kept = 4;

  /// Opens for appending, creating with mode 0600. A pipe or device works too, and is never rotated.
  [[nodiscard]] static boost::system::result<AuditFile, std::string> open(std::string path, std::uint64_t max_bytes);

  AuditFile(AuditFile&& other) noexcept;
  AuditFile& operator=(AuditFile&&) = delete;
  ~AuditFile();

  struct Outcome {
    bool written = false;
    std::string problem;  ///< empty: none. A line can be written and rotation have failed
  };
  /// Appends one line with its end, after rotating when it would pass the bound.
  [[nodiscard]] Outcome append(std::string_view line);
  /// Opens `path` anew when somebody has moved or removed the file (logrotate). Empty on success.
  [[nodiscard]] std::string follow_path();

 private:
  AuditFile(std::string path, std::uint64_t max_bytes, int fd) noexcept;
  [[nodiscard]] std::string reopen();
  [[nodiscard]] std::string rotate();
  [[nodiscard]] std::string failure(int error) const;
  void adopt(int fd) noexcept;

  std::string path_;
  std::uint64_t max_bytes_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
  bool regular_ = false;
  LineWriter writer_;
};

}  // namespace vx11::observe
