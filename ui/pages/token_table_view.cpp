#include "pages/token_table_view.h"

#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalBlocker>
#include <algorithm>

#include "delegates/countdown.h"
#include "delegates/table_header.h"
#include "delegates/token_delegates.h"

namespace vx11::ui {
namespace {

// Together they fit the smallest table beside the panel, its scroll bar included; the last one takes what is left.
constexpr int firstWidths[tokenColumnCount] = {258, 138, 56, 76, 96, 96};

// Qt carries a selection through a change by two persistent indexes a row: 250 ms for 100,000. Larger ones than
// `carried` are held by the model instead. Painting asks each range about each cell, which bounds the number of ranges.
constexpr int carried = 300, mostRanges = 2000;

int index(TokenColumn column) { return static_cast<int>(column); }

}  // namespace

TokenTableView::TokenTableView(TokenTableModel& model, Countdown& countdown, QWidget* parent)
    : QTableView(parent),
      model_(model),
      header_(new TableHeader(this)),
      tokenCells_(new TokenDelegate(countdown, this)) {
  setModel(&model);
  setHorizontalHeader(header_);
  header_->setStretchLastSection(true);
  header_->setSortIndicatorShown(true);  // setHorizontalHeader has hidden it: the view itself doesn't sort
  header_->setSortIndicator(index(model.order().column()), model.order().direction());
  connect(header_, &QHeaderView::sortIndicatorChanged, &model, &TokenTableModel::sort);

  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setMinimumSectionSize(1);
  verticalHeader()->setDefaultSectionSize(rowHeightOf(density_));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setWordWrap(false);
  setCornerButtonEnabled(false);
  setTabKeyNavigation(false);
  setSelectionBehavior(SelectRows);
  setSelectionMode(ExtendedSelection);
  setVerticalScrollMode(ScrollPerPixel);
  setHorizontalScrollMode(ScrollPerPixel);
  setEditTriggers(NoEditTriggers);
  setContextMenuPolicy(Qt::ActionsContextMenu);
  setAccessibleName(tr("Tokens"));
  for (int column = 0; column < tokenColumnCount; ++column) setColumnWidth(column, firstWidths[column]);

  setItemDelegate(new TokenTextDelegate(countdown, this));
  setItemDelegateForColumn(index(TokenColumn::Token), tokenCells_);
  setItemDelegateForColumn(index(TokenColumn::TimeLeft), new TtlBarDelegate(countdown, this));
  setItemDelegateForColumn(index(TokenColumn::CachedOn), new CachedOnDelegate(countdown, this));
  setItemDelegateForColumn(index(TokenColumn::State), new StateDelegate(countdown, this));

  connect(&countdown, &Countdown::ticked, this, &TokenTableView::repaintCounting);
  connect(&model, &TokenTableModel::structureAboutToChange, this, &TokenTableView::keepPlace);
  connect(&model, &TokenTableModel::structureChanged, this, &TokenTableView::restorePlace);
}

void TokenTableView::setDensity(Density density) {
  if (density == density_) return;
  const int top = rowAt(0);
  density_ = density;
  verticalHeader()->setDefaultSectionSize(rowHeightOf(density));
  updateGeometries();
  if (top >= 0) verticalScrollBar()->setValue(top * rowHeightOf(density));
}

QList<cluster::TokenId> TokenTableView::selectedIds(int limit) const {
  QList<cluster::TokenId> ids;
  QItemSelection ranges = selectionModel()->selection();
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.top() < b.top(); });
  int row = 0;  // moved columns make several ranges of the same rows
  for (const QItemSelectionRange& range : ranges) {
    for (row = std::max(row, range.top()); row <= range.bottom(); ++row) {
      if (ids.size() == limit) return ids;
      ids << model_.rowAt(row).id;
    }
  }
  return ids;
}

int TokenTableView::selectedCount() const {
  if (header_->sectionsMoved()) return static_cast<int>(selectedIds().size());
  int count = 0;
  for (const QItemSelectionRange& range : selectionModel()->selection()) count += range.height();
  return count;
}

void TokenTableView::selectOnly(const cluster::TokenId& id) {
  const auto row = model_.rowOf(id);
  if (!row) return;
  const int top = rowViewportPosition(*row);
  const bool inSight = top >= 0 && top + rowHeightOf(density_) <= viewport()->height();
  selectionModel()->setCurrentIndex(model_.index(*row, 0),
                                    QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  // In the middle, not at the edge: there what comes next to it would push it out.
  if (!inSight) scrollTo(model_.index(*row, 0), PositionAtCenter);
}

void TokenTableView::reveal(const cluster::TokenId& id, const QString& value) {
  tokenCells_->reveal(id, value);
  viewport()->update(columnRect(TokenColumn::Token));
}

void TokenTableView::hideRevealed() {
  tokenCells_->hide();
  viewport()->update(columnRect(TokenColumn::Token));
}

// --- its place

void TokenTableView::keepPlace() {
  place_ = {};
  const QModelIndex current = currentIndex();
  if (current.isValid()) {
    place_.current = model_.rowAt(current.row()).id;
    place_.currentRow = current.row();
  }
  const int top = rowAt(0);
  if (verticalScrollBar()->value() > 0 && top >= 0) {
    const int last = std::min(model_.rowCount() - 1, top + viewport()->height() / rowHeightOf(density_) + 1);
    // The current row is what one reads: it stands still first of all, else the topmost that is left.
    if (current.isValid() && current.row() >= top && current.row() < last)
      place_.seen << Place::Seen{*place_.current, rowViewportPosition(current.row())};
    for (int row = top; row <= last; ++row) place_.seen << Place::Seen{model_.rowAt(row).id, rowViewportPosition(row)};
  }
  takeSelection();
  // While rows move, the current one may be pushed aside for a moment: that must not scroll.
  setAutoScroll(false);
}

void TokenTableView::restorePlace(TokenTableModel::Cause cause) {
  giveSelection();
  updateGeometries();
  QScrollBar* bar = verticalScrollBar();
  if (cause == TokenTableModel::Cause::Order) {
    bar->setValue(0);
  } else {
    for (const Place::Seen& seen : place_.seen) {
      const auto row = model_.rowOf(seen.id);
      if (!row) continue;
      bar->setValue(*row * rowHeightOf(density_) - seen.y);
      break;
    }
  }
  if (place_.current && model_.rowCount() > 0) {
    const int row = model_.rowOf(*place_.current).value_or(std::min(place_.currentRow, model_.rowCount() - 1));
    if (currentIndex().row() != row) {
      selectionModel()->setCurrentIndex(model_.index(row, std::max(0, currentIndex().column())),
                                        QItemSelectionModel::NoUpdate);
    }
  }
  setAutoScroll(true);
}

void TokenTableView::takeSelection() {
  const int count = selectedCount();
  if (count <= carried) return;
  place_.heldBack = count;
  std::vector<TokenTableModel::Rows> rows;
  for (const QItemSelectionRange& range : selectionModel()->selection()) rows.emplace_back(range.top(), range.bottom());
  model_.hold(rows);
  const QSignalBlocker quiet(selectionModel());
  selectionModel()->clearSelection();
}

void TokenTableView::giveSelection() {
  if (place_.heldBack == 0) return;
  const auto rows = model_.release();
  if (rows.empty() || rows.size() > mostRanges) {
    viewport()->update();
    Q_EMIT selectedChanged();
    if (!rows.empty()) Q_EMIT selectionDropped(place_.heldBack);
    return;
  }
  QItemSelection selection;
  for (const auto& [first, last] : rows) {
    selection.append(QItemSelectionRange(model_.index(first, 0), model_.index(last, tokenColumnCount - 1)));
  }
  selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

// --- what is painted when

QRect TokenTableView::columnRect(TokenColumn column) const {
  if (isColumnHidden(index(column))) return {};
  return {columnViewportPosition(index(column)), 0, columnWidth(index(column)), viewport()->height()};
}

void TokenTableView::repaintCounting() {
  if (!isVisible()) return;
  for (const auto column : {TokenColumn::TimeLeft, TokenColumn::Age, TokenColumn::State}) {
    viewport()->update(columnRect(column));
  }
}

void TokenTableView::repaintRow(int row) {
  if (row < 0) return;
  viewport()->update(0, rowViewportPosition(row), viewport()->width(), rowHeightOf(density_));
}

void TokenTableView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) {
  QTableView::selectionChanged(selected, deselected);
  Q_EMIT selectedChanged();
}

void TokenTableView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  // The focus ring goes round the whole row, the base repaints one cell.
  repaintRow(current.isValid() ? current.row() : -1);
  repaintRow(previous.isValid() ? previous.row() : -1);
}

void TokenTableView::focusInEvent(QFocusEvent* event) {
  QTableView::focusInEvent(event);
  viewport()->update();
}

void TokenTableView::focusOutEvent(QFocusEvent* event) {
  QTableView::focusOutEvent(event);
  viewport()->update();
}

void TokenTableView::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) viewport()->update();
}

// --- kept for the next time

QVariantMap TokenTableView::viewState() const {
  QVariantList widths, hidden, places;
  for (int column = 0; column < tokenColumnCount; ++column) {
    // A hidden column has no width of its own: it comes back with the first one.
    const bool off = isColumnHidden(column);
    widths << (off ? firstWidths[column] : columnWidth(column));
    hidden << off;
    places << header_->visualIndex(column);
  }
  return {{QStringLiteral("widths"), widths},
          {QStringLiteral("hidden"), hidden},
          {QStringLiteral("places"), places},
          {QStringLiteral("sortColumn"), header_->sortIndicatorSection()},
          {QStringLiteral("sortDescending"), header_->sortIndicatorOrder() == Qt::DescendingOrder}};
}

void TokenTableView::restoreViewState(const QVariantMap& state) {
  const QVariantList widths = state.value(QStringLiteral("widths")).toList();
  const QVariantList hidden = state.value(QStringLiteral("hidden")).toList();
  const QVariantList places = state.value(QStringLiteral("places")).toList();
  const auto count = [](const QVariantList& list) {
    return static_cast<int>(std::min<qsizetype>(list.size(), tokenColumnCount));
  };
  for (int i = 0; i < count(widths); ++i) {
    const int width = widths[i].toInt();
    if (width >= header_->minimumSectionSize() && width <= 2000) setColumnWidth(i, width);
  }
  if (std::any_of(hidden.begin(), hidden.end(), [](const QVariant& off) { return !off.toBool(); })) {
    for (int i = 0; i < count(hidden); ++i) setColumnHidden(i, hidden[i].toBool());
  }
  for (int place = 0; place < count(places); ++place) {
    const auto column = static_cast<int>(places.indexOf(QVariant(place)));
    if (column >= 0 && column < tokenColumnCount) header_->moveSection(header_->visualIndex(column), place);
  }
  const int sorted = state.value(QStringLiteral("sortColumn"), -1).toInt();
  if (sorted >= 0 && sorted < tokenColumnCount) {
    header_->setSortIndicator(
        sorted, state.value(QStringLiteral("sortDescending")).toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
  }
}

}  // namespace vx11::ui
