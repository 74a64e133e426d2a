// The row over the token table: its filter, how many of how many are shown, the columns, the export.
#pragma once

#include <QWidget>

#include "delegates/cell_delegate.h"

class QLineEdit;
class QMenu;
class QToolButton;

namespace vx11::ui {

class IconLabel;
class TextLabel;
class TokenTableView;

class TokenFilterBar : public QWidget {
  Q_OBJECT
 public:
  explicit TokenFilterBar(TokenTableView& view, QWidget* parent = nullptr);
  void focus();
  /// True if there was something to clear.
  bool clear();
  void setCounts(qint64 shown, qint64 total, bool complete);
  /// "list is 12 s old"; empty: fresh.
  void setAge(const QString& words);

 Q_SIGNALS:
  void filterChanged(const QString& text);
  void exportWanted();

 private:
  void fillMenu();
  TokenTableView& view_;
  QLineEdit* field_;
  TextLabel* counts_;
  IconLabel* clock_;
  TextLabel* age_;
  QMenu* menu_;
};

}  // namespace vx11::ui
