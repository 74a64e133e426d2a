// The header of every table: 28 high, quiet words, the sort mark right after the word, and a menu of columns.
#pragma once

#include <QHeaderView>

class QMenu;

namespace vx11::ui {

class TableHeader : public QHeaderView {
  Q_OBJECT
 public:
  explicit TableHeader(QWidget* parent = nullptr);
  /// One checkable entry a column; the last one shown can't be hidden. The menu is filled anew each time it opens.
  void fillColumnsMenu(QMenu* menu);
  [[nodiscard]] QSize sizeHint() const override;

 Q_SIGNALS:
  void columnsChanged();

 protected:
  void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
  [[nodiscard]] QSize sectionSizeFromContents(int logicalIndex) const override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace vx11::ui
