// Asks once before something that can't be taken back: the question with its number, the facts, Cancel as default, and
// a button that repeats the verb and the number. Opened with open(), it never blocks.
#pragma once

#include <QDialog>
#include <QList>
#include <functional>
#include <utility>

class QPushButton;

namespace vx11::ui {

struct Confirmation {
  QString title;                             ///< of the window: "Revoke all tokens"
  QString question;                          ///< "Revoke all 4,318 live tokens on local?"
  QList<std::pair<QString, QString>> facts;  ///< label and value: "Refused at once", "4,318 tokens"
  QString verb;                              ///< "Revoke 4,318 tokens"
  QString icon;                              ///< of the verb; empty: none
};

class ConfirmDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ConfirmDialog(const Confirmation& confirmation, QWidget* parent = nullptr);

  /// Opens the question over `parent`; it deletes itself. `confirmed` runs once if the verb was pressed.
  static ConfirmDialog* ask(QWidget* parent, const Confirmation& confirmation, std::function<void()> confirmed);

  [[nodiscard]] QPushButton* cancelButton() const { return cancel_; }
  [[nodiscard]] QPushButton* verbButton() const { return verb_; }

 private:
  [[nodiscard]] QWidget* makeFacts(const QList<std::pair<QString, QString>>& facts);
  QPushButton* cancel_;
  QPushButton* verb_;
};

}  // namespace vx11::ui
