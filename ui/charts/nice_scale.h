// Round axes: tops of y axes that start at zero, and times that belong under an x axis. Pure functions; the top is
// never below the greatest value, and equal data always gives the same axis.
#pragma once

#include <QString>
#include <QtGlobal>
#include <vector>

namespace vx11::ui {

/// How the top of an axis is chosen.
enum class Scale {
  Decimal,  ///< 1, 2, 4, 5, 6, 8 times a power of ten
  Count,    ///< the same, but half of it is a whole number too
  Binary,   ///< a power of two, at least 1: sizes
  Percent,  ///< always 100
};

/// The least round top that is not below `greatest`; without anything to show (0, NaN) a small one.
[[nodiscard]] double niceTop(double greatest, Scale scale);

/// A value beside a grid line, five characters at most: "0", "2.5", "1,250", "40k", "1.5M".
[[nodiscard]] QString axisLabel(double value);

struct TimeTicks {
  qint64 interval = 0;     ///< ms between two labels
  std::vector<qint64> at;  ///< wall times (ms since the epoch) inside [from, to], round in local time
};
/// The shortest round interval that needs at most `maxLabels` labels.
[[nodiscard]] TimeTicks timeTicks(qint64 from, qint64 to, int maxLabels);

/// "14:32", or "14:32:15" where the interval is under a minute.
[[nodiscard]] QString timeLabel(qint64 at, qint64 interval);

}  // namespace vx11::ui
