#include "redis/slot_map.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "redis/fault.h"

namespace vx11::redis {

namespace {

constexpr std::string_view not_understood = "answers CLUSTER SLOTS with something else; is it a Redis?";
constexpr std::size_t most_owners = 1000;  // Redis' own advice for the size of a cluster

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// A server that doesn't know its own name or address says nil, nothing, or "?".
std::string host_of(const Reply& host, const Address& asked) {
  if (!host.is_text() || host.text.empty() || host.text == "?") return asked.host;
  return std::string(host.text);
}

/// [host, port, id, …]
std::optional<ClusterMember> read_member(const Reply& reply, const Address& asked) {
  if (!reply.is_array() || reply.count < 2) return std::nullopt;
  const Reply& host = reply.first[0];
  const Reply& port = reply.first[1];
  if (!(host.is_text() || host.is_nil()) || port.type != Reply::Type::integer) return std::nullopt;
  if (port.integer < 1 || port.integer > 65'535) return std::nullopt;
  ClusterMember member{{host_of(host, asked), static_cast<std::uint16_t>(port.integer)}, {}};
  if (reply.count > 2 && reply.first[2].is_text()) member.id = reply.first[2].text;
  return member;
}

std::optional<Slot> read_slot(const Reply& reply) {
  if (reply.type != Reply::Type::integer || reply.integer < 0) return std::nullopt;
  if (reply.integer >= static_cast<std::int64_t>(slot_count)) return std::nullopt;
  return static_cast<Slot>(reply.integer);
}

std::string refusal(std::string_view error) {
  const Fault fault = fault_of(error);
  if (fault == Fault::no_permission) return "forbids CLUSTER SLOTS: " + std::string(error);
  if (fault == Fault::loading) return "is loading its data";
  if (error.find("cluster support disabled") != std::string_view::npos) return "is no cluster: " + std::string(error);
  return "refuses CLUSTER SLOTS: " + std::string(error);
}

}  // namespace

std::optional<Address> read_node_address(std::string_view text, const Address& asked) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = port_of(text.substr(colon + 1));
  if (!port) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return Address{host.empty() || host == "?" ? asked.host : std::string(host), *port};
}

std::span<const std::string_view> SlotMap::question() noexcept {
  static constexpr std::array<std::string_view, 2> words{"CLUSTER", "SLOTS"};
  return words;
}

SlotMap::Read SlotMap::read(const Reply& reply, const Address& asked) {
  if (reply.is_error()) return refusal(reply.text);
  if (!reply.is_array()) return std::string(not_understood);
  SlotMap map;
  for (const Reply& range : reply.elements()) {
    if (!range.is_array() || range.count < 3) return std::string(not_understood);
    const auto first = read_slot(range.first[0]);
    const auto last = read_slot(range.first[1]);
    const auto master = read_member(range.first[2], asked);
    if (!first || !last || *first > *last || !master) return std::string(not_understood);
    const std::size_t owner = map.index_for(*master);
    if (map.owners_.size() > most_owners) return std::string("names too many masters");
    for (unsigned slot = *first; slot <= *last; ++slot) map.assign(static_cast<Slot>(slot), owner);
    std::vector<ClusterMember>& replicas = map.owners_[owner].replicas;
    for (const Reply& other : range.elements().subspan(3)) {
      auto replica = read_member(other, asked);
      if (!replica) return std::string(not_understood);
      const auto same = [&](const ClusterMember& known) { return known.address == replica->address; };
      if (std::none_of(replicas.begin(), replicas.end(), same)) replicas.push_back(*std::move(replica));
    }
  }
  if (map.empty()) return std::string("belongs to a cluster whose slots nobody serves");
  std::sort(map.owners_.begin(), map.owners_.end(), [](const SlotOwner& left, const SlotOwner& right) {
    return left.slots._Find_first() < right.slots._Find_first();
  });
  for (std::size_t owner = 0; owner < map.owners_.size(); ++owner) {
    const SlotSet& slots = map.owners_[owner].slots;
    for (std::size_t slot = slots._Find_first(); slot < slot_count; slot = slots._Find_next(slot)) {
      map.of_slot_[slot] = static_cast<std::uint16_t>(owner);
    }
  }
  return map;
}

std::optional<std::size_t> SlotMap::index_of(Slot slot) const noexcept {
  if (of_slot_.empty() || of_slot_[slot] == nobody) return std::nullopt;
  return of_slot_[slot];
}

const SlotOwner* SlotMap::owner_of(Slot slot) const noexcept {
  const auto index = index_of(slot);
  return index ? &owners_[*index] : nullptr;
}

std::size_t SlotMap::assigned() const noexcept {
  std::size_t count = 0;
  for (const SlotOwner& owner : owners_) count += owner.slots.count();
  return count;
}

std::uint32_t SlotMap::layout() const {
  std::vector<std::uint16_t> numbers(owners_.size(), nobody);  // in the order in which they are met
  std::uint16_t met = 0;
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a
  for (const std::uint16_t owner : of_slot_) {
    if (owner != nobody && numbers[owner] == nobody) numbers[owner] = met++;
    hash = (hash ^ (owner == nobody ? nobody : numbers[owner])) * 16'777'619U;
  }
  return hash;
}

std::vector<Address> SlotMap::nodes() const {
  std::vector<Address> all;
  const auto add = [&all](const Address& address) {
    if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
  };
  for (const SlotOwner& owner : owners_) add(owner.master.address);
  for (const SlotOwner& owner : owners_) {
    for (const ClusterMember& replica : owner.replicas) add(replica.address);
  }
  return all;
}

void SlotMap::move(Slot slot, const Address& to) { assign(slot, index_for({to, {}})); }

std::size_t SlotMap::index_for(const ClusterMember& master) {
  const auto known = std::find_if(owners_.begin(), owners_.end(),
                                  [&master](const SlotOwner& owner) { return owner.master.address == master.address; });
  if (known != owners_.end()) return static_cast<std::size_t>(known - owners_.begin());
  owners_.push_back({master, {}, {}});
  return owners_.size() - 1;
}

void SlotMap::assign(Slot slot, std::size_t owner) {
  if (of_slot_.empty()) of_slot_.assign(slot_count, nobody);
  if (const auto before = index_of(slot)) owners_[*before].slots.reset(slot);
  owners_[owner].slots.set(slot);
  of_slot_[slot] = static_cast<std::uint16_t>(owner);
}

}  // namespace vx11::redis
