#include "redis/redirection.h"

#include <charconv>
#include <cstddef>
#include <span>

#include "redis/fault.h"
#include "redis/slot_map.h"

namespace vx11::redis {

std::optional<Redirection> read_redirection(const Reply& reply, const Address& from) {
  if (!reply.is_error()) return std::nullopt;
  const Fault fault = fault_of(reply.text);
  if (fault == Fault::try_again || fault == Fault::cluster_down) return Redirection{};
  if (fault != Fault::moved && fault != Fault::ask) return std::nullopt;
  // "MOVED 3999 10.0.0.2:6379"
  const std::size_t before_slot = reply.text.find(' ');
  const std::size_t before_node = reply.text.find(' ', before_slot + 1);
  if (before_slot == std::string_view::npos || before_node == std::string_view::npos) return std::nullopt;
  const std::string_view number = reply.text.substr(before_slot + 1, before_node - before_slot - 1);
  Slot slot = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), slot);
  if (error != std::errc() || end != number.data() + number.size() || slot >= slot_count) return std::nullopt;
  auto to = read_node_address(reply.text.substr(before_node + 1), from);
  if (!to) return std::nullopt;
  return Redirection{fault == Fault::moved ? Redirection::Kind::moved : Redirection::Kind::ask, slot, *std::move(to)};
}

Journey::Next Journey::take(const std::optional<Redirection>& said) noexcept {
  if (!said) return Next::done;
  if (said->kind == Redirection::Kind::again) return Next::wait;
  if (hops_ == most_hops) return Next::done;
  ++hops_;
  return said->kind == Redirection::Kind::ask ? Next::asking : Next::resend;
}

std::chrono::nanoseconds pause_before_again(Random& random) noexcept {
  std::uint32_t value = 0;
  random.fill(std::as_writable_bytes(std::span(&value, 1)));
  return std::chrono::milliseconds(10) + std::chrono::microseconds(value % 15'000);
}

}  // namespace vx11::redis
