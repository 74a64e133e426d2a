// A small read-only table: what a page knows, a line each, with marks where a line has a state. Not for long lists.
#pragma once

#include <QAbstractTableModel>
#include <QTableView>
#include <optional>

#include "delegates/cell_delegate.h"
#include "widgets/state_mark.h"

namespace vx11::ui {

struct Fact {
  QString text;
  FontRole role = FontRole::Body;
  Token color = Token::Text;
  std::optional<Mark> mark;
  friend bool operator==(const Fact&, const Fact&) = default;
};

struct FactColumn {
  QString title;
  bool number = false;  ///< right-aligned
  int width = 80;
};

class FactModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  explicit FactModel(QList<FactColumn> columns, QObject* parent = nullptr);
  /// A line with fewer facts than columns: its last one spans the rest.
  void setLines(const QList<QList<Fact>>& lines);
  [[nodiscard]] const QList<QList<Fact>>& lines() const { return lines_; }
  [[nodiscard]] const QList<FactColumn>& columns() const { return columns_; }
  [[nodiscard]] const Fact* fact(const QModelIndex& index) const;
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QList<FactColumn> columns_;
  QList<QList<Fact>> lines_;
};

class FactDelegate : public CellDelegate {
  Q_OBJECT
 public:
  explicit FactDelegate(const FactModel& model, QObject* parent = nullptr) : CellDelegate(parent), model_(model) {}

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;

 private:
  const FactModel& model_;
};

class FactTable : public QTableView, public Dense {
  Q_OBJECT
 public:
  FactTable(const QString& accessibleName, const QList<FactColumn>& columns, QWidget* parent = nullptr);
  void setLines(const QList<QList<Fact>>& lines);
  [[nodiscard]] const FactModel& facts() const { return *model_; }
  void setDensity(Density density) override;
  /// Of its columns, the last one, which takes the rest, left out.
  [[nodiscard]] QVariantList widths() const;
  /// What is broken among them is left as it is.
  void restoreWidths(const QVariantList& widths);
  /// As high as it must be: what is left over it takes by its stretch.
  [[nodiscard]] QSize sizeHint() const override { return {QTableView::sizeHint().width(), minimumHeight()}; }

 private:
  FactModel* model_;
};

}  // namespace vx11::ui
