#include "widgets/mini_chart.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>
#include <algorithm>

#include "platform/theme.h"
#include "widgets/sparkline.h"

namespace vx11::ui {
namespace {

constexpr int sample = 10, gap = 4;

QPen curvePen(const QColor& color, bool dashed) {
  QPen pen(color, 1.5);
  pen.setCapStyle(Qt::FlatCap);
  if (dashed) pen.setDashPattern({4, 2.5});
  return pen;
}

}  // namespace

MiniChart::MiniChart(const QString& accessibleName, QWidget* parent) : QWidget(parent) {
  setAccessibleName(accessibleName);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void MiniChart::setCurves(std::vector<MiniCurve> curves) {
  curves_ = std::move(curves);
  update();
}

void MiniChart::setIdle(bool idle) {
  if (idle == idle_) return;
  idle_ = idle;
  update();
}

void MiniChart::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setPen(theme.color(Token::Border));
  for (const int line : {0, height() / 2, height() - 1}) painter.drawLine(0, line, width(), line);

  double top = 0;
  for (const MiniCurve& curve : curves_) top = std::max(top, largestOf(curve.values));
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF area = QRectF(rect()).adjusted(0, 2, 0, -1.5);
  for (const MiniCurve& curve : curves_) {
    painter.setPen(curvePen(idle_ ? theme.color(Token::Idle) : theme.series(curve.slot), curve.dashed));
    for (const QPolygonF& piece : curvePieces(curve.values, area, top > 0 ? top * 1.15 : 1)) {
      if (piece.size() == 1) painter.drawPoint(piece.first());
      else painter.drawPolyline(piece);
    }
  }
}

void MiniChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

LegendItem::LegendItem(const QString& name, int slot, bool dashed, QWidget* parent)
    : QWidget(parent), name_(name), slot_(slot), dashed_(dashed) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void LegendItem::setValue(const QString& value, bool stale) {
  if (value == value_ && stale == stale_) return;
  value_ = value;
  stale_ = stale;
  setAccessibleName(QStringLiteral("%1: %2").arg(name_, value));
  updateGeometry();
  update();
}

QSize LegendItem::sizeHint() const {
  const QFontMetrics metrics(themeOf(palette()).font(FontRole::Label));
  const int words = std::max(metrics.horizontalAdvance(name_), metrics.horizontalAdvance(value_));
  return {sample + gap + words + 1, 2 * metrics.height()};
}

void LegendItem::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setFont(theme.font(FontRole::Label));
  const int line = QFontMetrics(painter.font()).height();
  QPen pen = curvePen(stale_ ? theme.color(Token::Idle) : theme.series(slot_), dashed_);
  pen.setWidthF(2);
  painter.setPen(pen);
  painter.drawLine(QPointF(0, line / 2.0), QPointF(sample, line / 2.0));
  const QRect words(sample + gap, 0, width() - sample - gap, line);
  painter.setPen(theme.color(Token::Text2));
  painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, name_);
  painter.setPen(theme.color(stale_ ? Token::Text3 : Token::Text));
  painter.drawText(words.translated(0, line), Qt::AlignLeft | Qt::AlignVCenter, value_);
}

void LegendItem::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
