// Tells "did not answer" from "was not asked": a console in the background asks less often, and that is no gap. Also
// cuts curves into the runs that are drawn as lines. Pure functions over points of equal steps.
#pragma once

#include <cstddef>
#include <vector>

#include "charts/chart_cursor.h"
#include "cluster/history.h"

namespace vx11::ui {

/// Points first … first + count - 1 have values and belong to one line.
struct Run {
  std::size_t first = 0;
  std::size_t count = 0;
  friend bool operator==(const Run&, const Run&) = default;
};
[[nodiscard]] std::vector<Run> runs(const std::vector<cluster::Point>& points);

struct Presence {
  std::vector<TimeSpan> outages;  ///< no answer from here to there
  std::vector<bool> notAsked;     ///< one for each point: leave it out, the line goes on
};

/// From a curve that has a value whenever its instance answered. A run without values is an outage when it lasts longer
/// than the slowest poll (15 s, with some delay), or when an instance is known to have gone at its start (`goneAt`,
/// wall ms). What lies before `firstSampleAt` is neither.
[[nodiscard]] Presence presence(const std::vector<cluster::Point>& alive, const std::vector<qint64>& goneAt,
                                qint64 step, qint64 firstSampleAt);

/// Drops the points that stand for seconds in which nobody asked.
void leaveOut(std::vector<cluster::Point>& points, const std::vector<bool>& notAsked);

/// The value that holds at `at`: that of the last point not after it. NaN where there is none.
[[nodiscard]] double valueAt(const std::vector<cluster::Point>& points, qint64 at);
/// The last value of all, NaN where the curve ends without one.
[[nodiscard]] double newestValue(const std::vector<cluster::Point>& points);

}  // namespace vx11::ui
