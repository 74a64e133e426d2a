#include "pages/matrix_history.h"

#include <QPainter>
#include <algorithm>

#include "delegates/cell_delegate.h"
#include "widgets/focus_ring.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int rowHeight = 47, picture = 36;

Token colorOf(const matrix::Place& place) {
  using Tone = matrix::Place::Tone;
  switch (place.tone) {
    case Tone::Refused:
      return Token::Crit;
    case Tone::Mixed:
      return Token::Warn;
    case Tone::Unknown:
      return Token::Idle;  // quieter than a refusal, and still a cross
    case Tone::Quiet:
    case Tone::Pending:
      break;
  }
  return Token::Border;
}

void paintPicture(QPainter* painter, const QPoint& corner, const cluster::MatrixResult& result, const Theme& theme) {
  const auto size = static_cast<int>(result.members.size());
  if (size == 0) return;
  const int step = std::max(2, picture / size);
  // On a chosen row, too, the quiet squares are to be seen.
  painter->fillRect(corner.x() - 1, corner.y() - 1, size * step + 1, size * step + 1, theme.color(Token::Base));
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const auto place = matrix::placeOf(result, result.members.at(row), result.members.at(column));
      painter->fillRect(corner.x() + column * step, corner.y() + row * step, step - 1, step - 1,
                        theme.color(colorOf(place)));
    }
  }
}

}  // namespace

void MatrixHistory::add(const MatrixRun& run) {
  beginInsertRows({}, 0, 0);
  runs_.prepend(run);
  endInsertRows();
  if (runs_.size() <= most) return;
  beginRemoveRows({}, most, most);
  runs_.removeLast();
  endRemoveRows();
}

int MatrixHistory::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

QVariant MatrixHistory::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const auto& result = runs_.at(index.row()).result;
  if (role == Qt::ToolTipRole)
    return QStringLiteral("%1\n%2").arg(matrix::explanationOf(result), format::iso(result.at));
  if (role != Qt::DisplayRole) return {};
  const auto score = matrix::scoreOf(result);
  return tr("%1, %2 of %3 accepted, %4")
      .arg(matrix::verdictWord(result))
      .arg(score.accepted)
      .arg(score.total)
      .arg(format::clockTime(result.at));
}

MatrixRunDelegate::MatrixRunDelegate(const MatrixHistory& history, QObject* parent)
    : QStyledItemDelegate(parent), history_(history) {}

QSize MatrixRunDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {200, rowHeight}; }

void MatrixRunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Theme& theme = themeOf(option.palette);
  const auto& result = history_.runs().at(index.row()).result;
  const QRect& rect = option.rect;
  painter->save();
  paintRowBackground(painter, rect, option.state.testFlag(QStyle::State_Selected), theme);
  paintPicture(painter, {rect.x() + metrics::space12, rect.y() + (rowHeight - picture) / 2}, result, theme);

  const int left = rect.x() + metrics::space12 + picture + metrics::space16;
  const Mark mark = matrix::markOf(result);
  const int middle = rect.y() + rowHeight / 2;
  paintMark(painter, QRectF(left, middle - 16, markSizeInTable, 16), mark, theme);
  const auto write = [&](const QRect& place, FontRole role, Token color, const QString& text,
                         Qt::Alignment side = Qt::AlignLeft) {
    painter->setFont(theme.font(role));
    painter->setPen(theme.color(color));
    painter->drawText(place, static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine, text);
  };
  const QString time = format::clockTime(result.at);
  const int timeWidth = QFontMetrics(theme.font(FontRole::Fixed)).horizontalAdvance(time);
  const int right = rect.right() - metrics::space12;
  const auto score = matrix::scoreOf(result);
  write({left + 18, middle - 18, right - left - 18 - timeWidth, 18}, FontRole::Body, markWordColor(mark),
        matrix::verdictWord(result));
  write({left, middle, right - left - timeWidth, 18}, FontRole::Label, Token::Text2,
        tr("%1 of %2").arg(score.accepted).arg(score.total));
  write({right - timeWidth, rect.y(), timeWidth + 1, rowHeight}, FontRole::Fixed, Token::Text2, time);
  if (option.state.testFlag(QStyle::State_HasFocus)) paintFocusRing(painter, rect, metrics::controlRadius, theme);
  painter->restore();
}

MatrixHistoryView::MatrixHistoryView(MatrixHistory& history, QWidget* parent) : QListView(parent) {
  setModel(&history);
  setItemDelegate(new MatrixRunDelegate(history, this));
  setFrameShape(QFrame::NoFrame);
  setUniformItemSizes(true);
  setVerticalScrollMode(ScrollPerPixel);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setEditTriggers(NoEditTriggers);
  setAccessibleName(tr("Past runs"));
  viewport()->setAutoFillBackground(false);
}

void MatrixHistoryView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QListView::currentChanged(current, previous);
  if (current.isValid()) Q_EMIT chosen(current.row());
}

}  // namespace vx11::ui
