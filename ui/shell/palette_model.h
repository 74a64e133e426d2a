// The rows of the command palette: the actions whose names fit the letters typed, best first.
#pragma once

#include <QAbstractListModel>
#include <QAction>

namespace vx11::ui {

class ActionRegistry;

class PaletteModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { PlaceRole = Qt::UserRole, KeysRole, ReasonRole };
  PaletteModel(const ActionRegistry& actions, QObject* parent = nullptr);
  void setLetters(const QString& letters);
  [[nodiscard]] QAction* action(int row) const { return rows_.value(row); }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  const ActionRegistry& actions_;
  QList<QAction*> rows_;
};

}  // namespace vx11::ui
