// The fine buckets of a Histogram: 16 of one width up to 1.024 µs, then 16 in each power of two up to 137 s, then one
// that is open upwards. Every bucket above the first octave is at most 1/16 (6.25 %) wide.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vx11::observe {

inline constexpr std::size_t fraction_bits = 4;
inline constexpr std::size_t buckets_per_octave = std::size_t{1} << fraction_bits;
inline constexpr std::size_t first_exponent = 10;
inline constexpr std::size_t last_exponent = 37;
inline constexpr std::uint64_t first_octave = std::uint64_t{1} << first_exponent;
inline constexpr std::size_t bucket_count = (last_exponent - first_exponent + 1) * buckets_per_octave + 1;

/// The bucket that counts a value of so many nanoseconds.
[[nodiscard]] std::size_t bucket_of(std::uint64_t ns) noexcept;
/// The smallest value that a bucket counts; one past it is the next one's start.
[[nodiscard]] std::uint64_t bucket_start(std::size_t bucket) noexcept;

}  // namespace vx11::observe
