// The row above the log: which lines are shown, how many they are, and whether it stays at the newest.
#pragma once

#include <QWidget>

#include "models/log_model.h"

class QComboBox;
class QLineEdit;
class QToolButton;

namespace vx11::ui {

class TextLabel;

class LogFilterBar : public QWidget {
  Q_OBJECT
 public:
  explicit LogFilterBar(QWidget* parent = nullptr);
  /// At first everything but details.
  [[nodiscard]] LogFilter filter() const;
  void setSources(const QStringList& sources);  ///< the chosen one stays chosen
  void setCounts(qint64 shown, qint64 total);
  [[nodiscard]] bool follows() const;
  void setFollows(bool on);
  void focus();
  bool clear();  ///< the words; false when there were none

 Q_SIGNALS:
  void filterChanged();
  void followsChanged(bool on);
  void exportWanted();

 private:
  QLineEdit* text_;
  QComboBox* severity_;
  QComboBox* source_;
  TextLabel* count_;
  QToolButton* follow_;
};

}  // namespace vx11::ui
