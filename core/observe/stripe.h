// Which stripe of a striped counter the calling thread writes: threads are numbered as they first ask.
#pragma once

#include <cstddef>

namespace vx11::observe {

/// How many cache lines a counter is spread over. More threads than this share, which costs time and never counts.
inline constexpr std::size_t stripe_count = 8;

/// The calling thread's stripe, below `stripe_count`; the same for the life of the thread.
[[nodiscard]] std::size_t thread_stripe() noexcept;

}  // namespace vx11::observe
