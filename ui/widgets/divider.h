// A horizontal line of one pixel between the rows of a card.
#pragma once

#include <QPainter>
#include <QWidget>

#include "platform/theme.h"

namespace vx11::ui {

class Divider : public QWidget {
 public:
  explicit Divider(QWidget* parent = nullptr) : QWidget(parent) { setFixedHeight(1); }

 protected:
  void paintEvent(QPaintEvent*) override {
    // A card's own edge stays free at both ends.
    QPainter(this).fillRect(rect().adjusted(1, 0, -1, 0), themeOf(palette()).color(Token::Border));
  }
};

}  // namespace vx11::ui
