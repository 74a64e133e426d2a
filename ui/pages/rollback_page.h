// An operation on the whole cluster: what to do, its plan, dry run, start, pause, abort, and what was left undone
// before. A run goes on out of view; only its painting waits. What can't be begun says why.
#pragma once

#include <QTimer>
#include <functional>

#include "pages/page.h"
#include "pages/rollback_foresight.h"
#include "pages/rollback_run.h"

namespace vx11::ui {

class EmptyState;
class InlineBar;
class PageHeader;
class PageScroll;
class RollbackActions;
class RollbackBars;
class RollbackContent;

class RollbackPage : public Page {
  Q_OBJECT
 public:
  explicit RollbackPage(const Services& services, QWidget* parent = nullptr);

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  void run() override;  ///< the dry run: it changes nothing
  [[nodiscard]] QString unfinished() const override;

 private:
  void connectRun();
  void connectBars();
  void connectCluster();
  void start(bool dryRun, bool breakLock = false);
  void askToStart();
  void askToStartNow();
  void withCommands(std::function<void()> then);
  void askToAbort();
  void askToTakePlace();
  void resumeOperation(const QString& id);
  void resumeNow(const QString& id);
  void forgetOperation(const QString& id);
  void lookForUnfinished();
  void newPlan();
  void changed();
  void lookAgain();  ///< the cluster is another, and so may be what it can be done to
  void display();
  void showActions();
  void showBars();
  void chooseTarget();
  void tellEnd();
  void tellBadge();
  [[nodiscard]] QString whyNoRun(bool dryRun) const;
  [[nodiscard]] bool showsForm() const;

  PageHeader* header_;
  InlineBar* bar_;
  EmptyState* nothing_;
  PageScroll* scroll_;
  RollbackContent* content_;
  RollbackActions* actions_;
  RollbackBars* bars_;
  RollbackRun run_;
  RollbackForesight foresight_;
  QList<cluster::UnfinishedRollback> left_;
  QTimer second_;
  QString impossible_;
  bool showsRun_ = false;  ///< or the plan of what could be begun
  bool inView_ = false, paused_ = false;
};

}  // namespace vx11::ui
