// The token table as a view: holds its place while rows come and go, repaints what counts down once a second, and gives
// selections as ids.
#pragma once

#include <QTableView>
#include <optional>

#include "delegates/cell_delegate.h"
#include "models/token_table_model.h"

namespace vx11::ui {

class Countdown;
class TableHeader;
class TokenDelegate;

/// The row at the top of the view and the row with the keys stay the same tokens as long as these are shown; at the
/// very top it stays there, so that new tokens come into sight.
class TokenTableView : public QTableView, public Dense {
  Q_OBJECT
 public:
  TokenTableView(TokenTableModel& model, Countdown& countdown, QWidget* parent = nullptr);

  [[nodiscard]] TableHeader* header() const { return header_; }
  [[nodiscard]] Density density() const { return density_; }
  void setDensity(Density density) override;
  /// In the order of the table. At most `limit`, for those who only ask whether there are more.
  [[nodiscard]] QList<cluster::TokenId> selectedIds(int limit = std::numeric_limits<int>::max()) const;
  [[nodiscard]] int selectedCount() const;
  void selectOnly(const cluster::TokenId& id);
  void reveal(const cluster::TokenId& id, const QString& value);
  void hideRevealed();

  /// Columns and order; what is unknown or broken in `state` is left as it is.
  [[nodiscard]] QVariantMap viewState() const;
  void restoreViewState(const QVariantMap& state);

 Q_SIGNALS:
  void selectedChanged();
  /// A large selection fell into so many pieces that each cell would take long to paint; it was cleared.
  void selectionDropped(int count);

 protected:
  void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  /// Where the view stands, in tokens rather than rows.
  struct Place {
    struct Seen {
      cluster::TokenId id;
      int y;
    };
    QList<Seen> seen;  ///< visible rows from the top, when not at the very top
    std::optional<cluster::TokenId> current;
    int currentRow = -1;
    int heldBack = 0;  ///< selected rows that the model holds meanwhile
  };
  void keepPlace();
  void restorePlace(TokenTableModel::Cause cause);
  void takeSelection();
  void giveSelection();
  void repaintCounting();
  void repaintRow(int row);
  [[nodiscard]] QRect columnRect(TokenColumn column) const;

  TokenTableModel& model_;
  TableHeader* header_;
  TokenDelegate* tokenCells_;
  Density density_ = Density::Normal;
  Place place_;
};

}  // namespace vx11::ui
