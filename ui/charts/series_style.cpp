#include "charts/series_style.h"

namespace vx11::ui {

using cluster::Metric;

SeriesStyle metricStyle(Metric metric) {
  switch (metric) {
    case Metric::LocalHitRate:
    case Metric::HitRatio:
      return {1};
    case Metric::RedisHitRate:
    case Metric::RedisMemory:
      return {2};
    case Metric::MissRate:
      return {3, Qt::DashLine};
    case Metric::LocalMissRate:
      return {1, Qt::DotLine};
    case Metric::CheckRate:
    case Metric::LiveTokens:
      return {4};
    case Metric::OpenStreams:
      return {5};
    case Metric::IssueRate:
      return {6};
    case Metric::RefusedRate:
      return {7};
    case Metric::CheckP50:
      return {8, Qt::DotLine};
    case Metric::CheckP95:
      return {8, Qt::SolidLine, 2};
    case Metric::CheckP99:
      return {8, Qt::DashLine};
    case Metric::RedisCommandRate:
      return {8};
  }
  return {};
}

SeriesStyle instanceStyle(int slot) {
  return {instanceSeries(slot), slot < seriesCount ? Qt::SolidLine : Qt::DashLine};
}

QPen seriesPen(const SeriesStyle& style, const Theme& theme) {
  QPen pen(theme.series(style.slot), style.width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
  // In units of the width; round figures so that the sample in the legend shows the same pattern.
  if (style.dash == Qt::DashLine) pen.setDashPattern({4, 3});
  if (style.dash == Qt::DotLine) pen.setDashPattern({1.4, 1.8});
  return pen;
}

}  // namespace vx11::ui
