#include "pages/rollback_actions.h"

#include <QPushButton>

#include "pages/rollback_run.h"
#include "platform/icons.h"
#include "widgets/cap_button.h"
#include "widgets/page_header.h"

namespace vx11::ui {
namespace {

void put(QAbstractButton* button, const QString& reason, const QString& help) {
  button->setEnabled(reason.isEmpty());
  button->setToolTip(reason.isEmpty() ? help : reason);
}

}  // namespace

RollbackActions::RollbackActions(PageHeader& header, QObject* parent)
    : QObject(parent),
      dry_(new CapButton(tr("Dry run"), QStringLiteral("play-fill"), QStringLiteral("F5"))),
      start_(new QPushButton),
      pause_(new QPushButton),
      abort_(new QPushButton),
      plan_(new QPushButton(tr("New plan"))) {
  dry_->setPrimary(true);
  abort_->setProperty("destructive", true);
  abort_->setIcon(themedIcon(QStringLiteral("arrow-counterclockwise"), Token::Crit));
  plan_->setIcon(themedIcon(QStringLiteral("plus-lg"), Token::Text));
  for (QWidget* button : {start_, static_cast<QPushButton*>(dry_), pause_, abort_, plan_}) header.addAction(button);
  connect(dry_, &QPushButton::clicked, this, &RollbackActions::dryRunAsked);
  connect(start_, &QPushButton::clicked, this, &RollbackActions::startAsked);
  connect(pause_, &QPushButton::clicked, this, [this] { Q_EMIT pauseAsked(pauses_); });
  connect(abort_, &QPushButton::clicked, this, &RollbackActions::abortAsked);
  connect(plan_, &QPushButton::clicked, this, &RollbackActions::planAsked);
}

void RollbackActions::hide() {
  for (QWidget* button : {start_, static_cast<QPushButton*>(dry_), pause_, abort_, plan_}) button->hide();
}

void RollbackActions::display(const RollbackRun& run, bool form, const QString& startVerb, const Reasons& reasons) {
  const bool running = run.running(), real = run.real();
  start_->setVisible(form && !running);
  dry_->setVisible(form && !running);
  pause_->setVisible(running && real);
  abort_->setVisible(running);
  plan_->setVisible(!form && !running);
  start_->setText(startVerb);
  put(start_, reasons.start, tr("Asks once, then changes one instance after the other"));
  put(dry_, reasons.dryRun, tr("Asks every instance, and changes nothing"));

  pauses_ = !run.pausing() && !run.paused();
  pause_->setText(run.paused() ? tr("Go on") : pauses_ ? tr("Pause after this step") : tr("Don’t pause"));
  pause_->setIcon(themedIcon(pauses_ ? QStringLiteral("pause-fill") : QStringLiteral("play-fill"), Token::Text));
  put(pause_, run.aborting()           ? tr("What was changed is being put back.")
              : run.asking() != nullptr ? tr("It waits already.")
                                        : QString(),
      pauses_ ? tr("No further step is begun until you go on; the modes stay held") : tr("The next step is begun"));
  abort_->setText(real ? tr("Abort and put back…") : tr("End the dry run"));
  put(abort_, run.aborting() ? tr("What was changed is being put back.") : QString(),
      real ? tr("Puts back what was changed, in reverse order") : tr("It has changed nothing"));
}

}  // namespace vx11::ui
