// Every key of the window and of the page in view, made from the actions themselves.
#pragma once

#include <QDialog>
#include <QKeySequence>
#include <QList>

namespace vx11::ui {

struct ShortcutLine {
  QString place;  ///< the group it is listed under
  QString text;
  QList<QKeySequence> keys;
};

class ShortcutsDialog : public QDialog {
  Q_OBJECT
 public:
  explicit ShortcutsDialog(const QList<ShortcutLine>& lines, QWidget* parent = nullptr);

 private:
  [[nodiscard]] QWidget* makeList(const QList<ShortcutLine>& lines);
};

}  // namespace vx11::ui
