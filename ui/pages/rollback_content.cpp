#include "pages/rollback_content.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "pages/rollback_plan_view.h"
#include "pages/rollback_refused.h"
#include "pages/rollback_result.h"
#include "pages/rollback_setup.h"
#include "pages/rollback_shell.h"
#include "pages/rollback_shell_card.h"
#include "pages/rollback_step_card.h"
#include "pages/rollback_summary.h"
#include "pages/rollback_words.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int planLowest = 250;

}  // namespace

RollbackContent::RollbackContent(const Services& services, QWidget* parent)
    : QWidget(parent),
      services_(services),
      summary_(new RollbackSummary),
      strip_(new RollbackStrip),
      planCard_(new Card(tr("Plan"))),
      plan_(new RollbackPlanView),
      setup_(new RollbackSetup(services.cluster.profile())),
      step_(new RollbackStepCard),
      result_(new RollbackResult),
      matrix_(new RollbackMatrix),
      refused_(new RollbackRefused),
      shell_(new RollbackShell(services.clipboard)) {
  setAutoFillBackground(false);
  planCard_->body()->setContentsMargins(1, 1, 1, 1);
  planCard_->body()->addWidget(plan_);
  planCard_->setMinimumHeight(planLowest);

  auto* right = new QVBoxLayout;
  right->setSpacing(metrics::cardGap);
  for (QWidget* card : {static_cast<QWidget*>(setup_), static_cast<QWidget*>(step_), static_cast<QWidget*>(result_),
                        static_cast<QWidget*>(matrix_)})
    right->addWidget(card);
  right->addWidget(shell_);
  right->addWidget(refused_, 1);
  auto* row = new QHBoxLayout;
  row->setSpacing(metrics::cardGap);
  row->addWidget(planCard_, 13);
  row->addLayout(right, 11);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(metrics::cardGap);
  column->addWidget(summary_);
  column->addWidget(strip_);
  column->addLayout(row, 1);

  connect(step_, &RollbackStepCard::confirmed, this, &RollbackContent::confirmed);
  connect(step_, &RollbackStepCard::retried, this, &RollbackContent::retried);
  connect(step_, &RollbackStepCard::skipped, this, &RollbackContent::skipped);
  connect(matrix_, &RollbackMatrix::pageAsked, this, &RollbackContent::matrixAsked);
  connect(shell_, &RollbackShell::copied, this, &RollbackContent::message);
}

void RollbackContent::display(const RollbackRun& run, const cluster::RollbackOutlook& outlook, bool shown, bool form) {
  const auto& cluster = services_.cluster;
  const bool dry = shown && run.spec().dryRun;
  form ? summary_->display(outlook.summary, shown ? QString() : outlook.refusal,
                           dry && !run.warnings().isEmpty() ? run.warnings() : outlook.warnings)
       : summary_->display({}, {}, {});
  strip_->setVisible(shown);
  setup_->setVisible(form);
  if (form) setup_->display(cluster, run.running() ? tr("A run is under way.") : QString());
  step_->setVisible(shown && !form);
  if (shown && !form) step_->display(run, cluster.instances());
  result_->display(run);
  matrix_->display(run);
  refused_->setMayGiveWay(form || run.outcome().has_value());
  refused_->display(cluster, shown ? run.gate() : gateOf(cluster.instances()), QDateTime::currentDateTime());
  const bool goesOn = shown && !form && run.running();
  shell_->setVisible(form || goesOn);
  shell_->setCommand(goesOn ? rollback::resumeCommand(cluster.profile(), cluster.instances(), run.spec(), run.operationId())
                            : rollback::shellCommand(cluster.profile(), cluster.instances(), setup_->spec()));
  showPlan(run, outlook, shown);
}

void RollbackContent::showPlan(const RollbackRun& run, const cluster::RollbackOutlook& outlook, bool shown) {
  QList<TimedStep> steps = run.steps();
  if (!shown) {
    steps.clear();
    for (const auto& step : outlook.steps) steps.append({step, -1, -1});
  }
  strip_->display(steps);
  plan_->display(steps, services_.cluster.now());
  const QString what = shown ? rollback::course(run.fromMode(), run.spec())
                             : rollback::course(rollback::commonMode(services_.cluster.instances()), setup_->spec());
  planCard_->setNote(shown && run.spec().dryRun ? tr("dry run, %1, %2 steps").arg(what).arg(steps.size())
                                                : tr("%1, %2 steps").arg(what).arg(steps.size()));
  planCard_->setHeaderWord(shown ? tr("started %1").arg(format::clockTime(run.startedWhen())) : tr("not begun"),
                           Token::Text2);
}

}  // namespace vx11::ui
