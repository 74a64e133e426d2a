#include "pages/rollback_page.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "cluster/rollback_plan.h"
#include "dialogs/confirm_dialog.h"
#include "pages/cluster_abilities.h"
#include "pages/first_sentence.h"
#include "pages/rollback_plan_view.h"
#include "pages/rollback_refused.h"
#include "pages/rollback_result.h"
#include "pages/rollback_target.h"
#include "pages/rollback_words.h"
#include "pages/token_sentences.h"
#include "platform/icons.h"
#include "widgets/cap_button.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/inline_bar.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"
#include "widgets/page_scroll.h"

namespace vx11::ui {
namespace {

using Result = cluster::RollbackOutcome::Result;

constexpr int tickMs = 1000, refusedHeight = 280;
const auto causeKey = QStringLiteral("outcome");
const auto icon = QStringLiteral("arrow-counterclockwise");

}  // namespace

RollbackPage::RollbackPage(const Services& services, QWidget* parent)
    : Page(services, parent),
      header_(new PageHeader(tr("Rollback"))),
      bar_(new InlineBar),
      dry_(new CapButton(tr("Dry run"), QStringLiteral("play-fill"), QStringLiteral("F5"))),
      start_(new QPushButton),
      abort_(new QPushButton(tr("Abort and put back"))),
      nothing_(new EmptyState(icon,
                              tr("A rollback takes a cluster to memory mode, one instance at a time. Each is tried "
                                 "before the next is begun, and if a step fails, everything is put back. Forward "
                                 "goes the same way."),
                              tr("Try a cluster"))),
      content_(new PageScroll),
      run_(services.cluster) {
  setAccessibleName(tr("Rollback"));
  fillContent();
  dry_->setPrimary(true);
  abort_->setProperty("destructive", true);
  abort_->setIcon(themedIcon(icon, Token::Crit));
  for (QWidget* widget : {static_cast<QWidget*>(start_), static_cast<QWidget*>(abort_), static_cast<QWidget*>(dry_)})
    header_->addAction(widget);
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
  column->addWidget(content_, 1);

  second_.setInterval(tickMs);
  connect(&second_, &QTimer::timeout, this, &RollbackPage::changed);
  connect(dry_, &QPushButton::clicked, this, &RollbackPage::run);
  connect(start_, &QPushButton::clicked, this, &RollbackPage::askToStart);
  connect(abort_, &QPushButton::clicked, &run_, &RollbackRun::abort);
  connect(nothing_, &EmptyState::activated, this,
          [this] { Q_EMIT actionRequested(QStringLiteral("profile.cluster")); });
  connect(target_, &RollbackTarget::chosen, this, [this] {
    showsRun_ = false;
    changed();
  });
  connect(&run_, &RollbackRun::changed, this, &RollbackPage::changed);
  connect(&run_, &RollbackRun::ended, this, &RollbackPage::tellEnd);
  auto& source = cluster();
  connect(&source, &cluster::Cluster::instancesChanged, this, [this] {
    impossible_.clear();
    changed();
  });
  connect(&source, &cluster::Cluster::instanceChanged, this, &RollbackPage::changed);
  connect(&source, &cluster::Cluster::canChangeChanged, this, &RollbackPage::changed);
  connect(&source, &cluster::Cluster::redisChanged, this, &RollbackPage::changed);
  display();
}

void RollbackPage::fillContent() {
  strip_ = new RollbackStrip;
  planCard_ = new Card(tr("Plan"));
  planCard_->body()->setContentsMargins(1, 1, 1, 1);
  plan_ = new RollbackPlanView;
  planCard_->body()->addWidget(plan_);
  target_ = new RollbackTarget;
  drain_ = new RollbackDrain;
  matrix_ = new RollbackMatrix;
  refused_ = new RollbackRefused;
  shell_ = new Card(tr("Same from a shell"));
  command_ = new ElidedLabel({}, FontRole::Fixed, Token::Text, Qt::ElideMiddle);
  shell_->body()->addWidget(command_);
  shell_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(shell_->setHeaderLink(tr("Copy")), &LinkButton::clicked, this, [this] {
    this->services().clipboard.copyPlain(command_->text());
    Q_EMIT message(tr("Command copied; it takes the principal from $VX11_OPERATOR_TOKEN"));
  });
  connect(matrix_, &RollbackMatrix::pageAsked, this, [this] { Q_EMIT openPage(PageId::Matrix); });

  auto* right = new QVBoxLayout;
  right->setSpacing(metrics::cardGap);
  for (QWidget* card : {static_cast<QWidget*>(drain_), static_cast<QWidget*>(matrix_), static_cast<QWidget*>(target_)})
    right->addWidget(card);
  refused_->setMaximumHeight(refusedHeight);
  right->addWidget(refused_, 1);
  right->addWidget(shell_);
  right->addStretch(0);
  auto* row = new QHBoxLayout;
  row->setSpacing(metrics::cardGap);
  row->addWidget(planCard_, 13);
  row->addLayout(right, 11);
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setSpacing(metrics::cardGap);
  column->addWidget(strip_);
  column->addLayout(row, 1);
  content_->setContent(content);
  content_->viewport()->setAutoFillBackground(false);
  content->setAutoFillBackground(false);
}

void RollbackPage::setInView(bool inView) {
  inView_ = inView;
  if (inView)
    second_.start();
  else
    second_.stop();
  changed();
}

void RollbackPage::setPaused(bool paused) {
  paused_ = paused;
  changed();
}

QString RollbackPage::unfinished() const {
  if (!run_.running()) return {};
  return tr("The change to %1 mode is under way, %2 of %3 switched. They keep the mode that they have then.")
      .arg(run_.spec().to)
      .arg(run_.switched())
      .arg(rollback::instanceCount(cluster().instances().size()));
}

QString RollbackPage::refusal() const { return cluster::planRollback(cluster().instances(), target_->mode()).refusal; }

QString RollbackPage::whyNoRun(bool dryRun) const {
  if (const QString lacks = abilities::lacksForRollback(cluster()); !lacks.isEmpty()) return lacks;
  if (run_.running()) return tr("A run is under way.");
  if (!impossible_.isEmpty()) return impossible_;
  if (const QString there = abilities::whyNotTo(cluster(), target_->mode()); !there.isEmpty()) return there;
  if (dryRun) return tokens::whyNoAnswer(cluster());
  const QString reason = abilities::whyNoRollback(cluster());
  return reason.isEmpty() ? refusal() : reason;
}

void RollbackPage::run() { start(true); }

void RollbackPage::start(bool dryRun) {
  if (const QString reason = whyNoRun(dryRun); !reason.isEmpty()) return Q_EMIT message(reason);
  cluster::RollbackSpec spec;
  spec.to = target_->mode();
  spec.dryRun = dryRun;
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
  const auto& instances = cluster().instances();
  const QString count = rollback::instanceCount(instances.size()), to = target_->mode();
  const auto life = rollback::longestLife(instances);
  QStringList names;
  for (const auto& info : instances) names << info.id;
  ConfirmDialog::ask(
      this,
      {tr("Change the mode"),
       tr("Switch %1 to %2 mode?").arg(count, to),
       {{tr("Now"), rollback::modesNow(instances)},
        {tr("Then"), rollback::promise(to)},
        {tr("Order"), names.join(QStringLiteral(", "))},
        {tr("Old tokens"), life ? tr("accepted until they expire, %1 at most").arg(format::duration(life))
                                : tr("accepted until they expire")},
        {tr("Undo"), tr("Abort puts back what was changed; so does a step that fails")}},
       tr("Switch %1").arg(count),
       icon},
      [this] { start(false); });
}

void RollbackPage::tellEnd() {
  const auto verdict = rollback::verdictOf(run_);
  Q_EMIT badgeChanged({{}, verdict.mark == Mark::Warning, verdict.mark == Mark::Fail && !run_.spec().dryRun});
  Q_EMIT message(QStringLiteral("%1 %2").arg(verdict.phrase, verdict.sentence).trimmed());
}

void RollbackPage::chooseTarget() {
  if (run_.running()) return;
  const auto sensible = [this](const QString& mode) {
    return !mode.isEmpty() && abilities::whyNotTo(cluster(), mode).isEmpty();
  };
  if (sensible(target_->mode())) return;
  for (const QString& mode :
       {run_.fromMode(), QStringLiteral("memory"), QStringLiteral("hybrid"), QStringLiteral("redis")})
    if (sensible(mode)) return target_->choose(mode);
}

void RollbackPage::changed() {
  if (run_.running() && run_.current() >= 0)
    Q_EMIT badgeChanged({QStringLiteral("%1/%2").arg(run_.current() + 1).arg(run_.steps().size()), false, false});
  if (!inView_) return;
  chooseTarget();
  showButtons();  // an abort must be at hand, even while the view is paused
  if (!paused_) display();
}

void RollbackPage::showButtons() {
  const bool running = run_.running();
  const auto put = [](QAbstractButton* button, const QString& reason, const QString& help) {
    button->setEnabled(reason.isEmpty());
    button->setToolTip(reason.isEmpty() ? help : reason);
  };
  start_->setVisible(!running);
  dry_->setVisible(!running);
  abort_->setVisible(running && !run_.spec().dryRun);
  start_->setText(rollback::verb(target_->mode()));
  put(start_, whyNoRun(false), tr("Asks once, then changes one instance after the other"));
  put(dry_, whyNoRun(true), tr("Asks every instance, and changes nothing"));
  put(abort_, run_.aborting() ? tr("What was changed is being put back.") : QString(),
      tr("Puts back what was changed"));
}

void RollbackPage::display() {
  const QString lacks = abilities::lacksForRollback(cluster());
  content_->setVisible(lacks.isEmpty());
  nothing_->setVisible(!lacks.isEmpty());
  showButtons();
  for (QWidget* button : {static_cast<QWidget*>(start_), static_cast<QWidget*>(dry_)})
    button->setVisible(lacks.isEmpty() && !run_.running());
  if (!lacks.isEmpty()) {
    const auto [phrase, why] = firstSentence(lacks);
    header_->setVerdict(Mark::Skipped, phrase, why);
    return bar_->clearCause(causeKey);
  }
  const auto verdict =
      showsRun_ ? rollback::verdictOf(run_) : rollback::verdictBefore(cluster().instances(), refusal());
  header_->setVerdict(verdict.mark, verdict.phrase, verdict.sentence);
  target_->display(cluster(), run_.running() ? tr("A run is under way.") : QString(), showsRun_);
  drain_->display(run_);
  matrix_->display(run_);
  refused_->display(cluster(), QDateTime::currentDateTime());
  shell_->setVisible(!showsRun_);
  command_->setText(rollback::shellCommand(cluster().instances(), target_->mode()));
  showPlan();
  showOutcome();
}

void RollbackPage::showPlan() {
  QList<TimedStep> steps = run_.steps();
  QString from = run_.fromMode(), to = run_.spec().to;
  if (!showsRun_) {
    from = rollback::commonMode(cluster().instances());
    to = target_->mode();
    steps.clear();
    for (const auto& step : cluster::planRollback(cluster().instances(), to).steps) steps.append({step, -1, -1});
  }
  strip_->display(steps);
  plan_->display(steps, cluster().now());
  const QString what = from.isEmpty() ? tr("to %1").arg(to) : tr("%1 to %2").arg(from, to);
  planCard_->setNote(showsRun_ && run_.spec().dryRun ? tr("dry run, %1, %2 steps").arg(what).arg(steps.size())
                                                     : tr("%1, %2 steps").arg(what).arg(steps.size()));
  planCard_->setHeaderWord(showsRun_ ? tr("started %1").arg(format::clockTime(run_.startedWhen())) : tr("not begun"),
                           Token::Text2);
}

void RollbackPage::showOutcome() {
  const auto& outcome = run_.outcome();
  if (!showsRun_ || !outcome || outcome->result == Result::Done) return bar_->clearCause(causeKey);
  const bool lasting = !outcome->restored;
  const auto [what, rest] = firstSentence(outcome->reason);
  bar_->setCause({causeKey,
                  lasting || outcome->result == Result::Refused ? Mark::Fail : Mark::Warning,
                  what,
                  rest,
                  {},
                  {BarAction{tr("Try a dry run"), {}, [this] { run(); }, whyNoRun(true)},
                   BarAction{tr("Show in log"), {}, [this] { Q_EMIT openLog(); }, {}}}});
}

}  // namespace vx11::ui
