#include "pages/redis_topology.h"

#include <QContextMenuEvent>
#include <QEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <numeric>

#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int highBox = 66, lowBox = 48, leastBetween = 40, mostBetween = 106, rowGap = 12;
constexpr int widestHighBox = 264, widestLowBox = 340;  // a low one has its address beside the title
constexpr int footLine = 22, footGap = 12, leastWidth = 300, markGap = 6;
constexpr qsizetype mostHighBoxes = 3;

/// That it answers the mark says.
QString sentinelWords(const redis::TreeBox& box) {
  return box.mark == Mark::Live ? box.title : QStringLiteral("%1 %2").arg(box.title, box.state);
}

qsizetype heightOf(const redis::TreeRow& row) { return std::max<qsizetype>(1, row.replicas.size()); }

}  // namespace

RedisTopology::RedisTopology(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void RedisTopology::display(const cluster::RedisInfo& info, const redis::Look& look) {
  stale_ = redis::isStale(info, look);
  const int before = treeHeight() + footHeight();
  tree_ = redis::treeOf(info, look);
  setAccessibleName(tr("Topology: %1").arg(tree_.words()));
  if (treeHeight() + footHeight() != before) updateGeometry();
  place();
  update();
}

bool RedisTopology::isCompact() const {
  const auto boxes = std::accumulate(tree_.rows.begin(), tree_.rows.end(), qsizetype{0},
                                     [](qsizetype sum, const auto& row) { return sum + heightOf(row); });
  return boxes >= mostHighBoxes;
}

int RedisTopology::boxHeight() const { return isCompact() ? lowBox : highBox; }

int RedisTopology::treeHeight() const {
  qsizetype lines = 0;
  for (const redis::TreeRow& row : tree_.rows) lines += heightOf(row);
  return static_cast<int>(std::max<qsizetype>(1, lines)) * (boxHeight() + rowGap) - rowGap +
         (tree_.leftOut > 0 ? footLine : 0);
}

QList<QRect> RedisTopology::flowOfSentinels() const {
  const QFontMetrics label(themeOf(palette()).font(FontRole::Label));
  QList<QRect> places;
  QPoint next;
  for (const redis::TreeBox& box : tree_.sentinels) {
    const int wide = std::min(markSize + markGap + label.horizontalAdvance(sentinelWords(box)) + 2, width());
    if (next.x() > 0 && next.x() + wide > width()) next = {0, next.y() + footLine};
    places.append({next, QSize(wide, footLine)});
    next.rx() += wide + metrics::space16;
  }
  return places;
}

int RedisTopology::footHeight() const {
  if (tree_.foot.isEmpty()) return 0;
  const QList<QRect> places = flowOfSentinels();
  return footGap + footLine + (places.isEmpty() ? 0 : places.last().bottom() + 1);
}

QSize RedisTopology::sizeHint() const { return {420, std::max(154, treeHeight() + footHeight())}; }

QSize RedisTopology::minimumSizeHint() const { return {leastWidth, std::max(96, treeHeight() + footHeight())}; }

void RedisTopology::place() {
  placed_.clear();
  arrows_.clear();
  const bool branches =
      std::any_of(tree_.rows.begin(), tree_.rows.end(), [](const auto& row) { return !row.replicas.isEmpty(); });
  const int widest = isCompact() ? widestLowBox : widestHighBox;
  const int gap = std::clamp(width() - 2 * widest, leastBetween, mostBetween);
  const int wide = std::min(widest, branches ? (width() - gap) / 2 : width());
  const int high = boxHeight(), right = wide + gap;
  int y = std::max(0, (height() - footHeight() - treeHeight()) / 2);
  for (const redis::TreeRow& row : tree_.rows) {
    const auto lines = static_cast<int>(heightOf(row));
    const int tall = lines * (high + rowGap) - rowGap;
    const QRect master(0, y + (tall - high) / 2, wide, high);
    placed_.append({master, row.master});
    QList<QPoint> arrow{{master.right() + 1, master.center().y()}};
    for (const redis::TreeBox& box : row.replicas) {
      const QRect rect(right, y, wide, high);
      placed_.append({rect, box});
      arrow.append({right, rect.center().y()});
      y += high + rowGap;
    }
    if (row.replicas.isEmpty()) y += high + rowGap;
    arrows_.append(arrow);
  }
  placeSentinels();
}

void RedisTopology::placeSentinels() {
  const int top = height() - footHeight() + footGap + footLine;
  const QList<QRect> places = flowOfSentinels();
  for (int i = 0; i < places.size(); ++i) placed_.append({places[i].translated(0, top), tree_.sentinels[i], true});
}

const RedisTopology::Placed* RedisTopology::at(const QPoint& point) const {
  const auto found =
      std::find_if(placed_.begin(), placed_.end(), [&](const Placed& each) { return each.rect.contains(point); });
  return found == placed_.end() ? nullptr : &*found;
}

bool RedisTopology::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const Placed* found = at(help->pos());
  if (found == nullptr) {
    QToolTip::hideText();
    return true;
  }
  const redis::TreeBox& box = found->box;
  QStringList lines{QStringLiteral("%1 %2: %3").arg(box.title, box.address, box.state).simplified(), box.line, box.tip};
  lines.removeAll(QString());
  QToolTip::showText(help->globalPos(), lines.join(u'\n'), this, found->rect);
  return true;
}

void RedisTopology::contextMenuEvent(QContextMenuEvent* event) {
  if (const Placed* found = at(event->pos()))
    Q_EMIT menuWanted(found->isSentinel ? found->box.title : found->box.address, event->globalPos());
}

void RedisTopology::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (event->oldSize().width() != width()) updateGeometry();  // the foot may take another line
  place();
}

void RedisTopology::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

void RedisTopology::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  for (const QList<QPoint>& arrow : arrows_) {
    const QPoint from = arrow.first();
    painter.setPen(theme.color(Token::BorderStrong));
    painter.setBrush(theme.color(Token::BorderStrong));
    for (const QPoint& to : arrow.mid(1)) {
      const int middle = from.x() + (to.x() - from.x()) / 2;
      painter.drawPolyline(QPolygon({from, {middle, from.y()}, {middle, to.y()}, {to.x() - 1, to.y()}}));
      painter.drawPolygon(QPolygon({{to.x() - 7, to.y() - 3}, {to.x() - 1, to.y()}, {to.x() - 7, to.y() + 3}}));
    }
  }
  for (const Placed& placed : placed_)
    if (!placed.isSentinel) paintBox(painter, placed, theme);
  if (!tree_.foot.isEmpty()) paintFoot(painter, theme);
}

void RedisTopology::paintBox(QPainter& painter, const Placed& placed, const Theme& theme) const {
  const redis::TreeBox& box = placed.box;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(theme.color(Token::Alt));
  painter.setPen(theme.color(isTrouble(box.mark) ? markColor(box.mark) : Token::Border));
  painter.drawRoundedRect(QRectF(placed.rect).adjusted(0.5, 0.5, -0.5, -0.5), metrics::controlRadius,
                          metrics::controlRadius);
  const QRect inner = placed.rect.adjusted(10, 6, -10, -6);
  paintMark(&painter, QRectF(inner.x(), inner.y() + 2, markSize, markSize), box.mark, theme);
  const auto write = [&](int x, int y, int width, FontRole role, Token color, const QString& text,
                         Qt::Alignment side = Qt::AlignLeft) {
    painter.setFont(theme.font(role));
    painter.setPen(theme.color(color));
    const QString shown = painter.fontMetrics().elidedText(text, Qt::ElideMiddle, width);
    painter.drawText(QRect(x, y, width, 18), static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine, shown);
    return painter.fontMetrics().horizontalAdvance(shown);
  };
  const int stateWidth = QFontMetrics(theme.font(FontRole::Label)).horizontalAdvance(box.state) + 2;
  const Token quiet = stale_ ? Token::Text3 : Token::Text2;
  const int left = inner.x() + markSize + 8, room = inner.width() - markSize - 8 - stateWidth;
  const int title = write(left, inner.y(), room, FontRole::BodyStrong, Token::Text, box.title);
  write(inner.right() + 1 - stateWidth, inner.y(), stateWidth, FontRole::Label, markWordColor(box.mark), box.state,
        Qt::AlignRight);
  if (isCompact()) {
    write(left + title + 8, inner.y(), room - title - 16, FontRole::Fixed, quiet, box.address);
    write(inner.x(), inner.y() + 18, inner.width(), FontRole::Label, quiet, box.line);
  } else {
    const int below = box.address.isEmpty() ? 18 : 36;
    if (!box.address.isEmpty()) write(inner.x(), inner.y() + 18, inner.width(), FontRole::Fixed, quiet, box.address);
    write(inner.x(), inner.y() + below, inner.width(), FontRole::Label, quiet, box.line);
  }
  painter.restore();
}

void RedisTopology::paintFoot(QPainter& painter, const Theme& theme) const {
  const int top = height() - footHeight() + footGap;
  painter.setPen(theme.color(Token::Border));
  painter.drawLine(0, top - footGap / 2, width(), top - footGap / 2);
  const auto write = [&](int x, int width, FontRole role, Token color, const QString& text, Qt::Alignment side) {
    painter.setFont(theme.font(role));
    painter.setPen(theme.color(color));
    const QString shown = painter.fontMetrics().elidedText(text, Qt::ElideRight, width);
    painter.drawText(QRect(x, top, width, footLine), static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                     shown);
    return painter.fontMetrics().horizontalAdvance(shown);
  };
  const int right = write(0, width(), FontRole::Label, Token::Text2, tree_.failovers, Qt::AlignRight);
  const int name = write(0, width(), FontRole::BodyStrong, Token::Text, tree_.foot, Qt::AlignLeft);
  write(name + 10, width() - name - 10 - right - metrics::space16, FontRole::Label, Token::Text2, tree_.footDetail,
        Qt::AlignLeft);
  if (tree_.leftOut > 0) {
    painter.drawText(QRect(0, top - footGap - footLine, width(), footLine), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("%1 more masters").arg(tree_.leftOut));
  }
  for (const Placed& placed : placed_) {
    if (!placed.isSentinel) continue;
    const redis::TreeBox& box = placed.box;
    const QRect& rect = placed.rect;
    paintMark(&painter, QRectF(rect.x(), rect.y() + (footLine - markSize) / 2, markSize, markSize), box.mark, theme);
    painter.setFont(theme.font(FontRole::Label));
    painter.setPen(theme.color(markWordColor(box.mark)));
    const QRect room = rect.adjusted(markSize + markGap, 0, 0, 0);
    painter.drawText(room, Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(sentinelWords(box), Qt::ElideMiddle, room.width()));
  }
}

}  // namespace vx11::ui
