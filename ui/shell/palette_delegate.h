// A row of the command palette, 30 high: icon, action, then its place or the reason why not, the keys at the right.
#pragma once

#include <QStyledItemDelegate>

namespace vx11::ui {

class PaletteDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  static constexpr int rowHeight = 30;
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace vx11::ui
