#include "shell/palette_model.h"

#include <algorithm>
#include <vector>

#include "shell/action_registry.h"
#include "shell/subsequence.h"

namespace vx11::ui {

PaletteModel::PaletteModel(const ActionRegistry& actions, QObject* parent)
    : QAbstractListModel(parent), actions_(actions) {}

void PaletteModel::setLetters(const QString& letters) {
  std::vector<std::pair<int, QAction*>> found;
  for (QAction* action : actions_.all()) {
    // The palette itself is open already; Esc is a key and no verb.
    const QString id = ActionRegistry::idOf(action);
    if (id == QLatin1String("palette") || id == QLatin1String("escape")) continue;
    if (const auto score = subsequenceScore(letters, ActionRegistry::plainText(action)))
      found.emplace_back(*score, action);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  beginResetModel();
  rows_.clear();
  for (const auto& [score, action] : found) rows_.append(action);
  endResetModel();
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const QAction* action = rows_[index.row()];
  const QString reason = ActionRegistry::reasonOf(action);
  switch (role) {
    case Qt::DisplayRole:
      return ActionRegistry::plainText(action);
    case Qt::DecorationRole:
      return action->icon();
    case Qt::ToolTipRole:
      return action->toolTip();
    case Qt::AccessibleTextRole:
      return reason.isEmpty() ? ActionRegistry::plainText(action)
                              : tr("%1, not possible now: %2").arg(ActionRegistry::plainText(action), reason);
    case PlaceRole:
      return ActionRegistry::placeOf(action);
    case KeysRole:
      return action->shortcut().toString(QKeySequence::NativeText);
    case ReasonRole:
      return reason;
    default:
      return {};
  }
}

}  // namespace vx11::ui
