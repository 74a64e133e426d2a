// The one way a thing that takes keys shows that it has them: two pixels of accent.
#pragma once

#include <QPen>
#include <QPainter>
#include <QRectF>

#include "platform/theme.h"

namespace vx11::ui {

/// Paints inside `rect`.
inline void paintFocusRing(QPainter* painter, const QRectF& rect, double radius, const Theme& theme) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setBrush(Qt::NoBrush);
  painter->setPen(QPen(theme.color(Token::Accent), 2));
  painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius);
  painter->restore();
}

}  // namespace vx11::ui
