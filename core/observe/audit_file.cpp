#include "observe/audit_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace vx11::observe {
namespace {

int open_for_appending(const std::string& path) noexcept {
  // Without O_NONBLOCK a FIFO that nobody reads would hold up the start for ever; regular files don't care.
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
}

std::string message(const std::string& path, int error) { return path + ": " + std::generic_category().message(error); }

}  // namespace

boost::system::result<AuditFile, std::string> AuditFile::open(std::string path, std::uint64_t max_bytes) {
  const int fd = open_for_appending(path);
  if (fd < 0) return message(path, errno);
  return AuditFile(std::move(path), max_bytes, fd);
}

AuditFile::AuditFile(std::string path, std::uint64_t max_bytes, int fd) noexcept
    : path_(std::move(path)), max_bytes_(max_bytes), writer_(fd) {
  adopt(fd);
}

AuditFile::AuditFile(AuditFile&& other) noexcept
    : path_(std::move(other.path_)),
      max_bytes_(other.max_bytes_),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      regular_(other.regular_),
      writer_(other.writer_) {}

AuditFile::~AuditFile() {
  if (fd_ >= 0) ::close(fd_);
}

void AuditFile::adopt(int fd) noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
  writer_ = LineWriter(fd);
  struct stat about {};
  regular_ = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
  size_ = regular_ ? static_cast<std::uint64_t>(about.st_size) : 0;
}

std::string AuditFile::failure(int error) const { return message(path_, error); }

AuditFile::Outcome AuditFile::append(std::string_view line) {
  std::string problem;
  if (regular_ && size_ > 0 && size_ + line.size() > max_bytes_) problem = rotate();
  const auto [written, error] = writer_.write(line);
  if (error == 0) {
    size_ += written;
    return {true, std::move(problem)};
  }
  // Half a line would spoil the next one as well.
  if (regular_ && written > 0 && ftruncate(fd_, static_cast<off_t>(size_)) != 0) size_ += written;
  return {false, failure(error)};
}

std::string AuditFile::rotate() {
  // Gone already when it could be renamed but not opened anew: the older ones must not move up once more.
  if (access(path_.c_str(), F_OK) != 0) return reopen();
  const auto numbered = [this](int n) { return path_ + '.' + std::to_string(n); };
  for (int n = kept - 1; n >= 1; --n) std::rename(numbered(n).c_str(), numbered(n + 1).c_str());
  if (std::rename(path_.c_str(), numbered(1).c_str()) != 0) return failure(errno);
  return reopen();
}

std::string AuditFile::reopen() {
  const int fd = open_for_appending(path_);
  if (fd < 0) return failure(errno);  // the old one stays in use
  adopt(fd);
  return {};
}

std::string AuditFile::follow_path() {
  if (!regular_) return {};
  struct stat named {};
  struct stat held {};
  const bool same = stat(path_.c_str(), &named) == 0 && fstat(fd_, &held) == 0 && named.st_dev == held.st_dev &&
                    named.st_ino == held.st_ino;
  return same ? std::string{} : reopen();
}

}  // namespace vx11::observe
