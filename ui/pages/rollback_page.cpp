#include "pages/rollback_page.h"

#include <QVBoxLayout>
#include <algorithm>

#include "cluster/command_consents.h"
#include "dialogs/dangerous.h"
#include "pages/cluster_abilities.h"
#include "pages/command_question.h"
#include "pages/first_sentence.h"
#include "pages/rollback_actions.h"
#include "pages/rollback_bars.h"
#include "pages/rollback_content.h"
#include "pages/rollback_questions.h"
#include "pages/rollback_setup.h"
#include "pages/rollback_words.h"
#include "pages/token_sentences.h"
#include "widgets/empty_state.h"
#include "widgets/inline_bar.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"
#include "widgets/page_scroll.h"

namespace vx11::ui {
namespace {

constexpr int tickMs = 1000;

}  // namespace

RollbackPage::RollbackPage(const Services& services, QWidget* parent)
    : Page(services, parent),
      header_(new PageHeader(tr("Rollback"))),
      bar_(new InlineBar),
      nothing_(new EmptyState(QStringLiteral("arrow-counterclockwise"),
                              tr("A rollback takes a cluster to memory mode, one instance at a time. Each is tried "
                                 "before the next is begun, and if a step fails, everything is put back. Forward "
                                 "goes the same way."),
                              tr("Try a cluster"))),
      scroll_(new PageScroll),
      content_(new RollbackContent(services)),
      actions_(new RollbackActions(*header_, this)),
      bars_(new RollbackBars(*bar_, this)),
      run_(services.cluster),
      foresight_(services.cluster) {
  setAccessibleName(tr("Rollback"));
  scroll_->setContent(content_);
  scroll_->viewport()->setAutoFillBackground(false);
  content_->setAutoFillBackground(false);
  auto* top = new QVBoxLayout;
  top->setContentsMargins(metrics::pageSide, metrics::pageTop, metrics::pageSide, 0);
  top->setSpacing(metrics::cardGap);
  top->addWidget(header_);
  top->addWidget(bar_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metrics::cardGap);
  column->addLayout(top);
  column->addWidget(nothing_, 1);
  column->addWidget(scroll_, 1);

  second_.setInterval(tickMs);
  connect(&second_, &QTimer::timeout, this, &RollbackPage::lookAgain);
  connect(nothing_, &EmptyState::activated, this,
          [this] { Q_EMIT actionRequested(QStringLiteral("profile.cluster")); });
  connectRun();
  connectBars();
  connectCluster();
  display();
}

void RollbackPage::connectRun() {
  connect(actions_, &RollbackActions::dryRunAsked, this, &RollbackPage::run);
  connect(actions_, &RollbackActions::startAsked, this, &RollbackPage::askToStart);
  connect(actions_, &RollbackActions::pauseAsked, this, [this](bool pause) { pause ? run_.pause() : run_.goOn(); });
  connect(actions_, &RollbackActions::abortAsked, this, &RollbackPage::askToAbort);
  connect(actions_, &RollbackActions::planAsked, this, &RollbackPage::newPlan);
  connect(content_, &RollbackContent::confirmed, &run_, &RollbackRun::confirm);
  connect(content_, &RollbackContent::retried, &run_, &RollbackRun::retry);
  connect(content_, &RollbackContent::skipped, &run_, &RollbackRun::skip);
  connect(content_, &RollbackContent::matrixAsked, this, [this] { Q_EMIT openPage(PageId::Matrix); });
  connect(content_, &RollbackContent::message, this, &RollbackPage::message);
  connect(&content_->setup(), &RollbackSetup::chosen, this, [this] {
    showsRun_ = false;
    changed();
  });
  connect(&run_, &RollbackRun::changed, this, &RollbackPage::changed);
  connect(&run_, &RollbackRun::ended, this, &RollbackPage::tellEnd);
}

void RollbackPage::connectBars() {
  connect(bars_, &RollbackBars::dryRunAsked, this, &RollbackPage::run);
  connect(bars_, &RollbackBars::takeoverAsked, this, &RollbackPage::askToTakePlace);
  connect(bars_, &RollbackBars::logAsked, this, &RollbackPage::openLog);
  connect(bars_, &RollbackBars::resumeAsked, this, &RollbackPage::resumeOperation);
  connect(bars_, &RollbackBars::forgetAsked, this, &RollbackPage::forgetOperation);
  connect(bars_, &RollbackBars::lookAsked, this, [this] {
    lookForUnfinished();
    changed();
  });
}

void RollbackPage::connectCluster() {
  auto& source = cluster();
  connect(&source, &cluster::Cluster::instancesChanged, this, [this] {
    impossible_.clear();
    lookAgain();
  });
  connect(&source, &cluster::Cluster::instanceChanged, this, &RollbackPage::lookAgain);
  connect(&source, &cluster::Cluster::canChangeChanged, this, &RollbackPage::changed);
  connect(&source, &cluster::Cluster::redisChanged, this, &RollbackPage::lookAgain);
  connect(&foresight_, &RollbackForesight::changed, this, [this] {
    if (inView_ && !paused_) display();
  });
}

void RollbackPage::setInView(bool inView) {
  inView_ = inView;
  inView ? second_.start() : second_.stop();
  if (inView && !run_.running()) lookForUnfinished();
  changed();
}

void RollbackPage::setPaused(bool paused) {
  paused_ = paused;
  changed();
}

void RollbackPage::lookForUnfinished() {
  left_ = cluster().unfinishedRollbacks();
  if (!run_.exists()) Q_EMIT badgeChanged({{}, !left_.isEmpty(), false});
}

QString RollbackPage::unfinished() const {
  if (!run_.running() || run_.spec().dryRun) return {};
  const bool goesOn = cluster().profile().kind == cluster::ProfileKind::RemoteCluster;
  const QString where = tr("%1 is under way, %2 of %3 changed.")
                            .arg(rollback::nameOf(run_.spec()))
                            .arg(run_.switched())
                            .arg(rollback::instanceCount(run_.toChange()));
  const QString then = goesOn ? tr("It stops where it is; its plan is saved and can be resumed, here or by vx11ctl.")
                              : tr("It stops where it is.");
  return where.left(1).toUpper() + where.mid(1) + u' ' + then;
}

bool RollbackPage::showsForm() const { return !showsRun_ || !run_.real(); }

QString RollbackPage::whyNoRun(bool dryRun) const {
  if (const QString lacks = abilities::lacksForRollback(cluster()); !lacks.isEmpty()) return lacks;
  if (run_.running()) return tr("A run is under way.");
  if (!impossible_.isEmpty()) return impossible_;
  if (const QString there = abilities::whyNotTo(cluster(), content_->setup().target()); !there.isEmpty()) return there;
  if (const QString typed = content_->setup().problem(); !typed.isEmpty()) return typed;
  if (dryRun) return tokens::whyNoAnswer(cluster());
  const QString reason = abilities::whyNoRollback(cluster());
  return reason.isEmpty() ? foresight_.outlook().refusal : reason;
}

void RollbackPage::run() { start(true); }

void RollbackPage::start(bool dryRun, bool breakLock) {
  if (const QString reason = whyNoRun(dryRun); !reason.isEmpty()) return Q_EMIT message(reason);
  cluster::RollbackSpec spec = content_->setup().spec();
  spec.dryRun = dryRun;
  spec.breakLock = breakLock;
  showsRun_ = true;
  Q_EMIT badgeChanged({});
  if (!run_.start(spec, rollback::commonMode(cluster().instances()))) {
    showsRun_ = false;
    impossible_ = tr("The mode of this cluster can’t be changed from here.");
  }
  changed();
}

void RollbackPage::askToStart() {
  if (!whyNoRun(false).isEmpty()) return;
  withCommands([this] { askToStartNow(); });
}

/// Those that it would run are confirmed before anything else is asked.
void RollbackPage::withCommands(std::function<void()> then) {
  const auto commands = cluster::commandsOf(content_->setup().spec(), cluster().instances());
  askToRun(this, services().consents, commands, [this, then = std::move(then)](const QString& problem) {
    if (!problem.isEmpty()) Q_EMIT message(problem);
    then();
  });
}

void RollbackPage::askToStartNow() {
  if (!whyNoRun(false).isEmpty()) return;
  dangerous::ask(this, cluster(), rollback::startQuestion(cluster(), content_->setup().spec(), foresight_.outlook()),
                 dangerous::Asks::Always, [this] { start(false); });
}

void RollbackPage::askToTakePlace() {
  const auto& outcome = run_.outcome();
  if (!outcome || !outcome->heldBy || !whyNoRun(false).isEmpty()) return;
  withCommands([this, holder = *outcome->heldBy] {
    dangerous::ask(this, cluster(), rollback::takeoverQuestion(holder), dangerous::Asks::Always,
                   [this] { start(false, true); });
  });
}

void RollbackPage::askToAbort() {
  if (!run_.real()) return run_.abort();
  auto* dialog = ConfirmDialog::ask(this, rollback::abortQuestion(run_), [this] { run_.abort(); });
  connect(&run_, &RollbackRun::ended, dialog, &QDialog::reject);
}

void RollbackPage::resumeOperation(const QString& id) {
  const auto found = std::find_if(left_.begin(), left_.end(), [&](const auto& each) { return each.id == id; });
  if (found == left_.end() || run_.running()) return;
  dangerous::ask(this, cluster(), rollback::resumeQuestion(cluster(), *found), dangerous::Asks::InProduction,
                 [this, id] { resumeNow(id); });
}

void RollbackPage::resumeNow(const QString& id) {
  const auto found = std::find_if(left_.begin(), left_.end(), [&](const auto& each) { return each.id == id; });
  if (found == left_.end() || run_.running()) return;
  if (run_.resumeFrom(cluster::UnfinishedRollback(*found))) showsRun_ = true;
  else Q_EMIT message(tr("It can’t be resumed: it has ended, or another process works on it."));
  lookForUnfinished();
  changed();
}

void RollbackPage::forgetOperation(const QString& id) {
  const auto found = std::find_if(left_.begin(), left_.end(), [&](const auto& each) { return each.id == id; });
  if (found == left_.end()) return;
  dangerous::ask(this, cluster(), rollback::forgetQuestion(*found), dangerous::Asks::Always, [this, id] {
    cluster().forgetRollback(id);
    lookForUnfinished();
    changed();
  });
}

void RollbackPage::newPlan() {
  showsRun_ = false;
  run_.forget();
  lookForUnfinished();
  changed();
}

void RollbackPage::tellEnd() {
  const auto verdict = rollback::verdictOf(run_, cluster().instances());
  Q_EMIT badgeChanged({{}, verdict.mark == Mark::Warning, verdict.mark == Mark::Fail && !run_.spec().dryRun});
  Q_EMIT message(QStringLiteral("%1 %2").arg(verdict.phrase, verdict.sentence).trimmed());
  lookForUnfinished();
  changed();
}

void RollbackPage::tellBadge() {
  const int at = run_.current() >= 0 ? run_.current() : run_.next();
  if (run_.running() && at >= 0)
    Q_EMIT badgeChanged(
        {QStringLiteral("%1/%2").arg(at + 1).arg(run_.steps().size()), run_.asking() != nullptr, false});
  const bool saved = run_.running() && run_.real() && cluster().profile().kind == cluster::ProfileKind::RemoteCluster;
  Q_EMIT lasting(saved ? tr("Plan saved, survives closing the console") : QString());
}

void RollbackPage::chooseTarget() {
  if (run_.running()) return;
  auto& setup = content_->setup();
  const auto sensible = [this](const QString& target) {
    return !target.isEmpty() && abilities::whyNotTo(cluster(), target).isEmpty();
  };
  if (sensible(setup.target())) return;
  for (const QString& target : {run_.fromMode(), QStringLiteral("memory"), QStringLiteral("hybrid"),
                                QStringLiteral("redis"), QStringLiteral("restart")})
    if (sensible(target)) return setup.choose(target);
}

void RollbackPage::changed() {
  tellBadge();
  if (!inView_) return;
  chooseTarget();
  showActions();  // an abort must be at hand, even while the view is paused
  if (paused_) return;
  display();
  if (showsForm() && !run_.running()) foresight_.setSpec(content_->setup().spec());
}

void RollbackPage::lookAgain() {
  changed();
  if (inView_ && !paused_ && showsForm() && !run_.running()) foresight_.refresh();
}

void RollbackPage::showActions() {
  if (!abilities::lacksForRollback(cluster()).isEmpty()) return actions_->hide();
  actions_->display(run_, showsForm(), rollback::verb(content_->setup().target()), {whyNoRun(false), whyNoRun(true)});
}

void RollbackPage::showBars() {
  const QString whyNot = abilities::whyNoRollback(cluster());
  bars_->showImpossible(impossible_);
  // What is held is held by what was left here: the cure is to resume that.
  const bool heldByLeft = run_.outcome() && run_.outcome()->heldBy &&
                          std::any_of(left_.begin(), left_.end(), [](const auto& each) { return !each.running; });
  if (showsRun_ && !heldByLeft) bars_->showOutcome(run_, whyNoRun(true), whyNoRun(false));
  else bars_->clearOutcome();
  bars_->showUnfinished(run_.running() ? QList<cluster::UnfinishedRollback>() : left_, whyNot);
}

void RollbackPage::display() {
  const QString lacks = abilities::lacksForRollback(cluster());
  scroll_->setVisible(lacks.isEmpty());
  nothing_->setVisible(!lacks.isEmpty());
  showActions();
  showBars();
  if (!lacks.isEmpty()) {
    const auto [phrase, why] = firstSentence(lacks);
    return header_->setVerdict(Mark::Skipped, phrase, why);
  }
  const auto& instances = cluster().instances();
  const auto& outlook = foresight_.outlook();
  const auto verdict =
      showsRun_ ? rollback::verdictOf(run_, instances) : rollback::verdictBefore(instances, outlook.refusal);
  header_->setVerdict(verdict.mark, verdict.phrase, verdict.sentence);
  content_->display(run_, outlook, showsRun_, showsForm());
}

}  // namespace vx11::ui
