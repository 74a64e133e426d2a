#include "delegates/cell_delegate.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QTableView>

namespace vx11::ui {
namespace {

/// The ring goes round the whole row, so each cell paints its part: the ends only where the first and last column are.
void paintFocus(QPainter* painter, const QRect& rect, const QTableView* view, int column, const Theme& theme) {
  const QHeaderView* header = view->horizontalHeader();
  const int visual = header->visualIndex(column);
  const auto anyShown = [header](int from, int to) {
    for (int i = from; i < to; ++i) {
      if (!header->isSectionHidden(header->logicalIndex(i))) return true;
    }
    return false;
  };
  const QColor accent = theme.color(Token::Accent);
  painter->fillRect(rect.x(), rect.y(), rect.width(), 2, accent);
  painter->fillRect(rect.x(), rect.bottom() - 1, rect.width(), 2, accent);
  if (!anyShown(0, visual)) painter->fillRect(rect.x(), rect.y(), 2, rect.height(), accent);
  if (!anyShown(visual + 1, header->count())) painter->fillRect(rect.right() - 1, rect.y(), 2, rect.height(), accent);
}

}  // namespace

void paintRowBackground(QPainter* painter, const QRect& rect, bool selected, const Theme& theme) {
  painter->fillRect(rect, theme.color(selected ? Token::Selection : Token::Base));
  painter->fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color(Token::Border));
}

const QFont& CellDelegate::font(FontRole role) const {
  const QFont application = QGuiApplication::font();
  if (applicationFont_ != application) {
    applicationFont_ = application;
    fonts_.fill(std::nullopt);
  }
  auto& known = fonts_[static_cast<std::size_t>(role)];
  if (!known) known = Theme{}.font(role);
  return *known;
}

CellDelegate::CellDelegate(QObject* parent) : QStyledItemDelegate(parent) {}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Theme& theme = themeOf(option.palette);
  paintRowBackground(painter, option.rect, option.state.testFlag(QStyle::State_Selected), theme);
  const bool quiet = quietRole_ >= 0 && index.data(quietRole_).toBool();
  const QRect inner = option.rect.adjusted(cellPadding, 0, -cellPadding, -1);
  paintCell({painter, inner, theme, quiet}, index);
  const auto* view = qobject_cast<const QTableView*>(option.widget);
  if (view != nullptr && view->hasFocus() && view->currentIndex().row() == index.row()) {
    paintFocus(painter, option.rect, view, index.column(), theme);
  }
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  return {contentWidth(index) + 2 * cellPadding, rowHeightOf(Density::Normal)};
}

void CellDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  drawText(cell, cell.rect, index.data().toString(), FontRole::Body, cell.quiet ? Token::Text3 : Token::Text,
           static_cast<Qt::Alignment>(index.data(Qt::TextAlignmentRole).toInt()));
}

int CellDelegate::contentWidth(const QModelIndex& index) const {
  return textWidth(index.data().toString(), FontRole::Body);
}

void CellDelegate::drawText(const Cell& cell, const QRect& rect, const QString& text, FontRole role, Token color,
                            Qt::Alignment alignment) const {
  const QFontMetrics metrics(font(role));
  cell.painter->setFont(font(role));
  cell.painter->setPen(cell.theme.color(color));
  const QString& fitting =
      metrics.horizontalAdvance(text) <= rect.width() ? text : metrics.elidedText(text, Qt::ElideRight, rect.width());
  cell.painter->drawText(rect, static_cast<int>(alignment) | Qt::TextSingleLine, fitting);
}

int CellDelegate::textWidth(const QString& text, FontRole role) const {
  return QFontMetrics(font(role)).horizontalAdvance(text);
}

}  // namespace vx11::ui
