#include "pages/row_copy.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QTableView>
#include <algorithm>

namespace vx11::ui {
namespace {

QString rowText(const QAbstractItemView& view, int row) {
  const auto* table = qobject_cast<const QTableView*>(&view);
  const QAbstractItemModel& model = *view.model();
  if (table == nullptr) {
    const QModelIndex index = model.index(row, 0);
    const QString spoken = index.data(Qt::AccessibleTextRole).toString();
    return spoken.isEmpty() ? index.data().toString() : spoken;
  }
  QStringList cells;
  for (int column = 0; column < model.columnCount(); ++column) {
    if (!table->isColumnHidden(column)) cells << model.index(row, column).data().toString();
  }
  return cells.join(u'\t');
}

class RowCopy : public QObject {
 public:
  explicit RowCopy(QAbstractItemView& view) : QObject(&view), view_(view) { view.installEventFilter(this); }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (watched != &view_ || event->type() != QEvent::KeyPress) return false;
    if (!static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) return false;
    QList<int> rows;
    for (const QModelIndex& index : view_.selectionModel()->selectedIndexes()) rows << index.row();
    if (rows.isEmpty() && view_.currentIndex().isValid()) rows << view_.currentIndex().row();
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    QStringList lines;
    for (const int row : rows) lines << rowText(view_, row);
    if (!lines.isEmpty()) QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    return true;
  }

 private:
  QAbstractItemView& view_;
};

}  // namespace

void copyRowsOf(QAbstractItemView& view) { new RowCopy(view); }

}  // namespace vx11::ui
