#include "shell/action_registry.h"

#include <QWidget>

#include "platform/icons.h"

namespace vx11::ui {
namespace {

constexpr auto placeKey = "vx11Place";
constexpr auto helpKey = "vx11Help";
constexpr auto reasonKey = "vx11Reason";
constexpr auto iconKey = "vx11Icon";

void refreshToolTip(QAction* action) {
  const QString reason = ActionRegistry::reasonOf(action);
  const QString keys = action->shortcut().toString(QKeySequence::NativeText);
  QString tip = action->property(helpKey).toString();
  if (!reason.isEmpty()) tip = reason;
  if (!keys.isEmpty() && reason.isEmpty()) tip += QStringLiteral(" (%1)").arg(keys);
  action->setToolTip(tip);
}

}  // namespace

ActionRegistry::ActionRegistry(QWidget* window) : QObject(window), window_(window) {}

QAction* ActionRegistry::add(const ActionSpec& spec) {
  Q_ASSERT(!byId_.contains(spec.id));
  auto* action = new QAction(spec.text, this);
  action->setObjectName(spec.id);
  action->setShortcuts(spec.keys);
  action->setCheckable(spec.checkable);
  if (!spec.icon.isEmpty()) action->setIcon(themedIcon(spec.icon));
  action->setProperty(iconKey, spec.icon);
  action->setProperty(placeKey, spec.place);
  action->setProperty(helpKey, spec.help);
  refreshToolTip(action);
  window_->addAction(action);
  actions_.append(action);
  byId_.insert(spec.id, action);
  return action;
}

QAction* ActionRegistry::get(const QString& id) const {
  QAction* action = byId_.value(id);
  Q_ASSERT_X(action, "ActionRegistry::get", qPrintable(id));
  return action;
}

void ActionRegistry::setReason(const QString& id, const QString& reason) {
  QAction* action = get(id);
  action->setProperty(reasonKey, reason);
  action->setEnabled(reason.isEmpty());
  refreshToolTip(action);
}

void ActionRegistry::setFace(const QString& id, const QString& text, const QString& icon) {
  QAction* action = get(id);
  if (action->text() == text && action->property(iconKey).toString() == icon) return;  // asked at every poll
  action->setText(text);
  action->setIcon(themedIcon(icon));
  action->setProperty(iconKey, icon);
}

QString ActionRegistry::idOf(const QAction* action) { return action->objectName(); }

QString ActionRegistry::placeOf(const QAction* action) { return action->property(placeKey).toString(); }

QString ActionRegistry::reasonOf(const QAction* action) { return action->property(reasonKey).toString(); }

QString ActionRegistry::plainText(const QAction* action) {
  QString text = action->text();
  return text.remove(QLatin1Char('&'));
}

}  // namespace vx11::ui
