// What stands where nothing is yet: an icon, one sentence that says what would be here, one button that makes it so.
#pragma once

#include <QWidget>

class QPushButton;

namespace vx11::ui {

class TextLabel;
class IconLabel;

class EmptyState : public QWidget {
  Q_OBJECT
 public:
  /// Without `button`, none.
  EmptyState(const QString& icon, const QString& sentence, const QString& button = {}, QWidget* parent = nullptr);
  void setSentence(const QString& sentence);
  [[nodiscard]] QString sentence() const;
  [[nodiscard]] QPushButton* button() const { return button_; }  ///< null without one

 Q_SIGNALS:
  void activated();

 private:
  TextLabel* sentence_;
  QPushButton* button_ = nullptr;
};

}  // namespace vx11::ui
