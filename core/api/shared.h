// What all event loops of one instance have in common, as the handlers see it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "api/event_log.h"
#include "api/principals.h"
#include "api/redis_view.h"
#include "api/resume.h"
#include "api/service_metrics.h"
#include "api/warnings.h"
#include "config/settings.h"
#include "http/rate_limiter.h"
#include "observe/audit.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "store/denylist.h"
#include "store/mode_switch.h"
#include "store/token_store.h"
#include "token/clock.h"
#include "token/random.h"

namespace vx11::api {

enum class Phase : std::uint8_t { starting, ready, draining };
/// "starting", "ready", "draining".
[[nodiscard]] std::string_view to_string(Phase phase) noexcept;

/// Reaches every loop of the instance. Thread-safe.
class Loops {
 public:
  virtual ~Loops() = default;
  /// Something was added to the log of events: each loop brings its streams up to date.
  virtual void take_events() = 0;
  virtual void tell_watchers(std::shared_ptr<const std::string> frame) = 0;
  /// Closes the streams that were opened with these tokens, or with any token.
  virtual void close_streams(std::span<const PublicId> ids) = 0;
  /// Those whose token was last found to be valid up to `at`, on the clock of all instances.
  virtual void close_all_token_streams(WallTime at) = 0;
  [[nodiscard]] virtual std::size_t streams() const = 0;
  [[nodiscard]] virtual std::size_t watchers() const = 0;
  [[nodiscard]] virtual std::uint64_t slow_readers_cut() const = 0;
  [[nodiscard]] virtual std::uint64_t requests() const = 0;
  /// Did every loop turn within the last seconds?
  [[nodiscard]] virtual bool alive() const = 0;
  /// Begins a graceful stop; later calls change nothing.
  virtual void begin_drain(std::string_view correlation_id) = 0;
};

struct Shared {
  /// All outlive what is made of them.
  struct Parts {
    const config::Settings& settings;
    const Clock& clock;
    Random& random;
    const observe::Log& log;
    observe::Audit& audit;
    Loops& loops;
    store::ModeSwitch& modes;
    const store::Denylist& denylist;
    RedisView* redis = nullptr;  ///< null: none is configured
    std::function<store::StoreStats()> stats;
    std::function<Instant()> last_memory_expiry;  ///< when the last token that lives only here will have expired
  };

  Shared(Parts parts, std::string instance_id);

  /// The clock that all instances share: Redis' where it is known, else our own.
  [[nodiscard]] WallTime common_time() const noexcept {
    return clock.wall() + clock_ahead.load(std::memory_order_relaxed);
  }

  const config::Settings& settings;
  const Clock& clock;
  Random& random;
  const observe::Log& log;
  observe::Audit& audit;
  Loops& loops;
  store::ModeSwitch& modes;
  const store::Denylist& denylist;
  RedisView* const redis;  ///< null: none is configured
  const std::string instance_id;
  const std::string version;
  Principals principals;
  Warnings warnings;  ///< of the configuration as it counts now
  const std::function<store::StoreStats()> stats;
  const std::function<Instant()> last_memory_expiry;
  observe::Registry registry;
  ServiceMetrics metrics;
  http::RateLimiter callers;   ///< issue and publish, by principal and address
  http::RateLimiter failures;  ///< failed checks and principals, by address
  EventLog events;
  ResumeKeys resume;
  const WallTime started_at;
  const Instant started;
  std::atomic<double> startup_ms{0};
  std::atomic<Phase> phase{Phase::starting};
  std::atomic<std::chrono::microseconds> clock_ahead{};  ///< Redis' clock minus our wall clock, as last measured
  std::atomic<bool> watched{false};                      ///< somebody follows tokens/watch
  std::atomic<std::uint32_t> watch_pauses{0};            ///< how often nobody did any more
};

}  // namespace vx11::api
