#include "api/shared.h"

#include <array>
#include <cstddef>
#include <utility>

#include "token/hex.h"
#include "token/version.h"

namespace vx11::api {

namespace {

constexpr std::uint32_t failures_per_second = 50;

}  // namespace

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::starting: return "starting";
    case Phase::ready: return "ready";
    case Phase::draining: return "draining";
  }
  return "starting";
}

EventPosition::EventPosition(Random& random) {
  std::array<std::byte, 4> bytes{};
  random.fill(bytes);
  epoch_ = hex_text(bytes);
}

std::string EventPosition::last() const {
  return epoch_ + '.' + std::to_string(entry_.load(std::memory_order_relaxed));
}

std::string EventPosition::next() {
  return epoch_ + '.' + std::to_string(entry_.fetch_add(1, std::memory_order_relaxed) + 1);
}

Shared::Shared(const config::Settings& settings_, const Clock& clock_, Random& random_, const observe::Log& log_,
               observe::Audit& audit_, Loops& loops_, std::string instance_id_,
               std::function<store::StoreStats()> stats_)
    : settings(settings_),
      clock(clock_),
      random(random_),
      log(log_),
      audit(audit_),
      loops(loops_),
      instance_id(std::move(instance_id_)),
      version(version_text),
      principals(settings_.principals),
      stats(std::move(stats_)),
      metrics(registry, MetricSources{stats, [this] { return static_cast<double>(loops.streams()); },
                                      [this] { return static_cast<double>(loops.slow_readers_cut()); },
                                      [this] { return static_cast<double>(loops.requests()); }, settings_.mode,
                                      version_text}),
      callers(settings_.rate_limit, settings_.rate_window),
      failures(failures_per_second, std::chrono::seconds(1)),
      position(random_),
      started_at(clock_.wall()),
      started(clock_.now()) {}

}  // namespace vx11::api
