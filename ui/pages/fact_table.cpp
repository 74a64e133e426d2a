#include "pages/fact_table.h"

#include <QHeaderView>
#include <QPainter>

#include "delegates/table_header.h"
#include "pages/row_copy.h"

namespace vx11::ui {

FactModel::FactModel(QList<FactColumn> columns, QObject* parent)
    : QAbstractTableModel(parent), columns_(std::move(columns)) {}

void FactModel::setLines(const QList<QList<Fact>>& lines) {
  if (lines == lines_) return;
  if (lines.size() != lines_.size()) {
    beginResetModel();
    lines_ = lines;
    endResetModel();
    return;
  }
  // The chosen line stays chosen.
  lines_ = lines;
  Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

const Fact* FactModel::fact(const QModelIndex& index) const {
  const auto& line = lines_.at(index.row());
  return index.column() < line.size() ? &line.at(index.column()) : nullptr;
}

int FactModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(lines_.size());
}
int FactModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QVariant FactModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Fact* found = fact(index);
  if (found == nullptr) return {};
  switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
      return found->text;
    case Qt::AccessibleTextRole:
      return found->mark ? QStringLiteral("%1, %2").arg(found->text, markWord(*found->mark)) : found->text;
    case Qt::TextAlignmentRole:
      return static_cast<int>((columns_.at(index.column()).number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
      return {};
  }
}

QVariant FactModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columns_.size()) return {};
  if (role == Qt::DisplayRole) return columns_.at(section).title;
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((columns_.at(section).number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  return {};
}

void FactDelegate::paintCell(const Cell& cell, const QModelIndex& index) const {
  const Fact* fact = model_.fact(index);
  if (fact == nullptr) return;
  QRect rect = cell.rect;
  if (fact->mark) {
    paintMark(cell.painter, QRectF(rect.x(), rect.y(), markSizeInTable, rect.height()), *fact->mark, cell.theme);
    rect.setLeft(rect.left() + markSizeInTable + 8);
  }
  const bool spans =
      index.column() + 1 == model_.lines().at(index.row()).size() && index.column() + 1 < model_.columnCount();
  const bool right = model_.columns().at(index.column()).number && !spans;
  drawText(cell, rect, fact->text, fact->role, fact->color,
           (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

FactTable::FactTable(const QString& accessibleName, const QList<FactColumn>& columns, QWidget* parent)
    : QTableView(parent), model_(new FactModel(columns, this)) {
  setModel(model_);
  auto* header = new TableHeader(this);
  setHorizontalHeader(header);
  header->setSortIndicatorShown(false);
  header->setSectionsClickable(false);
  header->setSectionsMovable(false);
  header->setContextMenuPolicy(Qt::NoContextMenu);
  header->setStretchLastSection(true);
  for (int i = 0; i < columns.size(); ++i) setColumnWidth(i, columns.at(i).width);
  verticalHeader()->hide();
  verticalHeader()->setMinimumSectionSize(1);
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setDefaultSectionSize(rowHeightOf(Density::Normal));
  setItemDelegate(new FactDelegate(*model_, this));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setWordWrap(false);
  setCornerButtonEnabled(false);
  setTabKeyNavigation(false);
  setSelectionBehavior(SelectRows);
  setSelectionMode(SingleSelection);
  setEditTriggers(NoEditTriggers);
  setVerticalScrollMode(ScrollPerPixel);
  setAccessibleName(accessibleName);
  copyRowsOf(*this);
}

void FactTable::setDensity(Density density) { verticalHeader()->setDefaultSectionSize(rowHeightOf(density)); }

QVariantList FactTable::widths() const {
  QVariantList widths;
  for (int column = 0; column + 1 < model_->columnCount(); ++column) widths << columnWidth(column);
  return widths;
}

void FactTable::restoreWidths(const QVariantList& widths) {
  constexpr int widest = 2000;
  for (int column = 0; column + 1 < model_->columnCount() && column < widths.size(); ++column) {
    const int width = widths[column].toInt();
    if (width >= horizontalHeader()->minimumSectionSize() && width <= widest) setColumnWidth(column, width);
  }
}

void FactTable::setLines(const QList<QList<Fact>>& lines) {
  if (lines == model_->lines()) return;
  model_->setLines(lines);
  clearSpans();
  for (int row = 0; row < lines.size(); ++row) {
    const auto size = static_cast<int>(lines.at(row).size());
    if (size > 0 && size < model_->columnCount()) setSpan(row, size - 1, 1, model_->columnCount() - size + 1);
  }
}

}  // namespace vx11::ui
