// Where times and values lie on a chart's plot, in logical pixels, and back.
#pragma once

#include <QRectF>
#include <algorithm>
#include <cmath>

#include "charts/chart_cursor.h"

namespace vx11::ui {

struct PlotGeometry {
  QRectF plot;
  TimeSpan range;
  double top = 1;      ///< value at the upper edge; the lower one is zero
  qint64 step = 1000;  ///< ms between two points; points lie on its multiples

  [[nodiscard]] qreal x(qint64 at) const {
    if (range.length() <= 0) return plot.left();
    return plot.left() + plot.width() * static_cast<qreal>(at - range.from) / static_cast<qreal>(range.length());
  }
  [[nodiscard]] qreal y(double value) const { return plot.bottom() - plot.height() * value / top; }
  /// The time of the point nearest to `x`, inside the range.
  [[nodiscard]] qint64 pointTimeAt(qreal pixel) const {
    const qreal share = plot.width() > 0 ? std::clamp((pixel - plot.left()) / plot.width(), 0.0, 1.0) : 0;
    return snapped(range.from + std::llround(share * static_cast<qreal>(range.length())));
  }
  [[nodiscard]] qint64 snapped(qint64 at) const {
    const qint64 nearest = std::llround(static_cast<double>(at) / static_cast<double>(step)) * step;
    return std::clamp(nearest, std::min(range.from, range.to), range.to);
  }
};

}  // namespace vx11::ui
