#include "pages/overview_grid.h"

#include <QGridLayout>
#include <algorithm>

#include "widgets/metrics.h"

namespace vx11::ui {
namespace {
constexpr int narrow = 1000;  // a page beside the icon-only list of the smallest window
}

int cardColumns(int width) {
  if (width < narrow) return 2;
  const int gap = metrics::cardGap;
  const int unit = metrics::cardMaxWidth + gap;
  return std::max(4, (width + gap + unit - 1) / unit);
}

QList<CardPlace> placeCards(int count, int columns, int first, int second) {
  QList<CardPlace> places(count);
  const auto fills = [&](int firstSpan, int secondSpan) {  // every row, without breaking a card over two
    places[first].span = firstSpan;
    places[second].span = secondSpan;
    int row = 0, column = 0;
    for (CardPlace& place : places) {
      if (column + place.span > columns) return false;
      place.row = row;
      place.column = column;
      column += place.span;
      if (column == columns) {
        column = 0;
        ++row;
      }
    }
    return column == 0;
  };
  for (int sum = 2; sum <= 2 * columns; ++sum) {
    for (int larger = (sum + 1) / 2; larger <= columns && larger < sum; ++larger) {
      if (fills(larger, sum - larger) || fills(sum - larger, larger)) return places;
    }
  }
  // Three columns can't always be filled, and are never asked for; an uneven last row is better than none.
  for (int i = 0; i < count; ++i) places[i] = {i / columns, i % columns, 1};
  return places;
}

CardGrid::CardGrid(QWidget* parent) : QWidget(parent), layout_(new QGridLayout(this)) {
  layout_->setContentsMargins(0, 0, 0, 0);
  layout_->setSpacing(metrics::cardGap);
}

void CardGrid::setCards(const QList<QWidget*>& cards, QWidget* first, QWidget* second) {
  if (cards == cards_ && first == first_ && second == second_) return;
  cards_ = cards;
  first_ = first;
  second_ = second;
  arrange();
}

void CardGrid::setAvailableWidth(int width) {
  const int columns = cardColumns(width);
  if (columns == columns_) return;
  columns_ = columns;
  arrange();
}

void CardGrid::arrange() {
  while (QLayoutItem* item = layout_->takeAt(0)) delete item;
  for (int i = 0; i < layout_->columnCount(); ++i) layout_->setColumnStretch(i, 0);
  for (int i = 0; i < layout_->rowCount(); ++i) layout_->setRowStretch(i, 0);
  if (cards_.isEmpty()) return;
  const QList<CardPlace> places =
      placeCards(static_cast<int>(cards_.size()), columns_, static_cast<int>(cards_.indexOf(first_)),
                 static_cast<int>(cards_.indexOf(second_)));
  for (int i = 0; i < places.size(); ++i) {
    const CardPlace& place = places.at(i);
    cards_.at(i)->setMinimumWidth(160);  // or a long name would widen its column
    layout_->addWidget(cards_.at(i), place.row, place.column, 1, place.span);
  }
  for (int i = 0; i < columns_; ++i) layout_->setColumnStretch(i, 1);
  // The last row takes what is left, unless it is the only one: cards as tall as the window would be mostly empty.
  layout_->setRowStretch(std::max(1, places.last().row), 1);
}

}  // namespace vx11::ui
