// Rows of one height under each other: as many of the filled ones as there is place for, and never one cut through. The
// place decides how many, never the rows.
#pragma once

#include <QList>
#include <QWidget>

namespace vx11::ui {

class RowStack : public QWidget {
  Q_OBJECT
 public:
  /// There is always place for the `fewest`.
  RowStack(int rowHeight, int fewest, QWidget* parent = nullptr);
  void add(QWidget* row);
  void setFewest(int fewest) { setMinimumHeight(fewest * rowHeight_); }
  /// The first so many have something to show.
  void setFilled(int count);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showRows();

  QList<QWidget*> rows_;
  int rowHeight_, filled_ = 0;
};

}  // namespace vx11::ui
