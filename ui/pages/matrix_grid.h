// The grid of the cross-instance test, painted by one widget: rows issue, columns check, the balancer stands apart.
// Arrow keys move the current cell, whose words are the widget's accessible name.
#pragma once

#include <QStringList>
#include <QWidget>

#include "pages/matrix_words.h"

class QPainter;

namespace vx11::ui {

class MatrixGrid : public QWidget {
  Q_OBJECT
 public:
  explicit MatrixGrid(QWidget* parent = nullptr);
  /// `modes` are the members' now, in their order; empty: unknown. While `running` pending cells show dots.
  void display(const cluster::MatrixResult& result, const QStringList& modes, bool running);
  [[nodiscard]] int currentIssuer() const { return slotOf(row_); }
  [[nodiscard]] int currentValidator() const { return slotOf(column_); }
  void setCurrent(int issuer, int validator);
  /// Makes the first cell of the worst kind the current one, unless the operator has chosen one already.
  void showTrouble();
  /// Where a cell is painted; null when there is none.
  [[nodiscard]] QRect cellRect(int issuer, int validator) const;

  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void currentChanged();

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  [[nodiscard]] int members() const { return static_cast<int>(result_.members.size()); }
  [[nodiscard]] int rows() const;
  [[nodiscard]] int columns() const;
  [[nodiscard]] int slotOf(int place) const;  ///< of a row or column; the balancer comes last
  [[nodiscard]] int captionWidth() const;
  [[nodiscard]] QSize cellSize() const;
  [[nodiscard]] QSize sizeFor(const QSize& cell) const;
  [[nodiscard]] QRect rectAt(int row, int column) const;
  [[nodiscard]] bool findCell(const QPoint& at, int& row, int& column) const;
  void moveTo(int row, int column);
  void choose(int row, int column);  ///< as the operator
  void say();
  void paintCaption(QPainter& painter, const QRect& rect, int place, bool above, const Theme& theme) const;
  void paintCell(QPainter& painter, const QRect& rect, const matrix::Place& place, const Theme& theme) const;

  cluster::MatrixResult result_;
  QStringList modes_;
  bool running_ = false, chosen_ = false;
  int row_ = 0, column_ = 0;
};

}  // namespace vx11::ui
