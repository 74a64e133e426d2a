#include "widgets/row_stack.h"

#include <QVBoxLayout>

namespace vx11::ui {

RowStack::RowStack(int rowHeight, int fewest, QWidget* parent) : QWidget(parent), rowHeight_(rowHeight) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addStretch(1);
  setFewest(fewest);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);
}

void RowStack::add(QWidget* row) {
  row->setFixedHeight(rowHeight_);
  row->hide();
  static_cast<QVBoxLayout*>(layout())->insertWidget(static_cast<int>(rows_.size()), row);
  rows_ << row;
}

void RowStack::setFilled(int count) {
  filled_ = count;
  showRows();
}

void RowStack::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  showRows();
}

void RowStack::showRows() {
  const int fit = height() / rowHeight_;
  for (int i = 0; i < rows_.size(); ++i) rows_.at(i)->setVisible(i < filled_ && i < fit);
}

}  // namespace vx11::ui
