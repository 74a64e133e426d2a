#include "widgets/text_label.h"

#include <QEvent>

namespace vx11::ui {

TextLabel::TextLabel(const QString& text, FontRole role, Token color, QWidget* parent)
    : QLabel(text, parent), role_(role), color_(color) {
  setTextFormat(Qt::PlainText);
  refresh();
}

void TextLabel::setRole(FontRole role) {
  role_ = role;
  refresh();
}

void TextLabel::setColor(Token color) {
  color_ = color;
  refresh();
}

void TextLabel::changeEvent(QEvent* event) {
  QLabel::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationFontChange) refresh();
}

void TextLabel::refresh() {
  const Theme& theme = themeOf(palette());
  // Both are compared first: setting them sends the very events that lead here.
  if (const QFont wanted = theme.font(role_); font() != wanted) setFont(wanted);
  if (const QColor wanted = theme.color(color_); palette().color(QPalette::WindowText) != wanted) {
    QPalette own;
    own.setColor(QPalette::WindowText, wanted);
    setPalette(own);
  }
}

}  // namespace vx11::ui
