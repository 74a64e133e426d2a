#include "charts/plot_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <array>

#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int intervals = 4;                                                    // of the y axis
constexpr qreal labelGap = 6;                                                   // between a label and the plot
constexpr qreal triangle = 7;                                                   // width of an event's sign on the axis
constexpr std::size_t wordLines = 3;                                            // of events' words, below each other
constexpr int gapText = Qt::AlignHCenter | Qt::AlignBottom | Qt::TextWordWrap;  // the top is the events'
constexpr qreal partialGap = 4;  // height of the strip for a gap of one of several curves

/// "no answer 13 s", whose last line never begins with the unit.
QString unparted(QString words) {
  for (qsizetype i = 1; i < words.size(); ++i) {
    if (words.at(i) == u' ' && words.at(i - 1).isDigit()) words[i] = QChar(QChar::Nbsp);
  }
  return words;
}

}  // namespace

void PlotPainter::grid() {
  p_->setFont(theme_.font(FontRole::Small));
  for (int i = 0; i <= intervals; ++i) {
    const double value = g_.top * i / intervals;
    const qreal y = crisp(g_.y(value));
    p_->setPen(theme_.color(Token::Border));
    p_->drawLine(QPointF(g_.plot.left(), y), QPointF(g_.plot.right(), y));
    if (i % 2 != 0) continue;
    p_->setPen(theme_.color(Token::Text3));
    p_->drawText(QRectF(0, y - 10, g_.plot.left() - labelGap, 20), Qt::AlignRight | Qt::AlignVCenter, axisLabel(value));
  }
}

void PlotPainter::timeLabels() {
  p_->setFont(theme_.font(FontRole::Small));
  p_->setPen(theme_.color(Token::Text3));
  const QFontMetricsF metrics(p_->font());
  const qreal longest = metrics.horizontalAdvance(timeLabel(g_.range.from, 1000));
  const int fits = std::max(1, static_cast<int>(g_.plot.width() / (longest * 1.6)));
  const TimeTicks ticks = timeTicks(g_.range.from, g_.range.to, std::min(fits, 6));
  for (const qint64 at : ticks.at) {
    const QString text = timeLabel(at, ticks.interval);
    const qreal half = metrics.horizontalAdvance(text) / 2;
    const qreal x = g_.x(at);
    // It may stand out over the gutter, not over the card's edge.
    if (x - half < metrics::space4 || x + half > g_.plot.right() + metrics::space8) continue;
    p_->drawText(QRectF(x - half - 2, g_.plot.bottom() + 3, 2 * half + 4, metrics.height()), Qt::AlignCenter, text);
  }
}

void PlotPainter::gaps(const QList<ChartGap>& gaps) {
  p_->setFont(theme_.font(FontRole::Small));
  QColor tint = theme_.color(Token::Idle);
  for (const ChartGap& gap : gaps) {
    const qreal left = std::max(g_.x(gap.span.from), g_.plot.left());
    const qreal right = std::min(g_.x(gap.span.to), g_.plot.right());
    if (right <= left) continue;
    tint.setAlphaF(gap.whole ? 0.16F : 0.75F);
    const qreal height = gap.whole ? g_.plot.height() : partialGap;
    const QRectF band(left, g_.plot.bottom() - height, std::max(right - left, 1.0), height);
    p_->fillRect(band, tint);
    if (!gap.whole || !fitsInside(gap)) continue;
    p_->setPen(theme_.color(Token::Text3));
    p_->drawText(band.adjusted(metrics::space4, 0, -metrics::space4, -metrics::space12), gapText, unparted(gap.words));
  }
}

void PlotPainter::limits(const QList<ChartLimit>& limits) {
  p_->setFont(theme_.font(FontRole::Small));
  for (const ChartLimit& limit : limits) {
    if (limit.value > g_.top) continue;
    const qreal y = crisp(g_.y(limit.value));
    QPen pen(theme_.color(Token::WarnFill), 1);
    pen.setDashPattern({5, 3});
    p_->setPen(pen);
    p_->drawLine(QPointF(g_.plot.left(), y), QPointF(g_.plot.right(), y));
    p_->setPen(theme_.color(Token::Warn));
    const qreal height = QFontMetricsF(p_->font()).height();
    const bool above = y - height >= g_.plot.top() - height / 2;
    p_->drawText(QRectF(g_.plot.left() + labelGap, above ? y - height : y + 1, g_.plot.width(), height),
                 Qt::AlignLeft | Qt::AlignVCenter, limit.name);
  }
}

void PlotPainter::marks(const QList<ChartMark>& marks) {
  const QColor color = theme_.color(Token::Text3);
  QPen pen(color, 1);
  pen.setDashPattern({1, 3});
  for (const ChartMark& mark : marks) {
    if (!g_.range.contains(mark.at)) continue;
    const qreal x = crisp(g_.x(mark.at));
    p_->setPen(pen);
    p_->drawLine(QPointF(x, g_.plot.top()), QPointF(x, g_.plot.bottom()));
    p_->save();
    p_->setRenderHint(QPainter::Antialiasing);
    p_->setPen(Qt::NoPen);
    p_->setBrush(color);
    const qreal foot = g_.plot.bottom() + 0.5;
    p_->drawPolygon(QPolygonF({{x, foot - triangle}, {x - triangle / 2, foot}, {x + triangle / 2, foot}}));
    p_->restore();
  }
}

bool PlotPainter::fitsInside(const ChartGap& gap) const {
  const qreal left = std::max(g_.x(gap.span.from), g_.plot.left());
  const qreal right = std::min(g_.x(gap.span.to), g_.plot.right());
  const QRectF band(0, 0, right - left - 2 * metrics::space4, g_.plot.height());
  if (!gap.whole || band.width() <= 0) return false;
  const QFontMetricsF font(theme_.font(FontRole::Small));
  const QRectF needed = font.boundingRect(band, gapText, unparted(gap.words));
  const qreal most = std::min(band.height() - metrics::space12, 2 * font.lineSpacing() + 1);
  return needed.width() <= band.width() && needed.height() <= most;
}

void PlotPainter::words(const QList<ChartMark>& marks, const QList<ChartGap>& gaps) {
  p_->setFont(theme_.font(FontRole::Small));
  const QFontMetricsF metrics(p_->font());
  QList<ChartMark> all = marks;
  for (const ChartGap& gap : gaps) {
    if (!fitsInside(gap)) all += {gap.span.from, gap.words};
  }
  std::stable_sort(all.begin(), all.end(), [](const ChartMark& a, const ChartMark& b) { return a.at < b.at; });
  // Newest first, each in the highest line where it is free; what finds no place is still there on hover.
  std::array<qreal, wordLines> free;
  free.fill(g_.plot.right() + labelGap);
  for (auto mark = all.crbegin(); mark != all.crend(); ++mark) {
    if (!g_.range.contains(mark->at)) continue;
    const qreal x = g_.x(mark->at), width = metrics.horizontalAdvance(mark->words);
    const qreal left = x - labelGap - width < g_.plot.left() ? x + labelGap : x - labelGap - width;
    const auto line =
        std::find_if(free.begin(), free.end(), [&](qreal limit) { return left + width + labelGap <= limit; });
    if (line == free.end()) continue;
    *line = left;
    const qreal top = g_.plot.top() + 1 + metrics.height() * static_cast<qreal>(line - free.begin());
    const QRectF place(left, top, width + 1, metrics.height());
    QColor ground = theme_.color(Token::Base);
    ground.setAlphaF(0.88F);
    p_->fillRect(place.adjusted(-2, 0, 2, 0), ground);
    p_->setPen(theme_.color(Token::Text2));
    p_->drawText(place, Qt::AlignLeft | Qt::AlignVCenter, mark->words);
  }
}

void PlotPainter::zoomBand(const TimeSpan& band) {
  const qreal left = std::max(g_.x(band.from), g_.plot.left());
  const qreal right = std::min(g_.x(band.to), g_.plot.right());
  QColor fill = theme_.color(Token::Accent);
  fill.setAlphaF(0.18F);
  p_->fillRect(QRectF(left, g_.plot.top(), right - left, g_.plot.height()), fill);
  p_->setPen(theme_.color(Token::Accent));
  for (const qreal x : {left, right})
    p_->drawLine(QPointF(crisp(x), g_.plot.top()), QPointF(crisp(x), g_.plot.bottom()));
}

void PlotPainter::cursor(qint64 at) {
  const qreal x = crisp(g_.x(at));
  p_->setPen(QPen(theme_.color(Token::Text2), 1));
  p_->drawLine(QPointF(x, g_.plot.top()), QPointF(x, g_.plot.bottom()));
}

void PlotPainter::cursorDot(qint64 at, double value, const QColor& color) {
  p_->save();
  p_->setRenderHint(QPainter::Antialiasing);
  p_->setPen(QPen(color, 1.5));
  p_->setBrush(theme_.color(Token::Base));
  p_->drawEllipse(QPointF(crisp(g_.x(at)), g_.y(value)), 3, 3);
  p_->restore();
}

void PlotPainter::message(const QString& words) {
  p_->setFont(theme_.font(FontRole::Label));
  p_->setPen(theme_.color(Token::Text3));
  const QRectF ground = QFontMetricsF(p_->font()).boundingRect(g_.plot, Qt::AlignCenter, words);
  p_->fillRect(ground.adjusted(-6, -1, 6, 1), theme_.color(Token::Base));
  p_->drawText(g_.plot, Qt::AlignCenter, words);
}

}  // namespace vx11::ui
