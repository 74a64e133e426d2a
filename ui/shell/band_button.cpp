#include "shell/band_button.h"

#include <QKeyEvent>
#include <QPainter>

#include "platform/theme.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int height_ = 22, hoverAlpha = 40;

}  // namespace

BandButton::BandButton(QWidget* parent) : QAbstractButton(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAttribute(Qt::WA_Hover);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize BandButton::sizeHint() const {
  const QFontMetrics metrics(themeOf(palette()).font(FontRole::Label));
  return {metrics.horizontalAdvance(text()) + 2 * metrics::space8, height_};
}

void BandButton::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  const QColor ink = theme.color(Token::OnProd);
  QColor fill = ink;
  fill.setAlpha(isDown() ? 2 * hoverAlpha : underMouse() ? hoverAlpha : 0);
  const qreal line = hasFocus() ? 2 : 1;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(ink, line));
  painter.setBrush(fill);
  painter.drawRoundedRect(QRectF(rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2), metrics::controlRadius,
                          metrics::controlRadius);
  painter.setFont(theme.font(FontRole::Label));
  painter.drawText(rect(), Qt::AlignCenter, text());
}

void BandButton::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) click();
  else QAbstractButton::keyPressEvent(event);
}

}  // namespace vx11::ui
