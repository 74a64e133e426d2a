// Which colour slot and pen belongs to which metric and instance. The one place that knows; no chart mixes both kinds.
#pragma once

#include <QPen>

#include "cluster/history.h"
#include "platform/theme.h"

namespace vx11::ui {

/// A curve's looks apart from the theme: slot 1 to 8, how it is dashed, how thick (logical pixels).
struct SeriesStyle {
  int slot = 1;
  Qt::PenStyle dash = Qt::SolidLine;
  qreal width = 1.5;
  friend bool operator==(const SeriesStyle&, const SeriesStyle&) = default;
};

[[nodiscard]] SeriesStyle metricStyle(cluster::Metric metric);

/// By the instance's place in the profile (from 0), which it keeps; the 9th and later repeat the first ones dashed.
[[nodiscard]] SeriesStyle instanceStyle(int slot);

[[nodiscard]] QPen seriesPen(const SeriesStyle& style, const Theme& theme);

}  // namespace vx11::ui
