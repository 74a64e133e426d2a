#include "widgets/icon_label.h"

#include <QEvent>
#include <QPainter>

#include "platform/icons.h"

namespace vx11::ui {

IconLabel::IconLabel(const QString& icon, int size, Token color, QWidget* parent)
    : QWidget(parent), icon_(icon), size_(size), color_(color) {
  setFixedSize(size, size);
}

void IconLabel::setIcon(const QString& icon, Token color) {
  icon_ = icon;
  color_ = color;
  update();
}

void IconLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Token color = isEnabled() ? color_ : Token::Text3;
  painter.drawPixmap(0, 0, iconPixmap(icon_, themeOf(palette()).color(color), size_, devicePixelRatioF()));
}

void IconLabel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::EnabledChange) update();
}

}  // namespace vx11::ui
