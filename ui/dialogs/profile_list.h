// Saved profiles under the captions of their groups, as rows of two lines: chip, name and environment, addresses, and
// what is known of their secrets.
#pragma once

#include <QAbstractListModel>
#include <QStyledItemDelegate>

#include "cluster/profile.h"
#include "platform/theme.h"

namespace vx11::ui {

struct ListedProfile {
  cluster::Profile profile;
  bool open = false;
  QString secrets = {};  ///< "in the keychain", "for this run"
};

/// By group, those without one first, then by name. Captions can't be chosen.
class ProfileListModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { IsCaption = Qt::UserRole };
  using QAbstractListModel::QAbstractListModel;

  void display(const QList<ListedProfile>& profiles);
  /// Only those with all of its words in name, group, environment or an address.
  void setSearch(const QString& words);
  /// Null: a caption.
  [[nodiscard]] const ListedProfile* at(int row) const;
  [[nodiscard]] int rowOf(const QString& id) const;  ///< -1: it isn't shown
  [[nodiscard]] int shown() const;
  [[nodiscard]] int all() const { return static_cast<int>(profiles_.size()); }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

 private:
  struct Row {
    QString caption;
    int profile = -1;
  };
  void arrange();

  QList<ListedProfile> profiles_;
  QStringList search_;
  QList<Row> rows_;
};

class ProfileListDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace vx11::ui
