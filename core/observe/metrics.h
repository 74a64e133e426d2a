// Counters and latency histograms that many threads write without waiting for each other, and their Prometheus text.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "observe/stripe.h"

namespace vx11::observe {

/// A number that only grows. `add` is a relaxed increment of the calling thread's own cache line.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept;
  [[nodiscard]] std::uint64_t value() const noexcept;

 private:
  struct alignas(64) Cell {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Cell, stripe_count> cells_;
};

/// What a histogram held at one moment. Subtracting an earlier one gives a window.
struct HistogramSnapshot {
  std::vector<std::uint64_t> buckets;  ///< not cumulative; fine log-linear buckets, see Histogram
  std::uint64_t count = 0;
  std::uint64_t sum_ns = 0;

  [[nodiscard]] HistogramSnapshot since(const HistogramSnapshot& earlier) const;
  /// Upper edge of the bucket that holds quantile q (0 to 1); zero when empty.
  [[nodiscard]] std::chrono::nanoseconds quantile(double q) const noexcept;
  /// How many were at most `bound`: none of them is left out, and none more than one bucket's width above it is in.
  [[nodiscard]] std::uint64_t count_up_to(std::chrono::nanoseconds bound) const noexcept;
};

/// Latencies from 1 µs to over 60 s in log-linear buckets (relative error under 7 %), exported to Prometheus with the
/// coarse bounds given at registration. `observe` is two relaxed increments.
class Histogram {
 public:
  Histogram();
  void observe(std::chrono::nanoseconds value) noexcept;
  [[nodiscard]] HistogramSnapshot snapshot() const;

 private:
  struct Data;
  struct DataDeleter {
    void operator()(Data* data) const noexcept;
  };
  std::unique_ptr<Data, DataDeleter> data_;
};

/// p50, p95 and p99 of about the last minute: keeps a ring of snapshots. Not thread-safe; `rotate` every `step`.
class RecentQuantiles {
 public:
  struct Values {
    std::uint64_t count = 0;
    std::chrono::nanoseconds p50{0}, p95{0}, p99{0};
  };
  RecentQuantiles(const Histogram& histogram, std::size_t steps);
  void rotate();
  [[nodiscard]] Values values() const;

 private:
  const Histogram* histogram_;
  std::size_t steps_;
  std::vector<HistogramSnapshot> ring_;
  std::size_t next_ = 0;
};

using Labels = std::vector<std::pair<std::string, std::string>>;

/// The families an instance exposes, in the order of registration, each with HELP and TYPE once. Registering is done
/// before the first render and by one thread; rendering is thread-safe. References stay valid as long as the registry.
class Registry {
 public:
  enum class Type : std::uint8_t { counter, gauge, untyped };

  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// The same name, type and labels again give the same counter or histogram.
  Counter& counter(std::string name, std::string help, Labels labels = {});
  /// `bounds`: the upper bounds shown to Prometheus, in seconds, ascending, without +Inf.
  Histogram& histogram(std::string name, std::string help, std::vector<double> bounds, Labels labels = {});
  /// A value read when it is rendered; `read` must be thread-safe.
  void sampled(Type type, std::string name, std::string help, std::function<double()> read, Labels labels = {});

  /// Prometheus text format 0.0.4.
  [[nodiscard]] std::string render() const;

 private:
  struct Family;
  Family& family(std::string name, std::string help, std::string_view type);

  std::vector<std::unique_ptr<Family>> families_;
};

/// process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds, process_max_fds, process_threads,
/// process_start_time_seconds: the names Prometheus' own clients use.
void register_process_metrics(Registry& registry);

}  // namespace vx11::observe
