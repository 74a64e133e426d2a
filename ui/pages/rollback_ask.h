// What is asked of the operator: to do something by hand and say so, or to decide on a step that failed. Skipping takes
// a reason, which is kept with the step.
#pragma once

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace vx11::cluster {
struct RollbackStep;
}

namespace vx11::ui {

class TextLabel;

class RollbackAsk : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackAsk(QWidget* parent = nullptr);
  /// Null: nothing is asked, and it is hidden.
  void display(const cluster::RollbackStep* step);

 Q_SIGNALS:
  void confirmed();
  void retried();
  void skipped(const QString& why);

 private:
  void askWhy(bool on);
  void skip();

  TextLabel* words_;
  TextLabel* command_;
  QPushButton* done_;
  QPushButton* retry_;
  QPushButton* skip_;
  QWidget* whyRow_;
  QLineEdit* why_;
  QPushButton* skipNow_;
  bool asks_ = false;
};

}  // namespace vx11::ui
