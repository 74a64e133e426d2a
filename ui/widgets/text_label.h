// Text in one of the theme's roles: font and colour follow the theme while the window is open.
#pragma once

#include <QLabel>

#include "platform/theme.h"

namespace vx11::ui {

/// Plain text always: what comes from a server can't become markup.
class TextLabel : public QLabel {
  Q_OBJECT
 public:
  explicit TextLabel(const QString& text = {}, FontRole role = FontRole::Body, Token color = Token::Text,
                     QWidget* parent = nullptr);
  void setRole(FontRole role);
  void setColor(Token color);
  [[nodiscard]] Token color() const { return color_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void refresh();
  FontRole role_;
  Token color_;
};

}  // namespace vx11::ui
