#include "charts/chart_cursor.h"

namespace vx11::ui {

void ChartCursor::setAt(std::optional<qint64> at) {
  if (at == at_) return;
  at_ = at;
  Q_EMIT moved();
}

void ChartCursor::setBand(std::optional<TimeSpan> band) {
  if (band == band_) return;
  band_ = band;
  Q_EMIT bandChanged();
}

}  // namespace vx11::ui
