// Beside the plan of a run: how long the drain window still is, and what the cross-instance test at the end said.
#pragma once

#include "pages/rollback_run.h"
#include "widgets/card.h"

namespace vx11::ui {

class TextLabel;

class RollbackDrain : public Card {
  Q_OBJECT
 public:
  explicit RollbackDrain(QWidget* parent = nullptr);
  void display(const RollbackRun& run);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  TextLabel* left_;
  TextLabel* words_;
  QWidget* bar_;
  double share_ = 0;        ///< of the window, still to go
  qint64 longestMs_ = 0;    ///< of the run that is shown
};

class RollbackMatrix : public Card {
  Q_OBJECT
 public:
  explicit RollbackMatrix(QWidget* parent = nullptr);
  void display(const RollbackRun& run);

 Q_SIGNALS:
  void pageAsked();

 private:
  TextLabel* words_;
};

}  // namespace vx11::ui
