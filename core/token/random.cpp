#include "token/random.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "token/secret.h"

namespace vx11 {

namespace {

void fill_from_kernel(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      std::abort();  // guessable tokens are worse than none
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

/// Random bytes in stock; what was handed out is zero.
class Block {
 public:
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { wipe(bytes_.data(), bytes_.size()); }

  void take(std::span<std::byte> out) noexcept {
    while (!out.empty()) {
      if (next_ == bytes_.size()) {
        fill_from_kernel(bytes_);
        next_ = 0;
      }
      const std::size_t size = std::min(out.size(), bytes_.size() - next_);
      std::memcpy(out.data(), bytes_.data() + next_, size);
      wipe(bytes_.data() + next_, size);
      next_ += size;
      out = out.subspan(size);
    }
  }

  static constexpr std::size_t capacity = 4096;

 private:
  std::array<std::byte, capacity> bytes_{};
  std::size_t next_ = capacity;
};

}  // namespace

void SystemRandom::fill(std::span<std::byte> out) noexcept {
  if (out.size() >= Block::capacity) {
    fill_from_kernel(out);
    return;
  }
  thread_local Block block;
  block.take(out);
}

void SeededRandom::fill(std::span<std::byte> out) noexcept {
  while (!out.empty()) {
    constexpr std::uint64_t step = 0x9E3779B97F4A7C15U;
    std::uint64_t word = state_.fetch_add(step, std::memory_order_relaxed) + step;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9U;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBU;
    word ^= word >> 31;
    const std::size_t size = std::min(out.size(), sizeof word);
    std::memcpy(out.data(), &word, size);
    out = out.subspan(size);
  }
}

}  // namespace vx11
