#include "shell/page_list_model.h"

namespace vx11::ui {

PageListModel::PageListModel(QObject* parent) : QAbstractListModel(parent) {
  QString group;
  for (const PageEntry& page : pageCatalog()) {
    if (const QString title = groupTitle(page.group); title != group) rows_.append({group = title, {}, {}, {}});
    rows_.append({{}, page, {}, page.reason()});
  }
}

int PageListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PageListModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = rows_[index.row()];
  const bool caption = !row.caption.isEmpty();
  switch (role) {
    case Qt::DisplayRole:
      return caption ? row.caption : row.page.title;
    case Qt::ToolTipRole:
      return caption ? QVariant() : toolTip(row);
    case Qt::AccessibleTextRole:
      return caption ? row.caption : spoken(row);
    case IdRole:
      return caption ? QVariant() : static_cast<int>(row.page.id);
    case CaptionRole:
      return caption;
    case IconRole:
      return row.page.icon;
    case BadgeRole:
      return QVariant::fromValue(row.badge);
    case AvailableRole:
      return row.reason.isEmpty();
    default:
      return {};
  }
}

Qt::ItemFlags PageListModel::flags(const QModelIndex& index) const {
  if (!index.isValid() || !rows_[index.row()].caption.isEmpty()) return Qt::NoItemFlags;
  return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

QModelIndex PageListModel::indexOf(PageId id) const {
  for (int i = 0; i < rows_.size(); ++i)
    if (rows_[i].caption.isEmpty() && rows_[i].page.id == id) return index(i);
  return {};
}

void PageListModel::setBadge(PageId id, const Badge& badge) {
  const QModelIndex at = indexOf(id);
  if (rows_[at.row()].badge == badge) return;
  rows_[at.row()].badge = badge;
  Q_EMIT dataChanged(at, at, {BadgeRole, Qt::AccessibleTextRole});
}

void PageListModel::setReason(PageId id, const QString& reason) {
  const QModelIndex at = indexOf(id);
  if (rows_[at.row()].reason == reason) return;
  rows_[at.row()].reason = reason;
  Q_EMIT dataChanged(at, at, {AvailableRole, Qt::ToolTipRole, Qt::AccessibleTextRole});
}

Badge PageListModel::badge(PageId id) const { return rows_[indexOf(id).row()].badge; }

QString PageListModel::toolTip(const Row& row) const {
  const QString keys = tr("Ctrl+%1").arg(static_cast<int>(row.page.id) + 1);
  return row.reason.isEmpty() ? tr("%1 (%2)").arg(row.page.title, keys) : row.reason;
}

QString PageListModel::spoken(const Row& row) const {
  if (!row.reason.isEmpty()) return tr("%1. %2").arg(row.page.title, row.reason);
  if (row.badge.critical) return tr("%1, critical %2").arg(row.page.title, row.badge.text);
  if (row.badge.warning) return tr("%1, warning %2").arg(row.page.title, row.badge.text);
  return row.badge.text.isEmpty() ? row.page.title : tr("%1, %2").arg(row.page.title, row.badge.text);
}

}  // namespace vx11::ui
