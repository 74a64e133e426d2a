#include "api/shared.h"

#include <utility>

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

Shared::Shared(Parts parts, std::string instance_id_)
    : settings(parts.settings),
      clock(parts.clock),
      random(parts.random),
      log(parts.log),
      audit(parts.audit),
      loops(parts.loops),
      modes(parts.modes),
      denylist(parts.denylist),
      redis(parts.redis),
      instance_id(std::move(instance_id_)),
      version(version_text),
      principals(parts.settings.principals),
      warnings(parts.settings.warnings),
      stats(std::move(parts.stats)),
      last_memory_expiry(std::move(parts.last_memory_expiry)),
      metrics(registry, MetricSources{stats, [this] { return static_cast<double>(loops.streams()); },
                                      [this] { return static_cast<double>(loops.slow_readers_cut()); },
                                      [this] { return static_cast<double>(loops.requests()); }, modes, redis,
                                      version_text}),
      callers(settings.rate_limit, settings.rate_window),
      failures(failures_per_second, std::chrono::seconds(1)),
      events(random, [this] { loops.take_events(); }, EventLog::Limits()),
      resume(random),
      started_at(clock.wall()),
      started(clock.now()) {}

}  // namespace vx11::api
