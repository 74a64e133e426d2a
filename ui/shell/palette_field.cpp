#include "shell/palette_field.h"

#include <QKeySequence>
#include <QPainter>

#include "platform/icons.h"
#include "platform/theme.h"
#include "widgets/metrics.h"
#include "widgets/tag.h"

namespace vx11::ui {

PaletteField::PaletteField(QWidget* parent) : QAbstractButton(parent) {
  setText(tr("Go to or run"));
  setAccessibleName(tr("Go to a page or run an action"));
  setToolTip(tr("Find a page or an action by a few of its letters (Ctrl+K)"));
  setFocusPolicy(Qt::TabFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void PaletteField::setNarrow(bool narrow) {
  if (narrow_ == narrow) return;
  narrow_ = narrow;
  updateGeometry();
}

QSize PaletteField::sizeHint() const { return {narrow_ ? 32 : 186, metrics::control}; }

void PaletteField::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const qreal line = hasFocus() ? 2 : 1;
  painter.setPen(QPen(theme.color(hasFocus() ? Token::Accent : Token::Border), line));
  painter.setBrush(theme.color(Token::Base));
  painter.drawRoundedRect(QRectF(rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2), metrics::controlRadius,
                          metrics::controlRadius);
  constexpr int icon = 12;
  painter.drawPixmap(QPoint(narrow_ ? (width() - icon) / 2 : 9, (height() - icon) / 2),
                     iconPixmap(QStringLiteral("search"), theme.color(Token::Text2), icon, devicePixelRatioF()));
  if (narrow_) return;
  const QString keys = QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText);
  const QSize cap = tagSize(keys, TagKind::KeyCap, theme);
  const int capLeft = width() - 9 - cap.width();
  painter.setFont(theme.font(FontRole::Label));
  painter.setPen(theme.color(Token::Text2));
  painter.drawText(QRect(29, 0, capLeft - 33, height()), Qt::AlignVCenter | Qt::AlignLeft, text());
  paintTag(&painter, QRectF(capLeft, (height() - cap.height()) / 2, cap.width(), cap.height()), keys, TagKind::KeyCap,
           theme);
}

}  // namespace vx11::ui
