// The last hour of samples, one a second, per instance and metric; and the events that belong on a time axis.
#pragma once

#include <QList>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

namespace vx11::cluster {

enum class Metric {
  LiveTokens,
  OpenStreams,
  IssueRate,
  CheckRate,
  RefusedRate,
  LocalHitRate,
  RedisHitRate,
  MissRate,
  HitRatio,
  CheckP50,
  CheckP95,
  CheckP99,
  RedisMemory,
  RedisCommandRate,
  LocalMissRate,  ///< whatever Redis said then; MissRate is of what neither the instance nor Redis knew
};
inline constexpr int metricCount = 15;

/// A point of a curve; NaN is "no answer" and must be drawn as a gap.
struct Point {
  qint64 at = 0;  ///< wall time, ms since the epoch
  double value = 0;
};

/// Something that happened, marked on every chart.
struct TimeMark {
  enum class Kind {
    ModeSwitch,
    Failover,
    InstanceGone,
    InstanceBack,
    Drain,
    Alert,
    ServerStarted,
    RedisGone,
    RedisBack
  };
  Kind kind{};
  qint64 at = 0;  ///< wall time, ms
  QString instance;
  QString detail;
};

/// A ring of `capacity` seconds. Sums say how many instances reported; of several instances quantiles give the worst,
/// HitRatio the ratio of the sums, never an average; and what several tell of the one Redis is not summed.
class History {
 public:
  explicit History(int capacitySeconds = 3600);
  ~History();
  History(History&&) noexcept;
  History& operator=(History&&) noexcept;

  /// NaN where the instance didn't report. `at` is rounded down to the second; at most one sample a second is kept.
  void add(int slot, qint64 at, const std::vector<std::pair<Metric, double>>& values);
  void mark(TimeMark mark);

  [[nodiscard]] QList<int> slots_() const;
  /// At most `maxPoints` points of [from, to], averaged within equal steps (HitRatio: hits of the step through its
  /// checks); a step without a sample is a NaN point.
  [[nodiscard]] std::vector<Point> series(Metric metric, int slot, qint64 from, qint64 to, int maxPoints) const;
  [[nodiscard]] std::vector<Point> combined(Metric metric, qint64 from, qint64 to, int maxPoints) const;
  /// How many instances reported, averaged within the same steps as `combined`: says what a sum is the sum of.
  [[nodiscard]] std::vector<Point> reporting(Metric metric, qint64 from, qint64 to, int maxPoints) const;
  /// Of the last sample; nothing when that had no value.
  [[nodiscard]] std::optional<double> latest(Metric metric, int slot) const;
  [[nodiscard]] QList<TimeMark> marks(qint64 from, qint64 to) const;
  [[nodiscard]] std::optional<qint64> firstSampleAt() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vx11::cluster
