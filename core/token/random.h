// Where unpredictable bytes come from. Passed in, so that a test can repeat itself.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace vx11 {

/// Source of random bytes. Thread-safe; never fails (the process ends if the kernel's generator does).
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) noexcept = 0;
};

/// The system's CSPRNG (getrandom), read in blocks per thread so that a token costs no system call of its own.
/// Bytes handed out are wiped from the block at once.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) noexcept override;
};

/// A repeatable sequence for tests; never for tokens that leave the process. Thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) noexcept : state_(seed) {}
  void fill(std::span<std::byte> out) noexcept override;

 private:
  std::atomic<std::uint64_t> state_;  // splitmix64: one step a word
};

}  // namespace vx11
