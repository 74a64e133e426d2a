// What lies on and around the curves of a chart, painted by us: grid, axis labels, gaps, limits, events, the zoom band
// and the cursor. Colours and fonts come from the theme alone.
#pragma once

#include "charts/chart_data.h"
#include "charts/plot_geometry.h"
#include "platform/theme.h"

class QPainter;

namespace vx11::ui {

class PlotPainter {
 public:
  PlotPainter(QPainter* painter, const Theme& theme, const PlotGeometry& geometry)
      : p_(painter), theme_(theme), g_(geometry) {}

  /// Four lines above the axis; zero, half and top are labelled.
  void grid();
  void timeLabels();
  void gaps(const QList<ChartGap>& gaps);
  void limits(const QList<ChartLimit>& limits);
  /// A dotted line and a triangle on the axis each.
  void marks(const QList<ChartMark>& marks);
  /// What the events are, and the gaps too narrow for their words; as far as there is room.
  void words(const QList<ChartMark>& marks, const QList<ChartGap>& gaps);
  void zoomBand(const TimeSpan& band);
  void cursor(qint64 at);
  void cursorDot(qint64 at, double value, const QColor& color);
  void message(const QString& words);

 private:
  [[nodiscard]] bool fitsInside(const ChartGap& gap) const;
  [[nodiscard]] qreal crisp(qreal v) const { return std::floor(v) + 0.5; }
  QPainter* p_;
  const Theme& theme_;
  PlotGeometry g_;
};

}  // namespace vx11::ui
