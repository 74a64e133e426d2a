// The rows of the command palette: the actions, and what else there is, whose names fit the letters typed; best first.
#pragma once

#include <QAbstractListModel>

#include "shell/palette_entry.h"

namespace vx11::ui {

class ActionRegistry;

class PaletteModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum Role { PlaceRole = Qt::UserRole, KeysRole, ReasonRole };
  /// What fits these letters besides the actions; asked at each letter.
  using More = std::function<QList<PaletteEntry>(const QString& letters)>;

  PaletteModel(const ActionRegistry& actions, QObject* parent = nullptr);
  void setMore(More more) { more_ = std::move(more); }
  void setLetters(const QString& letters);
  /// False where nothing stands, or what is not possible now.
  [[nodiscard]] bool canRun(int row) const;
  [[nodiscard]] std::function<void()> runner(int row) const { return rows_.value(row).run; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
  [[nodiscard]] QList<PaletteEntry> actionEntries() const;

  const ActionRegistry& actions_;
  More more_;
  QList<PaletteEntry> rows_;
};

}  // namespace vx11::ui
