#include "widgets/limit_bar.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>
#include <algorithm>

#include "platform/theme.h"
#include "widgets/format.h"

namespace vx11::ui {
namespace {
constexpr int barHeight = 8, markOver = 2, gap = 1;
}

LimitBar::LimitBar(const QString& accessibleName, double mark, QWidget* parent)
    : QWidget(parent), name_(accessibleName), mark_(mark) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setAccessibleName(name_);
}

void LimitBar::setShare(std::optional<double> share) {
  if (share == share_) return;
  share_ = share;
  setAccessibleName(QStringLiteral("%1: %2").arg(name_, format::ratio(share)));
  update();
}

void LimitBar::setStale(bool stale) {
  if (stale == stale_) return;
  stale_ = stale;
  update();
}

QSize LimitBar::sizeHint() const {
  const QFontMetrics metrics(themeOf(palette()).font(FontRole::Small));
  return {220, barHeight + 2 * markOver + gap + metrics.height()};
}

void LimitBar::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  const QRect bar(0, markOver, width(), barHeight);
  painter.fillRect(bar, theme.color(Token::Raised));
  if (share_) {
    const bool over = *share_ >= mark_;
    const QColor fill = stale_ ? theme.color(Token::Idle) : over ? theme.color(Token::WarnFill) : theme.series(1);
    const int length = std::max(2, qRound(bar.width() * std::min(1.0, *share_)));
    painter.fillRect(QRect(bar.x(), bar.y(), length, bar.height()), fill);
  }
  const int at = qRound(bar.width() * mark_);
  painter.fillRect(QRect(at - 1, 0, 2, barHeight + 2 * markOver), theme.color(Token::Text));
  painter.setFont(theme.font(FontRole::Small));
  painter.setPen(theme.color(Token::Text2));
  const QString words = format::ratio(mark_);
  const int wide = QFontMetrics(painter.font()).horizontalAdvance(words);
  const int x = std::clamp(at - wide / 2, 0, std::max(0, width() - wide));
  painter.drawText(QRect(x, barHeight + 2 * markOver + gap, wide + 1, height()), Qt::AlignLeft | Qt::AlignTop, words);
}

void LimitBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
