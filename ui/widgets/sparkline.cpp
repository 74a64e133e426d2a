#include "widgets/sparkline.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace vx11::ui {

std::vector<QPolygonF> curvePieces(const std::vector<double>& values, const QRectF& rect, double top) {
  std::vector<QPolygonF> pieces;
  if (values.size() < 2 || top <= 0) return pieces;
  const double step = rect.width() / static_cast<double>(values.size() - 1);
  bool open = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    if (!std::isfinite(value)) {
      open = false;
      continue;
    }
    if (!open) pieces.emplace_back();
    open = true;
    const double share = std::clamp(value / top, 0.0, 1.0);
    pieces.back() << QPointF(rect.left() + step * static_cast<double>(i), rect.bottom() - share * rect.height());
  }
  return pieces;
}

double largestOf(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, value);
  }
  return largest;
}

Sparkline::Sparkline(const QString& accessibleName, QWidget* parent) : QWidget(parent) {
  setAccessibleName(accessibleName);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Sparkline::setValues(std::vector<double> values) {
  values_ = std::move(values);
  update();
}

void Sparkline::setTone(Tone tone) {
  if (tone == tone_) return;
  tone_ = tone;
  update();
}

QSize Sparkline::sizeHint() const { return {60, 22}; }

void Sparkline::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  const Token tokens[] = {Token::Text3, Token::Warn, Token::Idle};
  const QColor line = theme.color(tokens[static_cast<int>(tone_)]);
  QColor fill = line;
  fill.setAlphaF(0.13F);

  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF area = QRectF(rect()).adjusted(0, 1.5, 0, -0.5);
  // A quarter of air above, so that a flat line doesn't look like a full bar; all zeros lie on the ground.
  const double largest = largestOf(values_);
  for (const QPolygonF& piece : curvePieces(values_, area, largest > 0 ? largest * 1.25 : 1)) {
    QPolygonF ground = piece;
    ground << QPointF(piece.last().x(), area.bottom()) << QPointF(piece.first().x(), area.bottom());
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(ground);
    painter.setPen(QPen(line, 1.25));
    if (piece.size() == 1) painter.drawPoint(piece.first());
    else painter.drawPolyline(piece);
  }
}

void Sparkline::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
