// A button that opens a menu and says so by its chevron. QPushButton::setMenu would run an event loop of its own.
#pragma once

#include <QPushButton>
#include <QStyleOptionButton>
#include <QStylePainter>

#include "platform/icons.h"
#include "widgets/metrics.h"

namespace vx11::ui {

class MenuButton : public QPushButton {
 public:
  using QPushButton::QPushButton;
  [[nodiscard]] QSize sizeHint() const override {
    return QPushButton::sizeHint() + QSize(chevron + metrics::space4, 0);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    painter.drawControl(QStyle::CE_PushButtonBevel, option);
    option.rect.adjust(0, 0, -chevron, 0);
    painter.drawControl(QStyle::CE_PushButtonLabel, option);
    const QColor color = themeOf(palette()).color(isEnabled() ? Token::Text2 : Token::Text3);
    painter.drawPixmap(QPointF(width() - chevron - metrics::space8, (height() - chevron) / 2.0),
                       iconPixmap(QStringLiteral("chevron-down"), color, chevron, devicePixelRatioF()));
  }

 private:
  static constexpr int chevron = 12;
};

}  // namespace vx11::ui
