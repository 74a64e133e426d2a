// Curves and fills, drawn by Qt Charts into a picture; the one place that knows Qt Charts. The picture is made once for
// new data and reused while only the cursor moves.
#pragma once

#include <QList>
#include <QPen>
#include <QPixmap>
#include <memory>
#include <vector>

#include "charts/chart_cursor.h"
#include "cluster/history.h"

namespace vx11::ui {

struct CanvasCurve {
  const std::vector<cluster::Point>* points = nullptr;  ///< NaN parts two lines
  QPen pen;
  QBrush fill = Qt::NoBrush;  ///< down to zero
};

class CurveCanvas {
 public:
  CurveCanvas();
  ~CurveCanvas();
  CurveCanvas(const CurveCanvas&) = delete;
  CurveCanvas& operator=(const CurveCanvas&) = delete;

  /// Draws into `device` pixels of `plot` (logical, inside the picture), x over `range`, y from 0 to `top`. A lone
  /// point is a line as long as its step.
  void paint(QPainter* painter, const QRectF& plot, const TimeSpan& range, qint64 step, double top,
             const QList<CanvasCurve>& curves);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vx11::ui
