// Beside the plan of a run that has ended: how, how long it took, and what the cross-instance test at its end said.
#pragma once

#include "pages/rollback_run.h"
#include "widgets/card.h"

namespace vx11::ui {

class KeyValueList;
class KeyValueRow;
class TextLabel;

class RollbackResult : public Card {
  Q_OBJECT
 public:
  explicit RollbackResult(QWidget* parent = nullptr);
  void display(const RollbackRun& run);

 private:
  TextLabel* words_;
  KeyValueRow* began_;
  KeyValueRow* took_;
  KeyValueRow* changed_;
  KeyValueRow* failed_;
  KeyValueRow* back_;
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
