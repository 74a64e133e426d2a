// Ctrl+K: a field and the actions, profiles, instances and tokens that fit its letters, over the window under the
// toolbar. Enter runs, Esc or a click elsewhere closes.
#pragma once

#include <QFrame>
#include <QPointer>

#include "shell/palette_model.h"

class QLineEdit;
class QListView;

namespace vx11::ui {

class ActionRegistry;

class CommandPalette : public QFrame {
  Q_OBJECT
 public:
  CommandPalette(const ActionRegistry& actions, QWidget* window);
  /// What can be found besides the actions.
  void setMore(PaletteModel::More more);
  /// Under the toolbar's middle, with an empty field.
  void popUp(int top);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void filter(const QString& letters);
  void step(int by);
  void runCurrent();
  void closeUp();

  PaletteModel* model_;
  QLineEdit* field_;
  QListView* list_;
  QPointer<QWidget> focusBefore_;
};

}  // namespace vx11::ui
