#include "pages/redis_topology.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int boxHeight = 66, widestBox = 264, between = 106, rowGap = 12;
constexpr qint64 farBehind = 1 << 20;  // bytes; a token takes a few hundred

}  // namespace

RedisTopology::RedisTopology(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void RedisTopology::display(const cluster::RedisInfo& info, const redis::Look& look) {
  stale_ = redis::isStale(info, look);
  const bool replica = info.role == QLatin1String("slave") || info.role == QLatin1String("replica");
  const Mark here = !info.up ? Mark::Unknown : !*info.up ? Mark::Unreachable : stale_ ? Mark::Unknown : Mark::Live;
  const auto box = [](Mark mark, const QString& title, const QString& address, const QString& line) {
    return Box{mark, title, markWord(mark), address, line};
  };
  const QString commands = tr("%1 commands/s").arg(format::count(info.opsPerSec));
  below_.clear();
  if (replica) {
    const Mark link = !info.masterLinkUp ? Mark::Unknown : *info.masterLinkUp ? Mark::Live : Mark::Unreachable;
    root_ = box(link, tr("Master"), {}, info.masterLinkUp == false ? tr("link down") : tr("seen by its replica"));
    below_ << box(here, tr("Replica"), info.address, commands);
  } else {
    const qint64 replicas = info.replicas.value_or(0);
    root_ = box(here, info.role.isEmpty() || replicas == 0 ? tr("Redis") : tr("Master"), info.address, commands);
    const qint64 lag = info.replicationLagBytes.value_or(0);
    const Mark mark = here != Mark::Live ? Mark::Unknown : lag > farBehind ? Mark::Degraded : Mark::Live;
    const QString behind = info.replicationLagBytes ? tr("%1 behind").arg(format::bytes(lag)) : tr("lag unknown");
    if (replicas > 0) {
      below_ << box(mark, replicas == 1 ? tr("Replica") : tr("%1 replicas").arg(format::count(replicas)), {},
                    replicas == 1 ? behind : tr("the slowest %1").arg(behind));
    }
  }
  QStringList said;
  for (const Box& each : QList<Box>{root_} + below_)
    said << QStringLiteral("%1 %2: %3, %4").arg(each.title, each.address, each.state, each.line).simplified();
  setAccessibleName(tr("Topology: %1").arg(said.join(QStringLiteral("; "))));
  update();
}

void RedisTopology::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

void RedisTopology::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  const auto count = static_cast<int>(below_.size());
  const int wide = std::min(widestBox, count == 0 ? width() : (width() - between) / 2);
  const QRect root(0, (height() - boxHeight) / 2, wide, boxHeight);
  if (count > 0) {
    const int total = count * boxHeight + (count - 1) * rowGap;
    const int left = root.right() + 1 + between, middle = root.right() + between / 2;
    painter.setPen(theme.color(Token::BorderStrong));
    painter.drawLine(root.right() + 1, root.center().y(), middle, root.center().y());
    for (int i = 0; i < count; ++i) {
      const QRect rect(left, (height() - total) / 2 + i * (boxHeight + rowGap), wide, boxHeight);
      const int y = rect.center().y();
      painter.setPen(theme.color(Token::BorderStrong));
      painter.drawLine(middle, root.center().y(), middle, y);
      painter.drawLine(middle, y, left - 1, y);
      painter.setBrush(theme.color(Token::BorderStrong));
      painter.drawPolygon(QPolygon({{left - 7, y - 3}, {left - 1, y}, {left - 7, y + 3}}));
      paintBox(painter, rect, below_.at(i), theme);
    }
  }
  paintBox(painter, root, root_, theme);
}

void RedisTopology::paintBox(QPainter& painter, const QRect& rect, const Box& box, const Theme& theme) const {
  const bool trouble = isTrouble(box.mark);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(theme.color(Token::Alt));
  painter.setPen(theme.color(trouble ? markColor(box.mark) : Token::Border));
  painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), metrics::controlRadius, metrics::controlRadius);
  const QRect inner = rect.adjusted(10, 6, -10, -6);
  paintMark(&painter, QRectF(inner.x(), inner.y() + 2, markSize, markSize), box.mark, theme);
  const auto write = [&](int x, int y, int width, FontRole role, Token color, const QString& text,
                         Qt::Alignment side = Qt::AlignLeft) {
    painter.setFont(theme.font(role));
    painter.setPen(theme.color(color));
    painter.drawText(QRect(x, y, width, 18), static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text, Qt::ElideMiddle, width));
  };
  const int stateWidth = QFontMetrics(theme.font(FontRole::Label)).horizontalAdvance(box.state) + 2;
  const Token quiet = stale_ ? Token::Text3 : Token::Text2;
  write(inner.x() + markSize + 8, inner.y(), inner.width() - markSize - 8 - stateWidth, FontRole::BodyStrong,
        Token::Text, box.title);
  write(inner.right() + 1 - stateWidth, inner.y(), stateWidth, FontRole::Label, markWordColor(box.mark), box.state,
        Qt::AlignRight);
  int y = inner.y() + 18;
  if (!box.address.isEmpty()) {
    write(inner.x(), y, inner.width(), FontRole::Fixed, quiet, box.address);
    y += 18;
  }
  write(inner.x(), y, inner.width(), FontRole::Label, quiet, box.line);
  painter.restore();
}

}  // namespace vx11::ui
