// An icon that only decorates: it says nothing to a screen reader, and follows the theme.
#pragma once

#include <QWidget>

#include "platform/theme.h"

namespace vx11::ui {

class IconLabel : public QWidget {
  Q_OBJECT
 public:
  explicit IconLabel(const QString& icon, int size = 16, Token color = Token::Text2, QWidget* parent = nullptr);
  void setIcon(const QString& icon, Token color);
  [[nodiscard]] QSize sizeHint() const override { return {size_, size_}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QString icon_;
  int size_;
  Token color_;
};

}  // namespace vx11::ui
