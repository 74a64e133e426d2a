// A change of the whole cluster's mode: target, plan, dry run, start, abort, and the drain window after it. A run goes
// on out of view; only its painting waits. What can't be begun says why.
#pragma once

#include <QTimer>

#include "pages/page.h"
#include "pages/rollback_run.h"

class QPushButton;

namespace vx11::ui {

class CapButton;
class Card;
class ElidedLabel;
class EmptyState;
class InlineBar;
class PageHeader;
class PageScroll;
class RollbackDrain;
class RollbackMatrix;
class RollbackPlanView;
class RollbackRefused;
class RollbackStrip;
class RollbackTarget;

class RollbackPage : public Page {
  Q_OBJECT
 public:
  explicit RollbackPage(const Services& services, QWidget* parent = nullptr);

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  void run() override;  ///< the dry run: it changes nothing
  [[nodiscard]] QString unfinished() const override;

 private:
  void fillContent();
  void start(bool dryRun);
  void askToStart();
  void changed();
  void display();
  void showPlan();
  void showButtons();
  void showOutcome();
  void chooseTarget();
  void tellEnd();
  [[nodiscard]] QString whyNoRun(bool dryRun) const;
  [[nodiscard]] QString refusal() const;  ///< what is known against the plan

  PageHeader* header_;
  InlineBar* bar_;
  CapButton* dry_;
  QPushButton* start_;
  QPushButton* abort_;
  EmptyState* nothing_;
  PageScroll* content_;
  RollbackStrip* strip_ = nullptr;
  Card* planCard_ = nullptr;
  RollbackPlanView* plan_ = nullptr;
  RollbackTarget* target_ = nullptr;
  RollbackDrain* drain_ = nullptr;
  RollbackMatrix* matrix_ = nullptr;
  RollbackRefused* refused_ = nullptr;
  Card* shell_ = nullptr;
  ElidedLabel* command_ = nullptr;
  RollbackRun run_;
  QTimer second_;
  QString impossible_;
  bool showsRun_ = false;  ///< or the plan of what could be begun
  bool inView_ = false, paused_ = false;
};

}  // namespace vx11::ui
