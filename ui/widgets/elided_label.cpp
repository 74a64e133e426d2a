#include "widgets/elided_label.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>
#include <algorithm>

namespace vx11::ui {

ElidedLabel::ElidedLabel(const QString& text, FontRole role, Token color, Qt::TextElideMode mode, QWidget* parent)
    : QWidget(parent), role_(role), color_(color), mode_(mode) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  setText(text);
}

void ElidedLabel::setText(const QString& text) {
  if (text == text_) return;
  text_ = text;
  setAccessibleName(text);
  updateToolTip();
  updateGeometry();
  update();
}

void ElidedLabel::setDetails(const QString& details) {
  if (details == details_) return;
  details_ = details;
  updateToolTip();
}

void ElidedLabel::setColor(Token color) {
  color_ = color;
  update();
}

void ElidedLabel::setRole(FontRole role) {
  role_ = role;
  updateToolTip();
  updateGeometry();
  update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment) {
  alignment_ = alignment;
  update();
}

bool ElidedLabel::isElided() const { return sizeHint().width() > width(); }

QSize ElidedLabel::sizeHint() const {
  const QFontMetrics metrics(themeOf(palette()).font(role_));
  return {metrics.horizontalAdvance(text_) + 1, metrics.height()};
}

QSize ElidedLabel::minimumSizeHint() const {
  const QFontMetrics metrics(themeOf(palette()).font(role_));
  return {std::min(sizeHint().width(), metrics.averageCharWidth() * 6), metrics.height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setFont(theme.font(role_));
  painter.setPen(theme.color(isEnabled() ? color_ : Token::Text3));
  painter.drawText(rect(), static_cast<int>(alignment_),
                   QFontMetrics(painter.font()).elidedText(text_, mode_, width()));
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  updateToolTip();
}

void ElidedLabel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::FontChange) {
    updateToolTip();
    updateGeometry();
  }
  if (event->type() == QEvent::PaletteChange) update();
}

void ElidedLabel::updateToolTip() {
  QStringList parts;
  if (isElided()) parts << text_;
  if (!details_.isEmpty()) parts << details_;
  setToolTip(parts.join(u'\n'));
}

}  // namespace vx11::ui
