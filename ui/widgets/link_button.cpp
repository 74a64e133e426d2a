#include "widgets/link_button.h"

#include <QEvent>
#include <QFontMetrics>
#include <QKeyEvent>
#include <QPainter>

#include "widgets/focus_ring.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {
constexpr int padding = 3;  // room for the focus ring
}

LinkButton::LinkButton(const QString& text, QWidget* parent) : QAbstractButton(parent) {
  setText(text);
  setCursor(Qt::PointingHandCursor);
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void LinkButton::setRole(FontRole role) {
  role_ = role;
  updateGeometry();
  update();
}

QSize LinkButton::sizeHint() const {
  const QFontMetrics metrics(themeOf(palette()).font(role_));
  return {metrics.horizontalAdvance(text()) + 2 * padding, metrics.height() + 2 * padding};
}

QSize LinkButton::minimumSizeHint() const { return sizeHint(); }

void LinkButton::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  QFont font = theme.font(role_);
  font.setUnderline(isEnabled() && (underMouse() || isDown()));
  painter.setFont(font);
  painter.setPen(theme.color(isEnabled() ? Token::Accent : Token::Text3));
  painter.drawText(rect(), Qt::AlignCenter, text());
  if (hasFocus()) paintFocusRing(&painter, rect(), metrics::controlRadius, theme);
}

void LinkButton::changeEvent(QEvent* event) {
  QAbstractButton::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::EnabledChange) update();
}

void LinkButton::enterEvent(QEnterEvent* event) {
  QAbstractButton::enterEvent(event);
  update();
}

void LinkButton::leaveEvent(QEvent* event) {
  QAbstractButton::leaveEvent(event);
  update();
}

void LinkButton::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) click();
  else QAbstractButton::keyPressEvent(event);
}

}  // namespace vx11::ui
