// The service's metrics by name. Names are a contract with existing dashboards; see the specification's "Metrics".
#pragma once

#include <functional>
#include <mutex>
#include <string_view>

#include "observe/metrics.h"
#include "store/token_store.h"

namespace vx11::api {

/// What is read from elsewhere when the metrics are rendered; every function is thread-safe.
struct MetricSources {
  std::function<store::StoreStats()> store;
  std::function<double()> streams_open, slow_readers_cut, requests;
  std::string_view mode, version;
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
  ServiceMetrics(observe::Registry& registry, const MetricSources& sources);

 private:
  observe::Registry& registry_;  // first: the members below are made from it

 public:
  observe::Counter& local_hits;
  observe::Counter& local_misses;
  observe::Counter& tokens_invalid;
  observe::Counter& checks_accepted;
  observe::Counter& checks_refused;
  observe::Counter& checks_cannot_tell;
  observe::Counter& streams_ephemeral;
  observe::Counter& streams_principal;
  observe::Counter& principals_in_query;
  observe::Counter& failed_principals;
  observe::Counter& rate_limited;
  observe::Counter& published;
  observe::Histogram& issue;
  observe::Histogram& check_local;
  observe::Histogram& check_redis;
  observe::Histogram& stream_open;
  LatencyWindow issue_window, check_local_window, check_redis_window, stream_open_window;
};

}  // namespace vx11::api
