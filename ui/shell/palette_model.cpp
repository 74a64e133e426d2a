#include "shell/palette_model.h"

#include <QAction>
#include <algorithm>
#include <vector>

#include "shell/action_registry.h"
#include "shell/subsequence.h"

namespace vx11::ui {

PaletteModel::PaletteModel(const ActionRegistry& actions, QObject* parent)
    : QAbstractListModel(parent), actions_(actions) {}

QList<PaletteEntry> PaletteModel::actionEntries() const {
  QList<PaletteEntry> entries;
  for (QAction* action : actions_.all()) {
    // The palette itself is open already; Esc is a key and no verb.
    const QString id = ActionRegistry::idOf(action);
    if (id == QLatin1String("palette") || id == QLatin1String("escape")) continue;
    entries.append({ActionRegistry::plainText(action), ActionRegistry::placeOf(action), action->icon(),
                    action->shortcut().toString(QKeySequence::NativeText), ActionRegistry::reasonOf(action),
                    [action] { action->trigger(); }});
  }
  return entries;
}

void PaletteModel::setLetters(const QString& letters) {
  const QList<PaletteEntry> entries = actionEntries() + (more_ ? more_(letters) : QList<PaletteEntry>());
  std::vector<std::pair<int, const PaletteEntry*>> found;
  for (const PaletteEntry& entry : entries) {
    if (const auto score = subsequenceScore(letters, entry.text)) found.emplace_back(*score, &entry);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  beginResetModel();
  rows_.clear();
  for (const auto& [score, entry] : found) rows_.append(*entry);
  endResetModel();
}

bool PaletteModel::canRun(int row) const {
  return row >= 0 && row < rows_.size() && rows_[row].reason.isEmpty() && rows_[row].run;
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const PaletteEntry& entry = rows_[index.row()];
  switch (role) {
    case Qt::DisplayRole:
      return entry.text;
    case Qt::DecorationRole:
      return entry.icon;
    case Qt::ToolTipRole:
      return entry.reason;
    case Qt::AccessibleTextRole:
      return entry.reason.isEmpty() ? tr("%1, %2").arg(entry.text, entry.place)
                                    : tr("%1, not possible now: %2").arg(entry.text, entry.reason);
    case PlaceRole:
      return entry.place;
    case KeysRole:
      return entry.keys;
    case ReasonRole:
      return entry.reason;
    default:
      return {};
  }
}

}  // namespace vx11::ui
