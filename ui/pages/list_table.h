// A table of whole rows with a menu of columns: what every list that isn't the tokens' needs, set up once.
#pragma once

#include <QTableView>
#include <QVariantMap>

#include "delegates/cell_delegate.h"

namespace vx11::ui {

class TableHeader;

/// Ctrl+C and the menu ask for a copy of the chosen rows. Columns can be hidden, moved and made wider, never sorted.
class ListTable : public QTableView, public Dense {
  Q_OBJECT
 public:
  explicit ListTable(const QString& accessibleName, QWidget* parent = nullptr);

  [[nodiscard]] TableHeader* header() const { return header_; }
  void setDensity(Density density) override;
  [[nodiscard]] QList<int> chosenRows() const;  ///< ascending
  /// Which columns are shown, their order and widths; what is broken in `state` is left as it is.
  [[nodiscard]] QVariantMap viewState() const;
  void restoreViewState(const QVariantMap& state);
  /// A column that gives way while the table is narrower than that, whatever was chosen for it.
  void hideBelow(int column, int width);

 Q_SIGNALS:
  void chosen();      ///< the selection changed
  void copyWanted();

 protected:
  void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void giveWay();
  TableHeader* header_;
  QList<std::pair<int, int>> wide_;  ///< column and the width it needs
  QList<int> gaveWay_;
};

}  // namespace vx11::ui
