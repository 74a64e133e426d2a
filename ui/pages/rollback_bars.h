// What stands in the bar under the Rollback page's header: how a run ended badly, who holds the modes, and what was
// begun and not ended.
#pragma once

#include <QObject>

#include "cluster/cluster.h"
#include "pages/rollback_run.h"

namespace vx11::ui {

class InlineBar;

class RollbackBars : public QObject {
  Q_OBJECT
 public:
  explicit RollbackBars(InlineBar& bar, QObject* parent = nullptr);
  /// `whyNot`: of what would change something; empty: it can be done.
  void showOutcome(const RollbackRun& run, const QString& whyNoDryRun, const QString& whyNoTakeover);
  void clearOutcome();
  void showUnfinished(const QList<cluster::UnfinishedRollback>& all, const QString& whyNot);
  void showImpossible(const QString& sentence);

 Q_SIGNALS:
  void dryRunAsked();
  void takeoverAsked();
  void logAsked();
  void resumeAsked(const QString& operationId);
  void forgetAsked(const QString& operationId);
  void lookAsked();

 private:
  void showHolder(const cluster::RollbackHolder& holder, const QString& whyNoDryRun, const QString& whyNoTakeover);

  InlineBar& bar_;
  QStringList unfinished_;
};

}  // namespace vx11::ui
