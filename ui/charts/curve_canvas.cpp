#include "charts/curve_canvas.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>

#include "charts/presence.h"

namespace vx11::ui {
namespace {

/// Curves at zero or at the top keep their whole width: the canvas is that much higher than the plot, at both ends.
constexpr qreal overlap = 2;

QList<QPointF> polyline(const std::vector<cluster::Point>& points, const Run& run, qint64 from, qint64 step) {
  QList<QPointF> line;
  line.reserve(static_cast<qsizetype>(run.count) + 1);
  for (std::size_t i = run.first; i < run.first + run.count; ++i)
    line.append({static_cast<qreal>(points[i].at - from), points[i].value});
  if (run.count == 1) line.append(line.first() + QPointF(static_cast<qreal>(step), 0));
  return line;
}

}  // namespace

/// Series are kept from picture to picture: Qt Charts makes them at some cost, and hides them at none.
struct CurveCanvas::Impl {
  struct Line {
    QLineSeries* line;
    QLineSeries* edge;  ///< what the area hangs from; it may not share the visible line
    QAreaSeries* area;
  };

  QGraphicsScene scene;
  QChart* chart = new QChart;
  QValueAxis* x = new QValueAxis;
  QValueAxis* y = new QValueAxis;
  std::vector<Line> lines;

  Impl() {
    scene.setItemIndexMethod(QGraphicsScene::NoIndex);
    chart->setAnimationOptions(QChart::NoAnimation);
    chart->setBackgroundVisible(false);
    chart->setMargins({});
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->legend()->hide();
    for (auto* axis : {x, y}) axis->setVisible(false);
    chart->addAxis(x, Qt::AlignBottom);
    chart->addAxis(y, Qt::AlignLeft);
    scene.addItem(chart);
  }

  void attach(QAbstractSeries* series) {
    chart->addSeries(series);
    series->attachAxis(x);
    series->attachAxis(y);
  }

  Line& line(std::size_t index) {
    while (lines.size() <= index) {
      Line made{new QLineSeries, new QLineSeries(chart), nullptr};
      made.area = new QAreaSeries(made.edge);
      made.area->setPen(Qt::NoPen);
      attach(made.area);
      attach(made.line);
      lines.push_back(made);
    }
    return lines[index];
  }
};

CurveCanvas::CurveCanvas() : impl_(new Impl) {}
CurveCanvas::~CurveCanvas() = default;

void CurveCanvas::paint(QPainter* painter, const QRectF& plot, const TimeSpan& range, qint64 step, double top,
                        const QList<CanvasCurve>& curves) {
  if (plot.isEmpty() || range.length() <= 0) return;
  const QRectF canvas = plot.adjusted(0, -overlap, 0, overlap);
  if (impl_->chart->size() != canvas.size()) {
    impl_->chart->resize(canvas.size());
    impl_->chart->setPlotArea({QPointF(), canvas.size()});
  }
  const double beyond = top * overlap / plot.height();
  impl_->x->setRange(0, static_cast<qreal>(range.length()));
  impl_->y->setRange(-beyond, top + beyond);

  std::size_t used = 0;
  for (const CanvasCurve& curve : curves) {
    for (const Run& run : runs(*curve.points)) {
      Impl::Line& line = impl_->line(used++);
      const QList<QPointF> points = polyline(*curve.points, run, range.from, step);
      line.line->setPen(curve.pen);
      line.line->replace(points);
      line.line->setVisible(true);
      const bool filled = curve.fill.style() != Qt::NoBrush;
      if (filled) {
        line.area->setBrush(curve.fill);
        line.edge->replace(points);
      }
      line.area->setVisible(filled);
    }
  }
  for (std::size_t i = used; i < impl_->lines.size(); ++i) {
    impl_->lines[i].line->setVisible(false);
    impl_->lines[i].area->setVisible(false);
  }
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  impl_->scene.render(painter, canvas, QRectF(QPointF(), canvas.size()), Qt::IgnoreAspectRatio);
  painter->restore();
}

}  // namespace vx11::ui
