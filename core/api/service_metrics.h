// The service's metrics by name. Names are a contract with existing dashboards; see the specification's "Metrics".
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "api/redis_view.h"
#include "observe/metrics.h"
#include "redis/fault.h"
#include "store/mode_switch.h"
#include "store/token_store.h"

namespace vx11::api {

/// What is read from elsewhere when the metrics are rendered; every function is thread-safe.
struct MetricSources {
  std::function<store::StoreStats()> store;
  std::function<double()> streams_open, slow_readers_cut, requests;
  const store::ModeSwitch& modes;
  RedisView* redis = nullptr;  ///< null: none is configured, and its families aren't there
  std::string_view version;
};

/// p50, p95, p99 of about the last minute, for cache-stats. Thread-safe.
class LatencyWindow {
 public:
  explicit LatencyWindow(const observe::Histogram& histogram) : quantiles_(histogram, 12) {}
  /// Every 5 s.
  void rotate();
  [[nodiscard]] observe::RecentQuantiles::Values values() const;

 private:
  mutable std::mutex mutex_;
  observe::RecentQuantiles quantiles_;
};

/// Registers every family at construction. Counters are thread-safe.
class ServiceMetrics {
 public:
  ServiceMetrics(observe::Registry& registry, MetricSources sources);
  ServiceMetrics(const ServiceMetrics&) = delete;
  ServiceMetrics& operator=(const ServiceMetrics&) = delete;

  /// Prometheus' text of one moment: store, modes and Redis are each asked once. Thread-safe.
  [[nodiscard]] std::string render() const;
  /// A command failed; `none` isn't counted. Thread-safe.
  void count_redis_error(redis::Fault fault) noexcept;
  [[nodiscard]] std::uint64_t redis_errors(redis::Fault fault) const noexcept;
  /// Every 5 s: all windows below.
  void rotate_windows();

 private:
  // First: the members below are made from them.
  observe::Registry& registry_;
  observe::Registry unshown_;
  observe::Registry& redis_registry_;  ///< of what is shown only where a Redis is configured

 public:
  observe::Counter& local_hits;
  observe::Counter& local_misses;
  observe::Counter& tokens_invalid;
  observe::Counter& checks_accepted;
  observe::Counter& checks_refused;
  observe::Counter& checks_cannot_tell;
  observe::Counter& streams_ephemeral;
  observe::Counter& streams_principal;
  observe::Counter& streams_resumed;
  observe::Counter& principals_in_query;
  observe::Counter& failed_principals;
  observe::Counter& rate_limited;
  observe::Counter& published;
  observe::Histogram& issue;
  observe::Histogram& check_local;
  observe::Histogram& check_redis;
  observe::Histogram& stream_open;
  observe::Histogram& redis_round_trip;        ///< of each command that was answered
  observe::Histogram& revocation_propagation;  ///< from a revocation to its arrival here
  LatencyWindow issue_window, check_local_window, check_redis_window, stream_open_window, redis_window;

 private:
  /// What the families that are sampled are read from, all taken at one moment.
  struct Sample {
    store::StoreStats store;
    store::ModeSwitch::View mode;
    RedisStatus redis;
  };
  void register_store();
  void register_instance();
  void register_redis();

  MetricSources sources_;
  std::array<observe::Counter*, redis::fault_count> redis_errors_{};
  mutable std::mutex rendering_;
  mutable Sample sample_;
};

}  // namespace vx11::api
