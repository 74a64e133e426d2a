// The alert rules: pure functions from samples to readings, and from a reading to what an alert is now. Unknown
// neither fires nor clears, and what can't be measured (memory without a limit) is no alert.
#pragma once

#include "cluster/alert_sample.h"
#include "cluster/alert_thresholds.h"

namespace vx11::cluster {

/// One rule's judgement of one instance (slot) or of the whole (slot -1) at one moment.
struct AlertReading {
  enum class Verdict {
    Unknown,  ///< nobody told
    NotUsed,  ///< there is nothing to measure; as good as Clear, at once
    Clear,    ///< under 90 % of the threshold
    Between,  ///< under the threshold, but not enough to end an alert
    Over
  };
  AlertKind kind{};
  int slot = -1;
  Verdict verdict = Verdict::Unknown;
  std::optional<double> value;  ///< in the unit of the threshold; of LiveTokens, tokens
  double threshold = 0;
};

/// Of every rule for every instance, and for the whole; in the order of AlertKind.
[[nodiscard]] QList<AlertReading> judge(const AlertWindow& samples, const AlertThresholds& thresholds);

/// How far an alert is. Times count only between two readings that say the same, and at most `longestGapMs` of them:
/// nobody knows what was while the machine slept.
struct AlertProgress {
  enum class Stage { Quiet, Pending, Firing };
  static constexpr qint64 longestGapMs = 20'000, clearAfterMs = 30'000;

  Stage stage = Stage::Quiet;
  qint64 lastAt = -1;   ///< of the last reading that wasn't unknown; console clock, ms
  qint64 overMs = 0;    ///< over without a break
  qint64 clearMs = 0;   ///< clear without a break, while firing
  bool clear = false;   ///< the last reading was
};
/// What it is after `reading`, at a time not before the last one.
[[nodiscard]] AlertProgress advance(AlertProgress progress, const AlertReading& reading, qint64 at, int forSec);

}  // namespace vx11::cluster
