// The step that runs, beside the plan: how long it still is, what must hold before the next one, and what is asked of
// the operator.
#pragma once

#include "pages/rollback_run.h"
#include "widgets/card.h"

namespace vx11::ui {

class Divider;
class RollbackAsk;
class RollbackGates;
class TextLabel;

/// The time left, large, and a bar of what it was in all.
class RollbackCountdown : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackCountdown(QWidget* parent = nullptr);
  /// Nothing left: hidden.
  void display(const cluster::RollbackStep& step, const QString& words);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  TextLabel* caption_;
  TextLabel* left_;
  TextLabel* words_;
  TextLabel* whole_;
  QWidget* bar_;
  double share_ = 0;  ///< of the whole, still to go
  qint64 longestMs_ = 0;
  int kind_ = -1;
};

class RollbackStepCard : public Card {
  Q_OBJECT
 public:
  explicit RollbackStepCard(QWidget* parent = nullptr);
  void display(const RollbackRun& run, const QList<cluster::InstanceInfo>& instances);

 Q_SIGNALS:
  void confirmed();
  void retried();
  void skipped(const QString& why);

 private:
  RollbackCountdown* countdown_;
  TextLabel* words_;
  RollbackAsk* ask_;
  Divider* line_;
  TextLabel* caption_;
  RollbackGates* gates_;
  MarkLabel* state_;
};

}  // namespace vx11::ui
