// What a chart shows, as plain values in units of display (MiB, %, ms): the page makes it, the chart only draws it.
#pragma once

#include <QList>
#include <QString>
#include <functional>
#include <vector>

#include "charts/chart_cursor.h"
#include "charts/nice_scale.h"
#include "charts/series_style.h"
#include "cluster/history.h"

namespace vx11::ui {

struct CurveSpec {
  QString name;
  SeriesStyle style;
  bool filled = false;                    ///< for charts with a single curve
  std::function<QString(double)> format;  ///< the value as the legend writes it
  QString whenNone;                       ///< in the legend where there is no value: "no checks", "not used"
};

struct ChartSpec {
  QString title;
  QString unit;  ///< beside the title: "/s", "ms, worst instance"
  Scale scale = Scale::Decimal;
  QList<CurveSpec> curves;
};

struct ChartMark {
  qint64 at = 0;
  QString words;
};
struct ChartGap {
  TimeSpan span;
  QString words;      ///< "no answer 31 s"
  bool whole = true;  ///< false: others answered meanwhile; a strip on the axis only
};
struct ChartLimit {
  double value = 0;
  QString name;
};

struct ChartData {
  TimeSpan range;                                   ///< the x axis
  qint64 step = 1000;                               ///< ms between two points
  std::vector<std::vector<cluster::Point>> curves;  ///< as in the spec; NaN is a gap; at most 600 points each
  std::vector<double> newest;  ///< one for each curve, NaN: none; left empty, the curves' ends count
  QList<ChartMark> marks;
  QList<ChartGap> gaps;
  QList<ChartLimit> limits;
  double topAtLeast = 0;                            ///< the y axis goes so far, whatever there is to show
  QString whenEmpty;  ///< said over the axes while no curve has a point
};

}  // namespace vx11::ui
