// Paints the page list: 32 high rows with icon, name and badge, an accent bar at the current one, captions above each
// group; with icons only when the list is narrow.
#pragma once

#include <QStyledItemDelegate>

namespace vx11::ui {

class PageListDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void setNarrow(bool narrow) { narrow_ = narrow; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  void paintCaption(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
  [[nodiscard]] int paintBadge(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
  bool narrow_ = false;
};

}  // namespace vx11::ui
