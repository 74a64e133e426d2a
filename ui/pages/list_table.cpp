#include "pages/list_table.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <algorithm>
#include <utility>

#include "delegates/table_header.h"

namespace vx11::ui {
namespace {

const auto widthsKey = QStringLiteral("widths");
const auto hiddenKey = QStringLiteral("hidden");
const auto placesKey = QStringLiteral("places");
constexpr int widest = 2000;

}  // namespace

ListTable::ListTable(const QString& accessibleName, QWidget* parent)
    : QTableView(parent), header_(new TableHeader(this)) {
  setAccessibleName(accessibleName);
  setHorizontalHeader(header_);
  header_->setSortIndicatorShown(false);
  header_->setSectionsClickable(false);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setMinimumSectionSize(1);
  setDensity(Density::Normal);
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setWordWrap(false);
  setCornerButtonEnabled(false);
  setTabKeyNavigation(false);
  setSelectionBehavior(SelectRows);
  setSelectionMode(ExtendedSelection);
  setEditTriggers(NoEditTriggers);
  setVerticalScrollMode(ScrollPerPixel);
  setHorizontalScrollMode(ScrollPerPixel);
  connect(header_, &TableHeader::columnsChanged, this, [this] { gaveWay_.clear(); });
}

void ListTable::setDensity(Density density) { verticalHeader()->setDefaultSectionSize(rowHeightOf(density)); }

QList<int> ListTable::chosenRows() const {
  QList<int> rows;
  if (selectionModel() == nullptr) return rows;
  for (const QModelIndex& index : selectionModel()->selectedRows()) rows << index.row();
  std::sort(rows.begin(), rows.end());
  return rows;
}

QVariantMap ListTable::viewState() const {
  QVariantList widths, hidden, places;
  for (int column = 0; column < header_->count(); ++column) {
    widths << (isColumnHidden(column) ? 0 : columnWidth(column));
    hidden << (isColumnHidden(column) && !gaveWay_.contains(column));
    places << header_->visualIndex(column);
  }
  return {{widthsKey, widths}, {hiddenKey, hidden}, {placesKey, places}};
}

void ListTable::restoreViewState(const QVariantMap& state) {
  const QVariantList widths = state.value(widthsKey).toList(), hidden = state.value(hiddenKey).toList(),
                     places = state.value(placesKey).toList();
  const int columns = header_->count();
  for (const int column : std::exchange(gaveWay_, {})) setColumnHidden(column, false);
  for (int i = 0; i < std::min<int>(static_cast<int>(widths.size()), columns); ++i) {
    const int width = widths[i].toInt();
    if (width >= header_->minimumSectionSize() && width <= widest) setColumnWidth(i, width);
  }
  const bool someShown = std::any_of(hidden.begin(), hidden.end(), [](const QVariant& off) { return !off.toBool(); });
  for (int i = 0; someShown && i < std::min<int>(static_cast<int>(hidden.size()), columns); ++i)
    setColumnHidden(i, hidden[i].toBool());
  for (int place = 0; place < std::min<int>(static_cast<int>(places.size()), columns); ++place) {
    const auto column = static_cast<int>(places.indexOf(QVariant(place)));
    if (column >= 0 && column < columns) header_->moveSection(header_->visualIndex(column), place);
  }
  giveWay();
}

void ListTable::hideBelow(int column, int width) {
  wide_.append({column, width});
  giveWay();
}

void ListTable::giveWay() {
  for (const auto& [column, width] : wide_) {
    const bool fits = viewport()->width() >= width;
    if (!fits && !isColumnHidden(column)) {
      setColumnHidden(column, true);
      gaveWay_ << column;
    } else if (fits && gaveWay_.removeOne(column)) {
      setColumnHidden(column, false);
    }
  }
}

void ListTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
  QTableView::selectionChanged(selected, deselected);
  Q_EMIT chosen();
}

void ListTable::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return Q_EMIT copyWanted();
  QTableView::keyPressEvent(event);
}

void ListTable::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  QAction* copy = menu->addAction(tr("Copy rows"));
  copy->setShortcut(QKeySequence::Copy);
  copy->setEnabled(!chosenRows().isEmpty());
  connect(copy, &QAction::triggered, this, &ListTable::copyWanted);
  header_->fillColumnsMenu(menu->addMenu(tr("Columns")));
  menu->popup(event->globalPos());
}

void ListTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  giveWay();
}

// The focus ring goes round the whole row, the base repaints one cell.
void ListTable::focusInEvent(QFocusEvent* event) {
  QTableView::focusInEvent(event);
  viewport()->update();
}

void ListTable::focusOutEvent(QFocusEvent* event) {
  QTableView::focusOutEvent(event);
  viewport()->update();
}

}  // namespace vx11::ui
