#include "pages/matrix_grid.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "widgets/focus_ring.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr QSize largest(116, 69), smallest(44, 26);
constexpr int gap = 2, balancerGap = 12 - gap, captionHeight = 44, leastCaption = 82, mostCaption = 150;
constexpr QSize wordsNeed(84, 44);  // a smaller cell has its code only

QFontMetrics metricsOf(const Theme& theme, FontRole role) { return QFontMetrics(theme.font(role)); }

}  // namespace

MatrixGrid::MatrixGrid(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  say();
}

void MatrixGrid::display(const cluster::MatrixResult& result, const QStringList& modes, bool running) {
  const int issuer = currentIssuer(), validator = currentValidator();
  const QSize before = sizeHint();
  result_ = result;
  modes_ = modes;
  running_ = running;
  row_ = std::clamp(row_, 0, std::max(0, rows() - 1));
  column_ = std::clamp(column_, 0, std::max(0, columns() - 1));
  if (sizeHint() != before) updateGeometry();
  update();
  say();
  if (currentIssuer() != issuer || currentValidator() != validator) Q_EMIT currentChanged();
}

int MatrixGrid::rows() const { return members() + (matrix::hasBalancerRow(result_) ? 1 : 0); }
int MatrixGrid::columns() const { return members() + (matrix::hasBalancerColumn(result_) ? 1 : 0); }

int MatrixGrid::slotOf(int place) const {
  return place < members() ? result_.members.at(place) : cluster::MatrixCell::balancer;
}

int MatrixGrid::captionWidth() const {
  const QFontMetrics metrics = metricsOf(themeOf(palette()), FontRole::BodyStrong);
  int width = leastCaption;
  for (int row = 0; row < rows(); ++row)
    width = std::max(width, metrics.horizontalAdvance(matrix::nameOf(result_, slotOf(row))) + metrics::space12);
  return std::min(width, mostCaption);
}

QSize MatrixGrid::sizeFor(const QSize& cell) const {
  const auto extent = [](int places, int length, bool balancer) {
    return places * (length + gap) + (balancer ? balancerGap : 0);
  };
  return {captionWidth() + extent(columns(), cell.width(), columns() > members()),
          captionHeight + extent(rows(), cell.height(), rows() > members())};
}

QSize MatrixGrid::sizeHint() const { return sizeFor(largest); }
QSize MatrixGrid::minimumSizeHint() const { return sizeFor(smallest); }

QSize MatrixGrid::cellSize() const {
  if (members() == 0) return smallest;
  const QSize spare = size() - sizeFor(QSize(0, 0));
  return QSize(spare.width() / columns(), spare.height() / rows()).boundedTo(largest).expandedTo(smallest);
}

QRect MatrixGrid::rectAt(int row, int column) const {
  const QSize cell = cellSize();
  return {captionWidth() + column * (cell.width() + gap) + (column >= members() ? balancerGap : 0),
          captionHeight + row * (cell.height() + gap) + (row >= members() ? balancerGap : 0), cell.width(),
          cell.height()};
}

QRect MatrixGrid::cellRect(int issuer, int validator) const {
  for (int row = 0; row < rows(); ++row)
    for (int column = 0; column < columns(); ++column)
      if (slotOf(row) == issuer && slotOf(column) == validator) return rectAt(row, column);
  return {};
}

bool MatrixGrid::findCell(const QPoint& at, int& row, int& column) const {
  for (row = 0; row < rows(); ++row)
    for (column = 0; column < columns(); ++column)
      if (rectAt(row, column).contains(at)) return true;
  return false;
}

void MatrixGrid::setCurrent(int issuer, int validator) {
  for (int row = 0; row < rows(); ++row)
    for (int column = 0; column < columns(); ++column)
      if (slotOf(row) == issuer && slotOf(column) == validator) choose(row, column);
}

void MatrixGrid::showTrouble() {
  using Tone = matrix::Place::Tone;
  if (chosen_) return;
  for (const Tone tone : {Tone::Refused, Tone::Mixed, Tone::Unknown})
    for (int row = 0; row < rows(); ++row)
      for (int column = 0; column < columns(); ++column)
        if (matrix::placeOf(result_, slotOf(row), slotOf(column)).tone == tone) return moveTo(row, column);
}

void MatrixGrid::choose(int row, int column) {
  chosen_ = true;
  moveTo(row, column);
}

void MatrixGrid::moveTo(int row, int column) {
  row = std::clamp(row, 0, std::max(0, rows() - 1));
  column = std::clamp(column, 0, std::max(0, columns() - 1));
  if (row == row_ && column == column_) return;
  row_ = row;
  column_ = column;
  say();
  update();
  Q_EMIT currentChanged();
}

void MatrixGrid::say() {
  QString words = tr("Cross-instance test");
  if (members() > 0) {
    const int issuer = currentIssuer(), validator = currentValidator();
    words = matrix::spoken(result_, matrix::placeOf(result_, issuer, validator), issuer, validator);
  }
  if (words == accessibleName()) return;
  setAccessibleName(words);
  setAccessibleDescription(tr("%1 by %2 cells; arrow keys move").arg(rows()).arg(columns()));
  if (!hasFocus()) return;
  QAccessibleEvent said(this, QAccessible::NameChanged);
  QAccessible::updateAccessibility(&said);
}

bool MatrixGrid::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  int row = 0, column = 0;
  if (!findCell(help->pos(), row, column)) {
    QToolTip::hideText();
    return true;
  }
  const int issuer = slotOf(row), validator = slotOf(column);
  QToolTip::showText(help->globalPos(),
                     matrix::toolTip(result_, matrix::placeOf(result_, issuer, validator), issuer, validator), this,
                     rectAt(row, column));
  return true;
}

void MatrixGrid::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
      return choose(row_, column_ - 1);
    case Qt::Key_Right:
      return choose(row_, column_ + 1);
    case Qt::Key_Up:
      return choose(row_ - 1, column_);
    case Qt::Key_Down:
      return choose(row_ + 1, column_);
    case Qt::Key_Home:
      return choose(row_, 0);
    case Qt::Key_End:
      return choose(row_, columns() - 1);
    default:
      QWidget::keyPressEvent(event);
  }
}

void MatrixGrid::mousePressEvent(QMouseEvent* event) {
  int row = 0, column = 0;
  if (event->button() == Qt::LeftButton && findCell(event->position().toPoint(), row, column)) choose(row, column);
}

void MatrixGrid::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void MatrixGrid::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

void MatrixGrid::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
  if (event->type() == QEvent::FontChange) updateGeometry();
}

void MatrixGrid::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  if (members() == 0) return;
  const QSize cell = cellSize();
  for (int column = 0; column < columns(); ++column)
    paintCaption(painter, QRect(rectAt(0, column).x(), 0, cell.width(), captionHeight - metrics::space4), column, true,
                 theme);
  for (int row = 0; row < rows(); ++row) {
    paintCaption(painter, QRect(0, rectAt(row, 0).y(), captionWidth() - metrics::space8, cell.height()), row, false,
                 theme);
    for (int column = 0; column < columns(); ++column) {
      const bool nothing =
          slotOf(row) == cluster::MatrixCell::balancer && slotOf(column) == cluster::MatrixCell::balancer;
      const matrix::Place place = matrix::placeOf(result_, slotOf(row), slotOf(column));
      if (nothing && place.cells.isEmpty()) continue;
      paintCell(painter, rectAt(row, column), place, theme);
    }
  }
  const QRectF current = rectAt(row_, column_);
  if (hasFocus()) {
    paintFocusRing(&painter, current, metrics::controlRadius, theme);
  } else {
    painter.setPen(theme.color(Token::BorderStrong));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(current.adjusted(0.5, 0.5, -0.5, -0.5));
  }
}

void MatrixGrid::paintCaption(QPainter& painter, const QRect& rect, int place, bool above, const Theme& theme) const {
  const bool balancer = place >= members();
  const QString mode = balancer ? QString() : modes_.value(place);
  // The mode that most have is quiet; one that stands out is what one looks for.
  const bool odd = !mode.isEmpty() && modes_.count(mode) * 2 < modes_.size();
  const QString name = matrix::nameOf(result_, slotOf(place));
  const int tries =
      balancer ? static_cast<int>(
                     matrix::placeOf(result_, slotOf(above ? 0 : place), slotOf(above ? place : 0)).cells.size())
               : 0;
  const QString below = balancer         ? (tries > 1 ? tr("%1 tries each").arg(tries) : tr("one try each"))
                        : mode.isEmpty() ? format::unknown()
                                         : mode;
  const bool twoLines = rect.height() >= 36 && (!above || rect.width() >= wordsNeed.width() - gap);
  const QFontMetrics strong = metricsOf(theme, FontRole::BodyStrong), label = metricsOf(theme, FontRole::Label);
  const int height = twoLines ? strong.height() + label.height() : strong.height();
  const int top = above ? rect.bottom() + 1 - height : rect.y() + (rect.height() - height) / 2;
  const Qt::Alignment side = above ? Qt::AlignHCenter : Qt::AlignLeft;
  painter.setFont(theme.font(FontRole::BodyStrong));
  painter.setPen(theme.color(Token::Text));
  painter.drawText(QRect(rect.x(), top, rect.width(), strong.height()), static_cast<int>(side) | Qt::TextSingleLine,
                   strong.elidedText(name, Qt::ElideMiddle, rect.width()));
  if (!twoLines) return;
  painter.setFont(theme.font(FontRole::Label));
  painter.setPen(theme.color(odd ? Token::Warn : Token::Text2));
  painter.drawText(QRect(rect.x(), top + strong.height(), rect.width(), label.height()),
                   static_cast<int>(side) | Qt::TextSingleLine, label.elidedText(below, Qt::ElideRight, rect.width()));
}

void MatrixGrid::paintCell(QPainter& painter, const QRect& rect, const matrix::Place& place, const Theme& theme) const {
  using Tone = matrix::Place::Tone;
  Token ground = Token::Alt, edge = Token::Border, word = Token::Text;
  if (place.tone == Tone::Refused) ground = Token::CritBg, edge = Token::Crit, word = Token::Crit;
  if (place.tone == Tone::Mixed) ground = Token::WarnBg, edge = Token::Warn, word = Token::Warn;
  if (place.tone == Tone::Unknown) ground = Token::Raised, edge = Token::Border, word = Token::Text2;
  painter.setBrush(theme.color(ground));
  painter.setPen(theme.color(edge));
  painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5));

  const bool roomy = rect.width() >= wordsNeed.width() && rect.height() >= wordsNeed.height();
  const QFontMetrics strong = metricsOf(theme, FontRole::BodyStrong), label = metricsOf(theme, FontRole::Label);
  if (place.tone == Tone::Pending) {
    if (!running_) return;
    painter.setPen(theme.color(Token::Text3));
    painter.setFont(theme.font(FontRole::BodyStrong));
    painter.drawText(rect, Qt::AlignCenter, QStringLiteral("…"));
    return;
  }
  constexpr int between = 6;
  const bool markOnly = !roomy && place.tone == Tone::Unknown;
  const int room = rect.width() - 8 - (roomy ? markSize + between : 0);
  const QString code = markOnly ? QString() : strong.elidedText(place.code, Qt::ElideRight, room);
  const bool markShown = place.mark && (roomy || markOnly);
  const int width =
      (markShown ? markSize : 0) + (markShown && !code.isEmpty() ? between : 0) + strong.horizontalAdvance(code);
  const int height = strong.height() + (roomy && !place.below.isEmpty() ? label.height() : 0);
  const QRect line(rect.x() + (rect.width() - width) / 2, rect.y() + (rect.height() - height) / 2, width,
                   strong.height());
  if (markShown) paintMark(&painter, QRectF(line.x(), line.y(), markSize, line.height()), *place.mark, theme);
  painter.setFont(theme.font(FontRole::BodyStrong));
  painter.setPen(theme.color(word));
  painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, code);
  if (!roomy || place.below.isEmpty()) return;
  painter.setFont(theme.font(FontRole::Label));
  painter.setPen(theme.color(Token::Text2));
  painter.drawText(QRect(rect.x() + 4, line.y() + strong.height(), rect.width() - 8, label.height()),
                   Qt::AlignHCenter | Qt::TextSingleLine,
                   label.elidedText(place.below, Qt::ElideRight, rect.width() - 8));
}

}  // namespace vx11::ui
