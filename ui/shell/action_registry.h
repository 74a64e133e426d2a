// Everything the console can be told to do, each once: menus, toolbar, keys, palette and the list of shortcuts all show
// these actions. An action that can't run now is disabled and knows the reason.
#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>

class QWidget;

namespace vx11::ui {

struct ActionSpec {
  QString id;     ///< stable: "issue", "page.tokens"
  QString text;   ///< with mnemonic, as in a menu
  QString place;  ///< what it belongs to: "Pages", "Tokens", "View" …
  QString help;   ///< one sentence, for the tool tip
  QString icon;   ///< empty: none
  QList<QKeySequence> keys;
  bool checkable = false;
};

class ActionRegistry : public QObject {
  Q_OBJECT
 public:
  /// The keys work anywhere in `window`.
  explicit ActionRegistry(QWidget* window);

  QAction* add(const ActionSpec& spec);
  /// Asking for an id that was not added is a bug (asserts).
  [[nodiscard]] QAction* get(const QString& id) const;
  [[nodiscard]] const QList<QAction*>& all() const { return actions_; }
  /// Disabled, with the reason as its tool tip; an empty reason enables.
  void setReason(const QString& id, const QString& reason);
  /// Replaces text and icon, for an action with two faces ("Pause view", "Resume view").
  void setFace(const QString& id, const QString& text, const QString& icon);

  [[nodiscard]] static QString idOf(const QAction* action);
  [[nodiscard]] static QString placeOf(const QAction* action);
  [[nodiscard]] static QString reasonOf(const QAction* action);
  /// Without mnemonic.
  [[nodiscard]] static QString plainText(const QAction* action);

 private:
  QWidget* window_;
  QList<QAction*> actions_;
  QHash<QString, QAction*> byId_;
};

}  // namespace vx11::ui
