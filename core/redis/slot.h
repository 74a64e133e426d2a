// Redis Cluster's 16,384 slots, by https://redis.io/docs/reference/cluster-spec/.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vx11::redis {

inline constexpr std::size_t slot_count = 16'384;
using Slot = std::uint16_t;
/// A server that is no part of a cluster answers for all of them.
using SlotSet = std::bitset<slot_count>;

/// CRC-16 (XMODEM) of the key, or of what stands between its first { and the next }, unless that is empty.
[[nodiscard]] Slot slot_of(std::string_view key) noexcept;

}  // namespace vx11::redis
