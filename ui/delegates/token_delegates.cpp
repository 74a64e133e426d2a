#include "delegates/token_delegates.h"

#include <QPainter>
#include <algorithm>

#include "models/token_table_model.h"
#include "platform/icons.h"
#include "widgets/state_mark.h"
#include "widgets/ttl_bar.h"

namespace vx11::ui {
namespace {

constexpr int gap = 6, singleUseSize = 12;
constexpr int dot = 7, dotGap = 3, leastStep = 5, leastName = 8;

Token wordColor(bool quiet, const Countdown& countdown) {
  return quiet || countdown.stale() ? Token::Text3 : Token::Text;
}

void paintIcon(QPainter* painter, const QRect& cell, int x, const QString& name, int size, const QColor& color) {
  const int y = cell.y() + (cell.height() - size) / 2;
  painter->drawPixmap(x, y, iconPixmap(name, color, size, painter->device()->devicePixelRatioF()));
}

}  // namespace

TokenDelegate::TokenDelegate(const Countdown& countdown, QObject* parent)
    : CellDelegate(parent), countdown_(countdown) {
  setQuietRole(TokenTableModel::QuietRole);
}

void TokenDelegate::reveal(const cluster::TokenId& id, const QString& value) {
  revealed_ = id;
  value_ = value;
}

void TokenDelegate::hide() {
  revealed_.reset();
  value_.fill(u' ');
  value_.clear();
}

QString TokenDelegate::textOf(const QModelIndex& index) const {
  const bool shown = revealed_ && index.data(TokenTableModel::IdRole).value<cluster::TokenId>() == *revealed_;
  return shown ? value_ : index.data().toString();
}

void TokenDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const QString text = textOf(index);
  const bool once = index.data(TokenTableModel::SingleUseRole).toBool();
  drawText(cell, cell.rect.adjusted(0, 0, once ? -(gap + singleUseSize) : 0, 0), text, FontRole::Fixed,
           wordColor(cell.quiet, countdown_));
  if (!once) return;
  const int x = std::min(cell.rect.x() + textWidth(text, FontRole::Fixed) + gap, cell.rect.right() + 1 - singleUseSize);
  paintIcon(cell.painter, cell.rect, x, QStringLiteral("1-circle"), singleUseSize, cell.theme.color(Token::Text3));
}

int TokenDelegate::contentWidth(const QModelIndex& index) const {
  return textWidth(textOf(index), FontRole::Fixed) + gap + singleUseSize;
}

TtlBarDelegate::TtlBarDelegate(const Countdown& countdown, QObject* parent)
    : CellDelegate(parent), countdown_(countdown) {
  setQuietRole(TokenTableModel::QuietRole);
}

void TtlBarDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const int seconds = index.data(TokenTableModel::SecondsLeftRole).toInt();
  const int barWidth = std::min(ttlBarWidth, cell.rect.width());
  paintTtlBar(cell.painter, QRectF(cell.rect.x(), cell.rect.y(), barWidth, cell.rect.height()),
              index.data(TokenTableModel::LeftRole).toDouble(), seconds, countdown_.stale(), cell.theme);
  const bool ending = seconds > 0 && seconds <= ttlLastSeconds;
  drawText(cell, cell.rect.adjusted(barWidth + gap, 0, 0, 0), index.data().toString(),
           ending ? FontRole::BodyStrong : FontRole::Body, wordColor(cell.quiet, countdown_),
           Qt::AlignRight | Qt::AlignVCenter);
}

int TtlBarDelegate::contentWidth(const QModelIndex& index) const {
  return ttlBarWidth + gap + textWidth(index.data().toString(), FontRole::BodyStrong);
}

StateDelegate::StateDelegate(const Countdown& countdown, QObject* parent)
    : CellDelegate(parent), countdown_(countdown) {
  setQuietRole(TokenTableModel::QuietRole);
}

void StateDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const Mark mark = static_cast<Mark>(index.data(TokenTableModel::MarkRole).toInt());
  const Token color = cell.quiet || countdown_.stale() ? Token::Idle : markColor(mark);
  paintIcon(cell.painter, cell.rect, cell.rect.x(), markIcon(mark), markSizeInTable, cell.theme.color(color));
  drawText(cell, cell.rect.adjusted(markSizeInTable + gap, 0, 0, 0), index.data().toString(), FontRole::Body,
           wordColor(cell.quiet, countdown_));
}

int StateDelegate::contentWidth(const QModelIndex& index) const {
  return markSizeInTable + gap + textWidth(index.data().toString(), FontRole::Body);
}

CachedOnDelegate::CachedOnDelegate(const Countdown& countdown, QObject* parent)
    : CellDelegate(parent), countdown_(countdown) {
  setQuietRole(TokenTableModel::QuietRole);
}

void CachedOnDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const QVariant known = index.data(TokenTableModel::CachedOnRole);
  const int count = std::min(index.data(TokenTableModel::InstanceCountRole).toInt(), 32);
  const quint32 bits = known.toUInt();
  const QString names = index.data().toString();
  // One instance needs no telling apart; and nothing known, or nobody, is a word.
  if (!known.isValid() || bits == 0 || count < 2) {
    return drawText(cell, cell.rect, names, FontRole::Body, wordColor(cell.quiet, countdown_));
  }
  QPainter* painter = cell.painter;
  // Of many instances the dots draw together; that one is left out must never be.
  const int step = std::min(dot + dotGap, cell.rect.width() / count);
  if (step < leastStep) return drawText(cell, cell.rect, names, FontRole::Body, wordColor(cell.quiet, countdown_));
  const int size = std::min(dot, step - 2);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  int x = cell.rect.x();
  for (int slot = 0; slot < count; ++slot, x += step) {
    const QColor color = countdown_.stale() ? cell.theme.color(Token::Idle) : cell.theme.series(instanceSeries(slot));
    const bool filled = (bits >> slot & 1U) != 0;
    const QRectF circle(x, cell.rect.y() + (cell.rect.height() - size) / 2.0, size, size);
    painter->setPen(filled ? Qt::NoPen : QPen(cell.theme.color(Token::BorderStrong), 1));
    painter->setBrush(filled ? QBrush(color) : QBrush(Qt::NoBrush));
    painter->drawEllipse(filled ? circle : circle.adjusted(0.5, 0.5, -0.5, -0.5));
  }
  painter->restore();
  const QRect rest = cell.rect.adjusted(x - cell.rect.x() + gap - (step - size), 0, 0, 0);
  if (rest.width() > leastName) drawText(cell, rest, names, FontRole::Body, wordColor(cell.quiet, countdown_));
}

int CachedOnDelegate::contentWidth(const QModelIndex& index) const {
  const int count = std::min(index.data(TokenTableModel::InstanceCountRole).toInt(), 32);
  return count * (dot + dotGap) + gap + textWidth(index.data().toString(), FontRole::Body);
}

TokenTextDelegate::TokenTextDelegate(const Countdown& countdown, QObject* parent)
    : CellDelegate(parent), countdown_(countdown) {
  setQuietRole(TokenTableModel::QuietRole);
}

void TokenTextDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  drawText(cell, cell.rect, index.data().toString(), FontRole::Body, wordColor(cell.quiet, countdown_),
           static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt()));
}

}  // namespace vx11::ui
