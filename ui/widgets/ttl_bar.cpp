#include "widgets/ttl_bar.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/format.h"

namespace vx11::ui {

void paintTtlBar(QPainter* painter, const QRectF& rect, double fraction, int secondsLeft, bool stale,
                 const Theme& theme) {
  const double height = std::min<double>(ttlBarHeight, rect.height());
  const QRectF track(rect.left(), std::round(rect.center().y() - height / 2), rect.width(), height);
  painter->fillRect(track, theme.color(Token::Raised));
  const double part = std::clamp(std::isfinite(fraction) ? fraction : 0.0, 0.0, 1.0);
  if (part <= 0) return;
  QRectF fill = track;
  fill.setWidth(std::max(1.0, std::round(track.width() * part)));
  const QColor color = stale                            ? theme.color(Token::Idle)
                       : secondsLeft <= ttlLastSeconds ? theme.color(Token::WarnFill)
                                                        : theme.series(1);
  painter->fillRect(fill, color);
}

TtlBar::TtlBar(QWidget* parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed); }

void TtlBar::set(double fraction, int secondsLeft, bool stale) {
  if (fraction == fraction_ && secondsLeft == secondsLeft_ && stale == stale_) return;
  fraction_ = fraction;
  secondsLeft_ = secondsLeft;
  stale_ = stale;
  setAccessibleName(tr("%1 left").arg(format::duration(secondsLeft)));
  update();
}

void TtlBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintTtlBar(&painter, rect(), fraction_, secondsLeft_, stale_, themeOf(palette()));
}

void TtlBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
