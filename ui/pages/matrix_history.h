// The last runs of the cross-instance test, newest first: a small matrix each, its verdict and when. Bounded; no token
// is in it.
#pragma once

#include <QAbstractListModel>
#include <QListView>
#include <QStyledItemDelegate>

#include "pages/matrix_words.h"

namespace vx11::ui {

struct MatrixRun {
  cluster::MatrixResult result;
  QString shell;  ///< the curl lines that do the same
  int number = 0;
  qint64 tookMs = 0;
};

class MatrixHistory : public QAbstractListModel {
  Q_OBJECT
 public:
  static constexpr int most = 100;
  using QAbstractListModel::QAbstractListModel;
  void add(const MatrixRun& run);
  [[nodiscard]] const QList<MatrixRun>& runs() const { return runs_; }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  QList<MatrixRun> runs_;
};

class MatrixRunDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit MatrixRunDelegate(const MatrixHistory& history, QObject* parent = nullptr);
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  const MatrixHistory& history_;
};

class MatrixHistoryView : public QListView {
  Q_OBJECT
 public:
  explicit MatrixHistoryView(MatrixHistory& history, QWidget* parent = nullptr);

 Q_SIGNALS:
  void chosen(int row);

 protected:
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
};

}  // namespace vx11::ui
