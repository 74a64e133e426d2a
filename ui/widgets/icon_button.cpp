#include "widgets/icon_button.h"

#include <QEvent>
#include <QKeyEvent>
#include <QPainter>

#include "platform/icons.h"
#include "widgets/focus_ring.h"
#include "widgets/metrics.h"

namespace vx11::ui {

IconButton::IconButton(const QString& icon, const QString& name, QWidget* parent) : QAbstractButton(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setIconName(icon, name);
}

void IconButton::setIconName(const QString& icon, const QString& name) {
  icon_ = icon;
  name_ = name;
  setAccessibleName(name);
  if (isEnabled()) setToolTip(name);
  update();
}

void IconButton::setDisabledBecause(const QString& reason) {
  setEnabled(reason.isEmpty());
  setToolTip(reason.isEmpty() ? name_ : reason);
}

QSize IconButton::sizeHint() const { return {metrics::smallControl, metrics::smallControl}; }

void IconButton::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  if (isEnabled() && (underMouse() || isDown() || isChecked())) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.color(isDown() || isChecked() ? Token::Raised : Token::Alt));
    painter.drawRoundedRect(rect(), metrics::controlRadius, metrics::controlRadius);
  }
  constexpr int size = 14;
  const QColor color = theme.color(isEnabled() ? Token::Text2 : Token::Text3);
  painter.drawPixmap((width() - size) / 2, (height() - size) / 2,
                     iconPixmap(icon_, color, size, devicePixelRatioF()));
  if (hasFocus()) paintFocusRing(&painter, rect(), metrics::controlRadius, theme);
}

void IconButton::changeEvent(QEvent* event) {
  QAbstractButton::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::EnabledChange) update();
}

void IconButton::enterEvent(QEnterEvent* event) {
  QAbstractButton::enterEvent(event);
  update();
}

void IconButton::leaveEvent(QEvent* event) {
  QAbstractButton::leaveEvent(event);
  update();
}

void IconButton::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) click();
  else QAbstractButton::keyPressEvent(event);
}

}  // namespace vx11::ui
