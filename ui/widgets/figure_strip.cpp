#include "widgets/figure_strip.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

#include "platform/theme.h"
#include "widgets/figure.h"
#include "widgets/metrics.h"

namespace vx11::ui {

FigureStrip::FigureStrip(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
}

Figure* FigureStrip::addFigure(const QString& label, int paddingY) {
  auto* figure = new Figure(label);
  constexpr int paddingX = metrics::cardPaddingX + 2;
  figure->layout()->setContentsMargins(paddingX, paddingY, paddingX, paddingY);
  static_cast<QHBoxLayout*>(layout())->addWidget(figure, 1);
  figures_ << figure;
  return figure;
}

void FigureStrip::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(theme.color(Token::Base));
  painter.setPen(theme.color(Token::Border));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::cardRadius, metrics::cardRadius);
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (const Figure* figure : std::as_const(figures_))
    if (figure->x() > 0) painter.drawLine(figure->x(), 1, figure->x(), height() - 2);
}

void FigureStrip::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
