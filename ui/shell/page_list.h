// The list of pages at the left: 216 wide with its line, 48 with icons only in a small window.
#pragma once

#include <QListView>

#include "shell/page_list_model.h"

namespace vx11::ui {

class PageListDelegate;

class PageList : public QListView {
  Q_OBJECT
 public:
  explicit PageList(QWidget* parent = nullptr);
  [[nodiscard]] PageListModel& pages() { return *model_; }
  void setCurrentPage(PageId id);
  void setNarrow(bool narrow);
  [[nodiscard]] bool isNarrow() const { return narrow_; }

 Q_SIGNALS:
  void pageChosen(vx11::ui::PageId id);

 protected:
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

 private:
  PageListModel* model_;
  PageListDelegate* delegate_;
  bool narrow_ = false;
};

}  // namespace vx11::ui
