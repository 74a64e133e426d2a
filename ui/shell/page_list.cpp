#include "shell/page_list.h"

#include <utility>

#include "shell/page_list_delegate.h"

namespace vx11::ui {
namespace {

constexpr int wide = 215, small = 47;  // and the line at the right

}  // namespace

PageList::PageList(QWidget* parent)
    : QListView(parent), model_(new PageListModel(this)), delegate_(new PageListDelegate(this)) {
  setAccessibleName(tr("Pages"));
  setModel(model_);
  setItemDelegate(delegate_);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMouseTracking(true);
  setEditTriggers(NoEditTriggers);
  setFixedWidth(wide);
  viewport()->setAutoFillBackground(false);  // the list lies on the frame, not on a card
}

void PageList::setCurrentPage(PageId id) { setCurrentIndex(model_->indexOf(id)); }

void PageList::setNarrow(bool narrow) {
  if (std::exchange(narrow_, narrow) == narrow) return;
  delegate_->setNarrow(narrow);
  setFixedWidth(narrow ? small : wide);
  scheduleDelayedItemsLayout();
}

void PageList::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QListView::currentChanged(current, previous);
  if (current.isValid()) Q_EMIT pageChosen(static_cast<PageId>(current.data(PageListModel::IdRole).toInt()));
}

}  // namespace vx11::ui
