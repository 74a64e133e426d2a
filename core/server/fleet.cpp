#include "server/fleet.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include <boost/unordered/unordered_flat_set.hpp>

#include "api/resume.h"
#include "api/stream_frames.h"

namespace vx11::server {

namespace {

constexpr std::chrono::seconds stuck_after{5};

}  // namespace

void Fleet::take_events() {
  for (const auto& unit : units_) unit->take_events();
}

void Fleet::tell_watchers(std::shared_ptr<const std::string> frame) {
  const http::EventPointer event = http::plain_event(*frame);
  for (const auto& unit : units_) {
    if (unit->watchers().size() > 0) unit->loop().post([&hub = unit->watchers(), event] { hub.publish(event); });
  }
}

void Fleet::close_streams(std::span<const PublicId> ids) {
  auto named = std::make_shared<boost::unordered_flat_set<PublicId, PublicIdHash>>(ids.begin(), ids.end());
  for (const auto& unit : units_) {
    unit->loop().post([&unit = *unit, named] {
      if (unit.streams().size() == 0) return;
      const auto chosen = [&named](const http::StreamTag& tag) {
        const auto origin = api::StreamOrigin::of(tag);
        return origin && named->contains(origin->token);
      };
      unit.streams().close_where(chosen, api::revoked_notice(), http::Ending::prompt);
    });
  }
}

void Fleet::close_all_token_streams(WallTime at) {
  for (const auto& unit : units_) {
    unit->loop().post([&unit = *unit, at] {
      const auto chosen = [at](const http::StreamTag& tag) {
        const auto origin = api::StreamOrigin::of(tag);
        return origin && origin->vouched_at <= at;
      };
      unit.streams().close_where(chosen, api::revoked_notice(), http::Ending::prompt);
    });
  }
}

void Fleet::close_principal_streams(std::vector<PublicId> principals) {
  const auto named = std::make_shared<const std::vector<PublicId>>(std::move(principals));
  for (const auto& unit : units_) {
    unit->loop().post([&unit = *unit, named] {
      const auto chosen = [&named](const http::StreamTag& tag) {
        const auto principal = api::Principal::of(tag);
        return principal && std::find(named->begin(), named->end(), *principal) != named->end();
      };
      unit.streams().close_where(chosen, api::revoked_notice(), http::Ending::prompt);
      unit.watchers().close_where(chosen, api::revoked_notice(), http::Ending::prompt);
    });
  }
}

std::size_t Fleet::streams() const {
  return std::accumulate(units_.begin(), units_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& unit) { return sum + unit->streams().size(); });
}

std::size_t Fleet::watchers() const {
  return std::accumulate(units_.begin(), units_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& unit) { return sum + unit->watchers().size(); });
}

std::uint64_t Fleet::slow_readers_cut() const {
  return std::accumulate(units_.begin(), units_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& unit) { return sum + unit->streams().cut(); });
}

std::uint64_t Fleet::requests() const {
  return std::accumulate(units_.begin(), units_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& unit) { return sum + unit->loop().requests(); });
}

bool Fleet::alive() const {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  return std::all_of(units_.begin(), units_.end(), [now](const auto& unit) {
    const std::chrono::milliseconds last(unit->loop().last_tick_ms());
    return last.count() == 0 || now - last < stuck_after;
  });
}

void Fleet::begin_drain(std::string_view correlation_id) { on_drain_(correlation_id); }

}  // namespace vx11::server
