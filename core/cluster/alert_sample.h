// What the alert rules look at: one moment of a cluster in numbers, and the last five minutes of such moments. Only
// what was told just now counts: a value kept on the screen from before is unknown here.
#pragma once

#include <deque>

#include "cluster/types.h"

namespace vx11::cluster {

class Cluster;

struct InstanceSample {
  using Counter = std::optional<qint64> InstanceSample::*;
  int slot = 0;
  QString id;
  std::optional<bool> up;  ///< empty: not known yet, or starting
  std::optional<qint64> issued, refused, tokenStreams, principalStreams;  ///< since its start
  std::optional<qint64> liveTokens;
  std::optional<int> ttlSec;
  bool measures = false;  ///< it tells latencies: one that is empty then was not needed, rather than unknown
  std::optional<double> issueP95, localCheckP95, redisCheckP95, streamP95;  ///< ms, of about the last minute
};

struct RedisSample {
  bool configured = false;
  std::optional<int> away;  ///< instances that don't reach it; where none tells, 1 when the console doesn't
  std::optional<qint64> usedMemory, maxMemory;  ///< maxMemory 0: no limit
};

struct AlertSample {
  qint64 at = 0;  ///< console clock, ms
  QList<InstanceSample> instances;
  RedisSample redis;
};

[[nodiscard]] AlertSample sampleOf(const Cluster& cluster);

/// Keeps a sample every five seconds, and the newest.
class AlertWindow {
 public:
  static constexpr qint64 lengthMs = 300'000;

  /// Not before the last one.
  void add(AlertSample sample);
  [[nodiscard]] const AlertSample& newest() const { return newest_; }

  struct Increase {
    double by = 0;
    qint64 overMs = 0;  ///< from the first to the last sample that told the counter
  };
  /// Of a counter within the last `withinMs`; one that fell began anew at 0. Empty: the newest sample doesn't tell it,
  /// or no other does.
  [[nodiscard]] std::optional<Increase> increase(int slot, InstanceSample::Counter counter, qint64 withinMs) const;

 private:
  std::deque<AlertSample> kept_;
  AlertSample newest_;
};

}  // namespace vx11::cluster
