#include "widgets/verdict_line.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>
#include <algorithm>

#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int gap = 6;

QFont sentenceFont(const Theme& theme) { return theme.font(FontRole::Body); }

}  // namespace

VerdictLine::VerdictLine(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void VerdictLine::set(Mark mark, const QString& phrase, const QString& sentence) {
  if (mark == mark_ && phrase == phrase_ && sentence == sentence_) return;
  mark_ = mark;
  phrase_ = phrase;
  sentence_ = sentence;
  setAccessibleName(text());
  updateToolTip();
  update();
}

QString VerdictLine::text() const { return sentence_.isEmpty() ? phrase_ : phrase_ + u' ' + sentence_; }

QSize VerdictLine::sizeHint() const {
  const Theme& theme = themeOf(palette());
  const int width = markSize + gap + QFontMetrics(theme.font(FontRole::Verdict)).horizontalAdvance(phrase_) + gap +
                    QFontMetrics(sentenceFont(theme)).horizontalAdvance(sentence_) + 1;
  return {width, std::max(metrics::pageVerdict, QFontMetrics(sentenceFont(theme)).height())};
}

QSize VerdictLine::minimumSizeHint() const { return {120, sizeHint().height()}; }

void VerdictLine::paintEvent(QPaintEvent*) {
  if (phrase_.isEmpty()) return;
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  paintMark(&painter, QRectF(0, (height() - markSize) / 2.0, markSize, markSize), mark_, theme);
  int x = markSize + gap;
  painter.setFont(theme.font(FontRole::Verdict));
  painter.setPen(theme.color(markWordColor(mark_)));
  const QFontMetrics bold(painter.font());
  painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter,
                   bold.elidedText(phrase_, Qt::ElideRight, width() - x));
  x += bold.horizontalAdvance(phrase_) + gap;
  if (x >= width()) return;
  painter.setFont(sentenceFont(theme));
  painter.setPen(theme.color(Token::Text2));
  painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter,
                   QFontMetrics(painter.font()).elidedText(sentence_, Qt::ElideRight, width() - x));
}

void VerdictLine::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  updateToolTip();
}

void VerdictLine::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) updateGeometry();
  if (event->type() == QEvent::PaletteChange) update();
}

void VerdictLine::updateToolTip() { setToolTip(sizeHint().width() > width() ? text() : QString()); }

}  // namespace vx11::ui
