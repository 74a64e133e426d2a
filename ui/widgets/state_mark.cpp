#include "widgets/state_mark.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFontMetrics>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "platform/icons.h"

namespace vx11::ui {
namespace {

struct Entry {
  Mark mark;
  const char* word;
  const char* icon;
  Token color;
};

constexpr std::array<Entry, markCount> entries{{
    {Mark::Live, QT_TRANSLATE_NOOP("Mark", "Live"), "check-circle-fill", Token::Ok},
    {Mark::Degraded, QT_TRANSLATE_NOOP("Mark", "Degraded"), "exclamation-triangle-fill", Token::Warn},
    {Mark::Unreachable, QT_TRANSLATE_NOOP("Mark", "Unreachable"), "x-octagon-fill", Token::Crit},
    {Mark::Draining, QT_TRANSLATE_NOOP("Mark", "Draining"), "arrow-down-circle-fill", Token::Info},
    {Mark::Starting, QT_TRANSLATE_NOOP("Mark", "Starting"), "arrow-repeat", Token::Info},
    {Mark::Running, QT_TRANSLATE_NOOP("Mark", "Running"), "play-circle-fill", Token::Info},
    {Mark::Paused, QT_TRANSLATE_NOOP("Mark", "Paused"), "pause-circle-fill", Token::Info},
    {Mark::Stopped, QT_TRANSLATE_NOOP("Mark", "Stopped"), "stop-circle", Token::Idle},
    {Mark::Unknown, QT_TRANSLATE_NOOP("Mark", "Unknown"), "question-circle", Token::Idle},
    {Mark::CantTell, QT_TRANSLATE_NOOP("Mark", "Can’t tell"), "question-circle", Token::Idle},
    {Mark::IssuerOnly, QT_TRANSLATE_NOOP("Mark", "Issuer only"), "circle-half", Token::Idle},
    {Mark::Expiring, QT_TRANSLATE_NOOP("Mark", "Expiring"), "hourglass-split", Token::Warn},
    {Mark::Revoked, QT_TRANSLATE_NOOP("Mark", "Revoked"), "slash-circle", Token::Idle},
    {Mark::Used, QT_TRANSLATE_NOOP("Mark", "Used"), "check-lg", Token::Idle},
    {Mark::Pass, QT_TRANSLATE_NOOP("Mark", "Pass"), "check-circle-fill", Token::Ok},
    {Mark::Warning, QT_TRANSLATE_NOOP("Mark", "Warning"), "exclamation-triangle-fill", Token::Warn},
    {Mark::Fail, QT_TRANSLATE_NOOP("Mark", "Fail"), "x-octagon-fill", Token::Crit},
    {Mark::Waiting, QT_TRANSLATE_NOOP("Mark", "Waiting"), "circle", Token::Idle},
    {Mark::Skipped, QT_TRANSLATE_NOOP("Mark", "Skipped"), "slash-circle", Token::Idle},
}};

const Entry& entryOf(Mark mark) { return entries.at(static_cast<std::size_t>(mark)); }

constexpr int gap = 6;

}  // namespace

QString markWord(Mark mark) { return QCoreApplication::translate("Mark", entryOf(mark).word); }
QString markIcon(Mark mark) { return QString::fromLatin1(entryOf(mark).icon); }
Token markColor(Mark mark) { return entryOf(mark).color; }

bool isTrouble(Mark mark) {
  return mark != Mark::Expiring && (markColor(mark) == Token::Warn || markColor(mark) == Token::Crit);
}

Token markWordColor(Mark mark) { return isTrouble(mark) ? markColor(mark) : Token::Text; }

Mark markOf(cluster::InstanceState state) {
  using cluster::InstanceState;
  switch (state) {
    case InstanceState::Unknown: return Mark::Unknown;
    case InstanceState::Starting: return Mark::Starting;
    case InstanceState::Live: return Mark::Live;
    case InstanceState::Degraded: return Mark::Degraded;
    case InstanceState::Draining: return Mark::Draining;
    case InstanceState::Paused: return Mark::Paused;
    case InstanceState::Stopped: return Mark::Stopped;
    case InstanceState::Unreachable: return Mark::Unreachable;
  }
  return Mark::Unknown;
}

Mark markOf(cluster::TokenState state) {
  using cluster::TokenState;
  switch (state) {
    case TokenState::Live: return Mark::Live;
    case TokenState::Revoked: return Mark::Revoked;
    case TokenState::Used: return Mark::Used;
    case TokenState::Expired: return Mark::Expiring;
  }
  return Mark::Unknown;
}

void paintMark(QPainter* painter, const QRectF& rect, Mark mark, const Theme& theme) {
  const int size = static_cast<int>(std::floor(std::min(rect.width(), rect.height())));
  if (size <= 0) return;
  const qreal ratio = painter->device()->devicePixelRatioF();
  const QPixmap pixmap = iconPixmap(markIcon(mark), theme.color(markColor(mark)), size, ratio);
  // Whole device pixels, or the shape blurs.
  const QPointF corner(std::round((rect.center().x() - size / 2.0) * ratio) / ratio,
                       std::round((rect.center().y() - size / 2.0) * ratio) / ratio);
  painter->drawPixmap(corner, pixmap);
}

MarkLabel::MarkLabel(Mark mark, QWidget* parent) : QWidget(parent), mark_(mark), word_(markWord(mark)) {
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  setAccessibleName(word_);
}

void MarkLabel::setMark(Mark mark) { setMark(mark, markWord(mark)); }

void MarkLabel::setMark(Mark mark, const QString& word) {
  if (mark == mark_ && word == word_) return;
  const bool resized = word != word_;
  mark_ = mark;
  word_ = word;
  setAccessibleName(word);
  if (resized) updateGeometry();
  update();
}

void MarkLabel::setWordOnly(bool on) {
  showMark_ = !on;
  updateGeometry();
  update();
}

void MarkLabel::setMarkOnly(bool on) {
  showWord_ = !on;
  setToolTip(on ? word_ : QString());
  updateGeometry();
  update();
}

void MarkLabel::setBold(bool on) {
  bold_ = on;
  updateGeometry();
  update();
}

QFont MarkLabel::wordFont() const { return themeOf(palette()).font(bold_ ? FontRole::BodyStrong : FontRole::Body); }

QSize MarkLabel::sizeHint() const {
  const QFontMetrics metrics(wordFont());
  const int word = showWord_ ? metrics.horizontalAdvance(word_) : 0;
  const int mark = showMark_ ? markSize : 0;
  const int between = word > 0 && mark > 0 ? gap : 0;
  return {mark + between + word, std::max(showMark_ ? markSize : 0, showWord_ ? metrics.height() : 0)};
}

QSize MarkLabel::minimumSizeHint() const { return sizeHint(); }

void MarkLabel::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  qreal x = 0;
  if (showMark_) {
    paintMark(&painter, QRectF(0, (height() - markSize) / 2.0, markSize, markSize), mark_, theme);
    x = markSize + gap;
  }
  if (!showWord_) return;
  painter.setFont(wordFont());
  painter.setPen(theme.color(markWordColor(mark_)));
  painter.drawText(QRectF(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, word_);
}

void MarkLabel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::ApplicationFontChange) updateGeometry();
  if (event->type() == QEvent::PaletteChange) update();
}

}  // namespace vx11::ui
