// Asks once before something that can't be taken back: the question with its number, the facts, Cancel as default, and
// a button that repeats the verb and the number; over a production cluster its name is typed first. Opened with open(),
// it never blocks.
#pragma once

#include <QDialog>
#include <QList>
#include <functional>
#include <utility>

class QPushButton;
class QVBoxLayout;

namespace vx11::ui {

class TypedName;

struct Confirmation {
  QString title;                             ///< of the window: "Revoke all tokens"
  QString question;                          ///< "Revoke all 4,318 live tokens on local?"
  QList<std::pair<QString, QString>> facts;  ///< label and value: "Refused at once", "4,318 tokens"
  QString verb;                              ///< "Revoke 4,318 tokens"
  QString icon;                              ///< of the verb; empty: none
  QString typed = {};                        ///< a production cluster's name, typed before the verb arms; empty: not asked
  QString note = {};                         ///< a quiet line below the facts
  QString command = {};                      ///< the same in a shell, to be copied; empty: none
};

class ConfirmDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ConfirmDialog(const Confirmation& confirmation, QWidget* parent = nullptr);

  /// Opens the question over `parent`; it deletes itself. `confirmed` runs once if the verb was pressed.
  static ConfirmDialog* ask(QWidget* parent, const Confirmation& confirmation, std::function<void()> confirmed);

  [[nodiscard]] QPushButton* cancelButton() const { return cancel_; }
  [[nodiscard]] QPushButton* verbButton() const { return verb_; }
  [[nodiscard]] TypedName* nameField() const { return name_; }  ///< null where none is asked

 private:
  [[nodiscard]] QWidget* makeFacts(const QList<std::pair<QString, QString>>& facts);
  void addTypedName(QVBoxLayout* column, const QString& name);
  void addNote(QVBoxLayout* column, const QString& note);
  [[nodiscard]] QWidget* makeCopy(const QString& command);
  QPushButton* cancel_;
  QPushButton* verb_;
  TypedName* name_ = nullptr;
};

}  // namespace vx11::ui
