// A framed surface inside a dialog, like a card without a header.
#pragma once

#include <QPainter>
#include <QWidget>

#include "platform/theme.h"
#include "widgets/metrics.h"

namespace vx11::ui {

class FramedBox : public QWidget {
 public:
  using QWidget::QWidget;

 protected:
  void paintEvent(QPaintEvent*) override {
    const Theme& theme = themeOf(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.color(Token::Border));
    painter.setBrush(theme.color(Token::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::cardRadius, metrics::cardRadius);
  }
};

}  // namespace vx11::ui
