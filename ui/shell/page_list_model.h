// The rows of the page list: group captions and pages, with each page's badge.
#pragma once

#include <QAbstractListModel>

#include "shell/page_catalog.h"

namespace vx11::ui {

class PageListModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { IdRole = Qt::UserRole, CaptionRole, IconRole, BadgeRole, AvailableRole };
  explicit PageListModel(QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

  [[nodiscard]] QModelIndex indexOf(PageId id) const;
  void setBadge(PageId id, const Badge& badge);
  [[nodiscard]] Badge badge(PageId id) const;
  /// Why it has nothing to do with the opened profile: quiet in the list, and said; empty: it has.
  void setReason(PageId id, const QString& reason);

 private:
  struct Row {
    QString caption;  // not empty: no page
    PageEntry page;
    Badge badge;
    QString reason;
  };
  [[nodiscard]] QString toolTip(const Row& row) const;
  [[nodiscard]] QString spoken(const Row& row) const;
  QList<Row> rows_;
};

}  // namespace vx11::ui

Q_DECLARE_METATYPE(vx11::ui::Badge)
