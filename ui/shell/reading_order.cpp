#include "shell/reading_order.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QGridLayout>
#include <QLayout>
#include <QSet>
#include <QSplitter>
#include <algorithm>
#include <tuple>
#include <utility>

namespace vx11::ui {
namespace {

/// Box layouts and stacks know their order; a grid is read line by line.
QList<QLayoutItem*> itemsOf(QLayout& layout) {
  QList<QLayoutItem*> items;
  for (int i = 0; i < layout.count(); ++i) items << layout.itemAt(i);
  auto* grid = qobject_cast<QGridLayout*>(&layout);
  if (grid == nullptr) return items;
  const auto cellOf = [grid](QLayoutItem* item) {
    int row = 0, column = 0, rows = 0, columns = 0;
    grid->getItemPosition(grid->indexOf(item), &row, &column, &rows, &columns);
    return std::pair(row, column);
  };
  std::stable_sort(items.begin(), items.end(), [&](auto* a, auto* b) { return cellOf(a) < cellOf(b); });
  return items;
}

void addWidgets(QLayout& layout, QList<QWidget*>& children) {
  for (QLayoutItem* item : itemsOf(layout)) {
    if (QWidget* widget = item->widget())
      children << widget;
    else if (QLayout* inner = item->layout())
      addWidgets(*inner, children);
  }
}

/// Direct children as they are laid out, then those that lie about freely.
QList<QWidget*> childrenOf(QWidget& parent) {
  QList<QWidget*> children;
  if (const auto* splitter = qobject_cast<const QSplitter*>(&parent)) {
    for (int i = 0; i < splitter->count(); ++i) children << splitter->widget(i);
  } else if (parent.layout() != nullptr) {
    addWidgets(*parent.layout(), children);
  }
  QList<QWidget*> free;
  for (QWidget* child : parent.findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) {
    if (!child->isWindow() && !children.contains(child)) free << child;
  }
  std::stable_sort(free.begin(), free.end(), [](const QWidget* a, const QWidget* b) {
    return std::tuple(a->y(), a->x()) < std::tuple(b->y(), b->x());
  });
  return children + free;
}

bool isChosen(const QWidget& widget) {
  const auto* button = qobject_cast<const QAbstractButton*>(&widget);
  if (button == nullptr || button->group() == nullptr || !button->group()->exclusive()) return true;
  return button->isChecked() || button->group()->checkedButton() == nullptr;
}

void collect(QWidget& widget, QSet<QWidget*>& seen, QList<QWidget*>& found) {
  if (!widget.isVisible() || !widget.isEnabled()) return;
  if ((widget.focusPolicy() & Qt::TabFocus) != 0 && isChosen(widget)) {
    QWidget* taker = &widget;
    while (taker->focusProxy() != nullptr) taker = taker->focusProxy();
    // A page whose table takes its keys is no stop of its own: the table has its place.
    if (taker == &widget && !seen.contains(taker)) {
      seen.insert(taker);
      found << taker;
    }
  }
  for (QWidget* child : childrenOf(widget)) collect(*child, seen, found);
}

}  // namespace

QList<QWidget*> readingOrder(QWidget& top) {
  QSet<QWidget*> seen;
  QList<QWidget*> found;
  for (QWidget* child : childrenOf(top)) collect(*child, seen, found);
  return found;
}

}  // namespace vx11::ui
