#include "widgets/cap_button.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QStyleOptionButton>
#include <QStylePainter>

#include "platform/icons.h"
#include "widgets/metrics.h"
#include "widgets/tag.h"

namespace vx11::ui {
namespace {
constexpr int glyph = 14, gap = 7, padding = 12, paddingSmall = 9;
}

CapButton::CapButton(const QString& text, const QString& icon, const QString& keys, QWidget* parent)
    : QPushButton(text, parent), icon_(icon), keys_(keys) {
  setAccessibleDescription(keys);
}

void CapButton::setPrimary(bool on) {
  primary_ = on;
  setProperty("primary", on);
  updateGeometry();
  update();
}

QFont CapButton::textFont() const {
  return themeOf(QGuiApplication::palette()).font(primary_ ? FontRole::BodyStrong : FontRole::Body);
}

bool CapButton::isSmall() const { return property("small").toBool(); }

QSize CapButton::sizeHint() const {
  int width = 2 * (isSmall() ? paddingSmall : padding) + QFontMetrics(textFont()).horizontalAdvance(text());
  if (!icon_.isEmpty()) width += glyph + gap;
  if (!keys_.isEmpty()) width += gap + tagSize(keys_, TagKind::KeyCap, themeOf(QGuiApplication::palette())).width();
  return {width, isSmall() ? metrics::smallControl : metrics::control};
}

void CapButton::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(QGuiApplication::palette());
  QStylePainter painter(this);
  QStyleOptionButton option;
  initStyleOption(&option);
  option.text.clear();
  option.icon = {};
  painter.drawControl(QStyle::CE_PushButton, option);

  const bool destroys = property("destructive").toBool();
  const QColor ink = theme.color(!isEnabled() ? Token::Text3
                                 : primary_   ? Token::OnAccent
                                 : destroys   ? Token::Crit
                                              : Token::Text);
  int x = (isSmall() ? paddingSmall : padding) + (width() - sizeHint().width()) / 2;
  if (!icon_.isEmpty()) {
    painter.drawPixmap(x, (height() - glyph) / 2, iconPixmap(icon_, ink, glyph, devicePixelRatioF()));
    x += glyph + gap;
  }
  painter.setFont(textFont());
  painter.setPen(ink);
  painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, text());
  if (keys_.isEmpty()) return;
  x += QFontMetrics(textFont()).horizontalAdvance(text()) + gap;
  const QSize cap = tagSize(keys_, TagKind::KeyCap, theme);
  paintTag(&painter, QRectF(x, (height() - cap.height()) / 2, cap.width(), cap.height()), keys_, TagKind::KeyCap, theme,
           primary_ || !isEnabled() ? std::optional(ink) : std::nullopt);
}

}  // namespace vx11::ui
