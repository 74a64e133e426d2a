#include <algorithm>
#include <bit>
#include <cmath>

#include "observe/histogram_buckets.h"
#include "observe/metrics.h"
#include "observe/stripe.h"

namespace vx11::observe {

std::size_t bucket_of(std::uint64_t ns) noexcept {
  if (ns < first_octave) return static_cast<std::size_t>(ns / (first_octave / buckets_per_octave));
  const auto exponent = static_cast<std::size_t>(std::bit_width(ns)) - 1;
  if (exponent >= last_exponent) return bucket_count - 1;
  // The bits after the leading one say which sixteenth of the octave it is.
  const auto fraction = static_cast<std::size_t>(ns >> (exponent - fraction_bits)) - buckets_per_octave;
  return (exponent - first_exponent + 1) * buckets_per_octave + fraction;
}

std::uint64_t bucket_start(std::size_t bucket) noexcept {
  if (bucket < buckets_per_octave) return bucket * (first_octave / buckets_per_octave);
  const std::size_t exponent = bucket / buckets_per_octave - 1 + first_exponent;
  const std::uint64_t mantissa = bucket % buckets_per_octave + buckets_per_octave;
  return mantissa << (exponent - fraction_bits);
}

struct Histogram::Data {
  struct alignas(64) Stripe {
    std::array<std::atomic<std::uint64_t>, bucket_count> buckets{};
    std::atomic<std::uint64_t> sum_ns{0};
  };
  std::array<Stripe, stripe_count> stripes{};
};

void Histogram::DataDeleter::operator()(Data* data) const noexcept { delete data; }

Histogram::Histogram() : data_(new Data) {}

void Histogram::observe(std::chrono::nanoseconds value) noexcept {
  // A clock that stepped back must not count as an age.
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
  auto& stripe = data_->stripes[thread_stripe()];
  stripe.buckets[bucket_of(ns)].fetch_add(1, std::memory_order_relaxed);
  stripe.sum_ns.fetch_add(ns, std::memory_order_relaxed);
}

HistogramSnapshot Histogram::snapshot() const {
  HistogramSnapshot result;
  result.buckets.resize(bucket_count);
  for (const auto& stripe : data_->stripes) {
    for (std::size_t i = 0; i < bucket_count; ++i) {
      const auto n = stripe.buckets[i].load(std::memory_order_relaxed);
      result.buckets[i] += n;
      result.count += n;
    }
    result.sum_ns += stripe.sum_ns.load(std::memory_order_relaxed);
  }
  return result;
}

HistogramSnapshot HistogramSnapshot::since(const HistogramSnapshot& earlier) const {
  HistogramSnapshot window = *this;
  const std::size_t common = std::min(buckets.size(), earlier.buckets.size());
  for (std::size_t i = 0; i < common; ++i) window.buckets[i] -= earlier.buckets[i];
  window.count -= earlier.count;
  window.sum_ns -= earlier.sum_ns;
  return window;
}

std::chrono::nanoseconds HistogramSnapshot::quantile(double q) const noexcept {
  if (count == 0) return std::chrono::nanoseconds{0};
  const double wanted = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count));
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count);
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (; bucket < buckets.size(); ++bucket) {
    seen += buckets[bucket];
    if (seen >= rank) break;
  }
  return std::chrono::nanoseconds{static_cast<std::int64_t>(bucket_start(bucket + 1))};
}

std::uint64_t HistogramSnapshot::count_up_to(std::chrono::nanoseconds bound) const noexcept {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    // The last bucket is open upwards: only +Inf includes it.
    if (i + 1 == bucket_count || bucket_start(i) > static_cast<std::uint64_t>(std::max<std::int64_t>(bound.count(), 0)))
      break;
    total += buckets[i];
  }
  return total;
}

RecentQuantiles::RecentQuantiles(const Histogram& histogram, std::size_t steps)
    : histogram_(&histogram), steps_(std::max<std::size_t>(steps, 1)), ring_{histogram.snapshot()} {}

void RecentQuantiles::rotate() {
  if (ring_.size() < steps_) {
    ring_.push_back(histogram_->snapshot());
    return;
  }
  ring_[next_] = histogram_->snapshot();
  next_ = (next_ + 1) % steps_;
}

RecentQuantiles::Values RecentQuantiles::values() const {
  const auto window = histogram_->snapshot().since(ring_[next_]);  // next_ is the oldest
  return {window.count, window.quantile(0.50), window.quantile(0.95), window.quantile(0.99)};
}

}  // namespace vx11::observe
