// Which master of a cluster answers for which slot, as CLUSTER SLOTS says it. Values only: who asks, and when, is
// another matter.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/address.h"
#include "redis/reply.h"
#include "redis/slot.h"

namespace vx11::redis {

struct ClusterMember {
  Address address;
  std::string id;  ///< 40 hex digits; empty: only its address is known yet, from a redirection
};

/// A master that serves slots.
struct SlotOwner {
  ClusterMember master;
  std::vector<ClusterMember> replicas;
  SlotSet slots;
};

/// "10.0.0.1:6379", "[::1]:6379", "::1:6379" (as MOVED writes it), ":6379" (the same host as `asked`).
[[nodiscard]] std::optional<Address> read_node_address(std::string_view text, const Address& asked);

class SlotMap {
 public:
  using Read = boost::system::result<SlotMap, std::string>;

  /// Of a reply to CLUSTER SLOTS, Redis 6.2 or later. A node without a host is on the host that was `asked`; the first
  /// endpoint of each counts, address or name. The error goes on where the asked address ended: "is no cluster: ERR …".
  [[nodiscard]] static Read read(const Reply& reply, const Address& asked);
  /// CLUSTER SLOTS.
  [[nodiscard]] static std::span<const std::string_view> question() noexcept;

  /// Nobody is known at first.
  SlotMap() = default;

  [[nodiscard]] bool empty() const noexcept { return owners_.empty(); }
  /// In the order of their lowest slot when the map was read; later ones behind.
  [[nodiscard]] std::span<const SlotOwner> owners() const noexcept { return owners_; }
  /// Number of the slot's owner in owners().
  [[nodiscard]] std::optional<std::size_t> index_of(Slot slot) const noexcept;
  [[nodiscard]] const SlotOwner* owner_of(Slot slot) const noexcept;
  /// How many of the slots somebody answers for.
  [[nodiscard]] std::size_t assigned() const noexcept;
  /// The same for two maps that deal the slots to as many masters in the same way, whoever these are.
  [[nodiscard]] std::uint32_t layout() const;
  /// Everybody, each once, masters first: where to ask for the next map.
  [[nodiscard]] std::vector<Address> nodes() const;

  /// What MOVED says. An owner may be left without slots.
  void move(Slot slot, const Address& to);

 private:
  static constexpr std::uint16_t nobody = 0xFFFF;

  [[nodiscard]] std::size_t index_for(const ClusterMember& master);
  void assign(Slot slot, std::size_t owner);

  std::vector<SlotOwner> owners_;
  std::vector<std::uint16_t> of_slot_;  // empty, or one a slot
};

}  // namespace vx11::redis
