// The line of one pixel between two parts of the window.
#pragma once

#include <QPainter>
#include <QWidget>

#include "platform/theme.h"

namespace vx11::ui {

class EdgeLine : public QWidget {
 public:
  explicit EdgeLine(Qt::Orientation orientation, QWidget* parent = nullptr) : QWidget(parent) {
    orientation == Qt::Horizontal ? setFixedHeight(1) : setFixedWidth(1);
  }

 protected:
  void paintEvent(QPaintEvent*) override { QPainter(this).fillRect(rect(), themeOf(palette()).color(Token::Border)); }
};

}  // namespace vx11::ui
