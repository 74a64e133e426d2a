#include "delegates/table_header.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>

#include "delegates/cell_delegate.h"
#include "platform/icons.h"
#include "platform/theme.h"

namespace vx11::ui {
namespace {

constexpr int sortMarkSize = 9, sortMarkGap = 4;

/// The style sheet gives headers a palette of their own; the table's is the theme's.
const Theme& themeHere(const TableHeader& header) {
  return themeOf(header.parentWidget() != nullptr ? header.parentWidget()->palette() : header.palette());
}

}  // namespace

TableHeader::TableHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
  setSectionsClickable(true);
  setSectionsMovable(true);
  setHighlightSections(false);
  setSortIndicatorShown(true);
  setMinimumSectionSize(48);
  setFixedHeight(tableHeaderHeight);
}

QSize TableHeader::sizeHint() const { return {QHeaderView::sizeHint().width(), tableHeaderHeight}; }

void TableHeader::paintEvent(QPaintEvent* event) {
  QPainter painter(viewport());
  const Theme& theme = themeHere(*this);
  painter.fillRect(viewport()->rect(), theme.color(Token::Alt));
  painter.fillRect(0, viewport()->height() - 1, viewport()->width(), 1, theme.color(Token::Border));
  painter.end();
  QHeaderView::paintEvent(event);
}

void TableHeader::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const {
  const Theme& theme = themeHere(*this);
  painter->fillRect(rect, theme.color(Token::Alt));
  painter->fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color(Token::Border));
  painter->fillRect(rect.right(), rect.y(), 1, rect.height(), theme.color(Token::Border));

  const bool sorted = isSortIndicatorShown() && sortIndicatorSection() == logicalIndex;
  const int mark = sorted ? sortMarkSize + sortMarkGap : 0;
  const QRect inner = rect.adjusted(cellPadding, 0, -cellPadding, -1);
  const QFont font = theme.font(FontRole::Label);
  const QFontMetrics metrics(font);
  const QString label = model()->headerData(logicalIndex, orientation()).toString();
  const QString text = metrics.elidedText(label, Qt::ElideRight, inner.width() - mark);
  const auto alignment = static_cast<Qt::Alignment>(
      model()->headerData(logicalIndex, orientation(), Qt::TextAlignmentRole).toInt());
  const int width = metrics.horizontalAdvance(text);
  const int x = alignment.testFlag(Qt::AlignRight) ? inner.right() + 1 - width - mark : inner.x();
  painter->setFont(font);
  painter->setPen(theme.color(sorted ? Token::Text : Token::Text2));
  painter->drawText(QRect(x, inner.y(), width + 1, inner.height()), Qt::AlignVCenter | Qt::TextSingleLine, text);
  if (!sorted) return;
  const QString icon = sortIndicatorOrder() == Qt::AscendingOrder ? QStringLiteral("caret-up-fill")
                                                                  : QStringLiteral("caret-down-fill");
  painter->drawPixmap(x + width + sortMarkGap, inner.y() + (inner.height() - sortMarkSize) / 2,
                      iconPixmap(icon, theme.color(Token::Text3), sortMarkSize, devicePixelRatioF()));
}

QSize TableHeader::sectionSizeFromContents(int logicalIndex) const {
  const QFontMetrics metrics(themeHere(*this).font(FontRole::Label));
  const int text = metrics.horizontalAdvance(model()->headerData(logicalIndex, orientation()).toString());
  return {text + sortMarkSize + sortMarkGap + 2 * cellPadding, tableHeaderHeight};
}

void TableHeader::fillColumnsMenu(QMenu* menu) {
  menu->clear();
  const int shown = count() - hiddenSectionCount();
  for (int visual = 0; visual < count(); ++visual) {
    const int column = logicalIndex(visual);
    QAction* action = menu->addAction(model()->headerData(column, orientation()).toString());
    action->setCheckable(true);
    action->setChecked(!isSectionHidden(column));
    action->setEnabled(isSectionHidden(column) || shown > 1);
    connect(action, &QAction::toggled, this, [this, column](bool on) {
      setSectionHidden(column, !on);
      Q_EMIT columnsChanged();
    });
  }
}

void TableHeader::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  fillColumnsMenu(menu);
  menu->popup(event->globalPos());
}

}  // namespace vx11::ui
