#include "widgets/tag.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

QFont tagFont(TagKind kind, const Theme& theme) {
  switch (kind) {
    case TagKind::Mode: return theme.font(FontRole::Small);
    case TagKind::Environment: return theme.font(FontRole::Environment);
    case TagKind::KeyCap: break;
  }
  QFont font = theme.font(FontRole::Fixed);
  const QFont small = theme.font(FontRole::Small);
  if (small.pixelSize() > 0) font.setPixelSize(small.pixelSize());
  else font.setPointSizeF(small.pointSizeF());
  return font;
}

}  // namespace

QSize tagSize(const QString& text, TagKind kind, const Theme& theme) {
  const QFontMetrics metrics(tagFont(kind, theme));
  const int padding = kind == TagKind::KeyCap ? 5 : 6;
  const int height = kind == TagKind::Environment ? metrics.height() + 2 : metrics.height() + 3;
  return {metrics.horizontalAdvance(text) + 2 * padding, height};
}

void paintTag(QPainter* painter, const QRectF& rect, const QString& text, TagKind kind, const Theme& theme,
              std::optional<QColor> tone) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QColor quiet = theme.color(kind == TagKind::Environment ? Token::Idle : Token::Border);
  const bool isProduction = kind == TagKind::Environment && tone == theme.color(Token::Prod);
  painter->setPen(QPen(tone.value_or(quiet), 1));
  painter->setBrush(isProduction ? QBrush(*tone) : kind == TagKind::KeyCap && !tone ? QBrush(theme.color(Token::Alt)) : QBrush(Qt::NoBrush));
  painter->drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), metrics::controlRadius, metrics::controlRadius);
  painter->setFont(tagFont(kind, theme));
  const QColor ink = tone.value_or(theme.color(kind == TagKind::Environment ? Token::Text : Token::Text2));
  painter->setPen(isProduction ? theme.color(Token::OnProd) : ink);
  painter->drawText(rect, Qt::AlignCenter, text);
  painter->restore();
}

Tag::Tag(const QString& text, TagKind kind, QWidget* parent) : QWidget(parent), kind_(kind) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setText(text);
}

void Tag::setText(const QString& text) {
  const QString written = kind_ == TagKind::Environment ? text.toUpper() : text;
  if (written == text_) return;
  text_ = written;
  setAccessibleName(text);
  updateGeometry();
  update();
}

void Tag::setTone(std::optional<Token> tone) {
  tone_ = tone;
  update();
}

QSize Tag::sizeHint() const { return tagSize(text_, kind_, themeOf(palette())); }
QSize Tag::minimumSizeHint() const { return sizeHint(); }

void Tag::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  const std::optional<QColor> tone = tone_ ? std::optional(theme.color(*tone_)) : std::nullopt;
  paintTag(&painter, rect(), text_, kind_, theme, tone);
}

void Tag::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
