// The cards of the Rollback page: at the left the plan, at the right what to do, or the step that runs, or how it ended.
#pragma once

#include <QWidget>

#include "pages/page.h"
#include "pages/rollback_run.h"

namespace vx11::ui {

class Card;
class RollbackMatrix;
class RollbackPlanView;
class RollbackRefused;
class RollbackResult;
class RollbackSetup;
class RollbackShell;
class RollbackStepCard;
class RollbackStrip;
class RollbackSummary;

class RollbackContent : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackContent(const Services& services, QWidget* parent = nullptr);
  [[nodiscard]] RollbackSetup& setup() { return *setup_; }

  /// `shown`: the run, or else the plan of what could be begun. `form`: it can be chosen what to do.
  void display(const RollbackRun& run, const cluster::RollbackOutlook& outlook, bool shown, bool form);

 Q_SIGNALS:
  void confirmed();
  void retried();
  void skipped(const QString& why);
  void matrixAsked();
  void message(const QString& text);

 private:
  void showPlan(const RollbackRun& run, const cluster::RollbackOutlook& outlook, bool shown);

  Services services_;
  RollbackSummary* summary_;
  RollbackStrip* strip_;
  Card* planCard_;
  RollbackPlanView* plan_;
  RollbackSetup* setup_;
  RollbackStepCard* step_;
  RollbackResult* result_;
  RollbackMatrix* matrix_;
  RollbackRefused* refused_;
  RollbackShell* shell_;
};

}  // namespace vx11::ui
