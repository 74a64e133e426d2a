// The same from a shell: the whole line, wrapped, with a way to copy it.
#pragma once

#include "platform/clipboard_guard.h"
#include "widgets/card.h"

namespace vx11::ui {

class TextLabel;

class RollbackShell : public Card {
  Q_OBJECT
 public:
  explicit RollbackShell(ClipboardGuard& clipboard, QWidget* parent = nullptr);
  void setCommand(const QString& command);
  [[nodiscard]] QString command() const { return command_; }

 Q_SIGNALS:
  void copied(const QString& message);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fit();
  QString command_;
  TextLabel* words_;
};

}  // namespace vx11::ui
