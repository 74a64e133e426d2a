#include "pages/matrix_page.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <utility>

#include "dialogs/dangerous.h"
#include "pages/cluster_abilities.h"
#include "pages/first_sentence.h"
#include "pages/matrix_details.h"
#include "pages/matrix_grid.h"
#include "pages/overview_power.h"
#include "pages/save_file.h"
#include "platform/icons.h"
#include "widgets/cap_button.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/inline_bar.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::MatrixResult;
using cluster::MatrixVerdict;

constexpr int firstEvery = 30, shortestEvery = 2, longestEvery = 3600, historyWidth = 268;
const auto everyKey = QStringLiteral("every");
const auto balancerKey = QStringLiteral("balancer");
const auto causeKey = QStringLiteral("meaning");

}  // namespace

MatrixPage::MatrixPage(const Services& services, QWidget* parent)
    : Page(services, parent),
      header_(new PageHeader(tr("Cross-instance test"))),
      bar_(new InlineBar),
      repeat_(new QCheckBox(tr("Repeat every"))),
      every_(new QSpinBox),
      balancer_(new QCheckBox(tr("Through balancer"))),
      run_(new CapButton(tr("Run now"), QStringLiteral("play-fill"), QStringLiteral("F5"))),
      cancel_(new QPushButton(tr("Cancel"))),
      nothing_(new EmptyState(QStringLiteral("grid-3x3"), {}, tr("Try a cluster"))),
      content_(new QWidget),
      grid_(new MatrixGrid),
      behind_(new TextLabel({}, FontRole::Label, Token::Text2)),
      details_(new MatrixDetails) {
  setAccessibleName(tr("Cross-instance test"));
  every_->setRange(shortestEvery, longestEvery);
  every_->setValue(firstEvery);
  every_->setSuffix(tr(" s"));
  every_->setAccessibleName(tr("Seconds between two runs"));
  balancer_->setChecked(true);
  run_->setPrimary(true);
  for (QWidget* widget :
       {static_cast<QWidget*>(repeat_), static_cast<QWidget*>(every_), static_cast<QWidget*>(balancer_),
        static_cast<QWidget*>(cancel_), static_cast<QWidget*>(run_)})
    header_->addAction(widget);

  auto* left = new QVBoxLayout;
  left->setSpacing(metrics::cardGap);
  left->addWidget(makeGridCard(), 1);
  left->addWidget(details_);
  auto* row = new QHBoxLayout(content_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::cardGap);
  row->addLayout(left, 1);
  row->addWidget(makeHistoryCard());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::pageSide, metrics::pageTop, metrics::pageSide, metrics::pageSide);
  column->setSpacing(metrics::cardGap);
  for (QWidget* widget : {static_cast<QWidget*>(header_), static_cast<QWidget*>(bar_)}) column->addWidget(widget);
  column->addWidget(nothing_, 1);
  column->addWidget(content_, 1);

  connect(nothing_, &EmptyState::activated, this,
          [this] { Q_EMIT actionRequested(QStringLiteral("profile.cluster")); });
  repeatTimer_.setSingleShot(true);
  connect(&repeatTimer_, &QTimer::timeout, this, &MatrixPage::runAgain);
  connect(repeat_, &QCheckBox::toggled, this, &MatrixPage::schedule);
  connect(every_, &QSpinBox::valueChanged, this, &MatrixPage::schedule);
  connect(run_, &QPushButton::clicked, this, &MatrixPage::run);
  connect(cancel_, &QPushButton::clicked, this, &MatrixPage::cancel);
  connect(grid_, &MatrixGrid::currentChanged, this, &MatrixPage::showCell);
  connect(details_, &MatrixDetails::shellAsked, this, &MatrixPage::copyShell);
  connect(details_, &MatrixDetails::logAsked, this, &Page::openLog);
  connect(past_, &MatrixHistoryView::chosen, this, [this](int chosen) {
    chosen_ = chosen;
    display();
  });
  auto& source = cluster();
  connect(&source, &cluster::Cluster::instancesChanged, this, [this] {
    impossible_.clear();
    changed();
  });
  connect(&source, &cluster::Cluster::instanceChanged, this, &MatrixPage::changed);
  connect(&source, &cluster::Cluster::canChangeChanged, this, &MatrixPage::changed);
  display();
}

QWidget* MatrixPage::makeGridCard() {
  gridCard_ = new Card(tr("Issued on (rows), checked on (columns)"));
  auto* inner = new QWidget;
  auto* under = new QVBoxLayout(inner);
  under->setContentsMargins(0, 0, 0, 0);
  under->setSpacing(metrics::space12);
  under->addWidget(grid_);
  auto* scroll = new QScrollArea;
  scroll->setWidget(inner);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->viewport()->setAutoFillBackground(false);
  inner->setAutoFillBackground(false);
  auto* legend = new QHBoxLayout;
  legend->setSpacing(metrics::space16);
  for (const auto& [mark, word] :
       {std::pair(Mark::Pass, tr("accepted")), std::pair(Mark::Fail, tr("refused")),
        std::pair(Mark::Warning, tr("mixed or slow")), std::pair(Mark::CantTell, tr("can’t tell, or no answer"))}) {
    auto* label = new MarkLabel(mark);
    label->setMark(mark, word);
    legend->addWidget(label);
  }
  legend->addStretch(1);
  behind_->setWordWrap(true);
  behind_->hide();
  under->addLayout(legend);
  under->addWidget(behind_);
  under->addStretch(1);
  gridCard_->body()->addWidget(scroll, 1);
  return gridCard_;
}

QWidget* MatrixPage::makeHistoryCard() {
  historyCard_ = new Card(tr("History"));
  historyCard_->setFixedWidth(historyWidth);
  historyCard_->body()->setContentsMargins(1, 1, 1, 1);
  past_ = new MatrixHistoryView(history_);
  historyCard_->body()->addWidget(past_);
  export_ = historyCard_->setHeaderLink(tr("Export CSV"));
  connect(export_, &LinkButton::clicked, this, &MatrixPage::save);
  return historyCard_;
}

QString MatrixPage::whyNot() const {
  const QString reason = abilities::whyNoMatrix(cluster());
  return reason.isEmpty() ? impossible_ : reason;
}

MatrixResult MatrixPage::empty() const {
  MatrixResult result;
  for (const auto& info : cluster().instances()) {
    result.members << info.slot;
    result.names << info.id;
  }
  return result;
}

const MatrixResult& MatrixPage::shown() const { return chosen_ < 0 ? live_ : history_.runs().at(chosen_).result; }

void MatrixPage::setInView(bool inView) {
  inView_ = inView;
  if (working()) display();
}

void MatrixPage::setPaused(bool paused) {
  paused_ = paused;
  if (working()) display();
}

void MatrixPage::escape() { cancel(); }

void MatrixPage::cancel() {
  if (!job_) return;
  cancelled_ = true;
  repeat_->setChecked(false);
  job_->cancel();
}

void MatrixPage::run() {
  if (job_ || !whyNot().isEmpty()) return;
  const QString number = tr("%1 instances").arg(cluster().instances().size());
  Confirmation question;
  question.title = tr("Test across instances");
  question.question = tr("Test %1 of %2?").arg(number, cluster().profile().name);
  question.facts = {{tr("Issued"), tr("one short-lived token on each")}, {tr("Checked"), tr("each of them on all")}};
  question.verb = tr("Test %1").arg(number);
  dangerous::ask(this, cluster(), question, dangerous::Asks::ToLift, [this] { runNow(); });
}

/// Nobody sits there to be asked.
void MatrixPage::runAgain() {
  if (cluster().canChange()) return run();
  repeat_->setChecked(false);
  Q_EMIT message(tr("The profile is read-only again: the test is no longer repeated"));
}

void MatrixPage::runNow() {
  if (job_) return;
  cluster::MatrixSpec spec;
  spec.throughBalancer = balancer_->isChecked() && !cluster().profile().balancer.isEmpty();
  job_ = cluster().testAcross(spec);
  if (!job_) {
    impossible_ = tr("This cluster can’t be tested across its instances.");
    return changed();
  }
  startedAt_ = cluster().now();
  cancelled_ = false;
  live_ = job_->result();
  liveShell_ = job_->asShell();
  chosen_ = -1;
  {
    const QSignalBlocker quiet(past_);
    past_->setCurrentIndex({});
  }
  connect(job_, &cluster::MatrixJob::cellChanged, this, [this] {
    live_ = job_->result();
    if (working() && chosen_ < 0) display();
  });
  connect(job_, &cluster::MatrixJob::finished, this, &MatrixPage::finish);
  changed();
}

void MatrixPage::finish(const MatrixResult& result) {
  if (const QString shell = job_->asShell(); !shell.isEmpty()) liveShell_ = shell;
  job_ = nullptr;
  live_ = result;
  if (cancelled_ || result.verdict == MatrixVerdict::Running) {
    cancelled_ = true;
    Q_EMIT message(tr("Cross-instance test cancelled"));
  } else {
    const bool watchingPast = chosen_ >= 0;
    const QSignalBlocker quiet(past_);
    history_.add({result, liveShell_, ++runs_, cluster().now() - startedAt_});
    chosen_ = watchingPast ? std::min(chosen_ + 1, MatrixHistory::most - 1) : 0;
    past_->setCurrentIndex(history_.index(chosen_));
    troubleWanted_ = !watchingPast;
    const Mark mark = matrix::markOf(result);
    Q_EMIT badgeChanged({{}, mark == Mark::Warning || mark == Mark::CantTell, mark == Mark::Fail});
    Q_EMIT message(tr("Cross-instance test: %1").arg(matrix::verdictOf(result).phrase));
  }
  schedule();
  changed();
}

void MatrixPage::schedule() {
  repeatTimer_.stop();
  if (repeat_->isChecked() && !job_) repeatTimer_.start(every_->value() * 1000);
}

void MatrixPage::changed() {
  if (working()) display();
}

void MatrixPage::display() {
  const QString reason = whyNot();
  const bool enough = cluster().instances().size() > 1;
  content_->setVisible(enough);
  nothing_->setVisible(!enough);
  nothing_->setSentence(
      tr("Each instance issues a token and every other one checks it: a grid that shows who refuses "
         "whom. It needs a cluster of two instances or more."));
  run_->setEnabled(!job_ && reason.isEmpty());
  run_->setToolTip(job_ ? tr("A run is under way.") : reason);
  cancel_->setVisible(job_);
  for (QWidget* widget : {static_cast<QWidget*>(repeat_), static_cast<QWidget*>(every_)}) {
    widget->setEnabled(reason.isEmpty());
    widget->setToolTip(reason);
  }
  balancer_->setVisible(!cluster().profile().balancer.isEmpty());

  if (!job_ && chosen_ < 0 && live_.cells.isEmpty()) live_ = empty();
  const MatrixResult& result = shown();
  QStringList modes;
  for (const int slot : result.members)
    modes << (slot >= 0 && slot < cluster().instances().size() ? cluster().instances().at(slot).mode : QString());
  grid_->display(result, modes, job_ && chosen_ < 0);
  const QString counts = matrix::behindBalancer(result);
  behind_->setVisible(!counts.isEmpty());
  behind_->setText(tr("Answers behind the balancer: %1").arg(counts));
  if (chosen_ >= 0) {
    const MatrixRun& run = history_.runs().at(chosen_);
    gridCard_->setNote(tr("run %1, finished %2 in %3")
                           .arg(format::count(run.number), format::clockTime(run.result.at),
                                format::latency(static_cast<double>(run.tookMs))));
  } else {
    gridCard_->setNote({});
  }
  historyCard_->setNote(runs_ == 0   ? tr("no run yet")
                        : runs_ == 1 ? tr("1 run")
                                     : tr("%1 runs").arg(format::count(runs_)));
  export_->setEnabled(runs_ > 0);
  if (std::exchange(troubleWanted_, false)) grid_->showTrouble();
  showMeaning();
  showCell();
}

void MatrixPage::showMeaning() {
  const MatrixResult& result = shown();
  const auto put = [this](const matrix::Verdict& verdict) {
    header_->setVerdict(verdict.mark, verdict.phrase, verdict.sentence);
  };
  const bool ran = chosen_ >= 0 || job_ || cancelled_;
  const bool finished = chosen_ >= 0;
  if (!ran) {
    const auto [phrase, why] = firstSentence(whyNot());
    put(phrase.isEmpty()
            ? matrix::Verdict{Mark::Waiting, tr("Not run yet."),
                              tr("It issues one token on each instance and checks each of them everywhere.")}
            : matrix::Verdict{Mark::Skipped, phrase, why});
  } else if (!finished && cancelled_) {
    const auto score = matrix::scoreOf(result);
    put({Mark::Skipped, tr("Cancelled."), tr("%1 of %2 answers came before.").arg(score.answered).arg(score.total)});
  } else {
    put(matrix::verdictOf(result));
  }
  if (!finished || result.verdict == MatrixVerdict::Whole) return bar_->clearCause(causeKey);
  const auto [what, meaning] = firstSentence(matrix::explanationOf(result));
  const Mark mark = matrix::markOf(result);
  BarCause cause{causeKey, mark == Mark::Fail ? Mark::Fail : Mark::Warning, what, meaning, {}, {}};
  const bool modeMayCure = result.verdict == MatrixVerdict::Diagonal || result.verdict == MatrixVerdict::Partial;
  if (modeMayCure && matrix::hasRefusal(result) && abilities::modesOf(cluster()).size() > 1)
    cause.actions << BarAction{
        tr("Change the mode…"), {}, [this] { Q_EMIT openPage(PageId::Rollback); }, abilities::whyNoRollback(cluster())};
  for (const auto& info : cluster().instances())
    if (info.state == cluster::InstanceState::Unreachable) cause.actions += cureOf(cluster(), info.slot, this);
  bar_->setCause(cause);
}

void MatrixPage::showCell() {
  details_->display(shown(), grid_->currentIssuer(), grid_->currentValidator());
  const QString& shell = chosen_ < 0 ? liveShell_ : history_.runs().at(chosen_).shell;
  details_->setShellReason(shell.isEmpty() ? tr("Run the test first") : QString());
}

void MatrixPage::copyShell() {
  services().clipboard.copyPlain(chosen_ < 0 ? liveShell_ : history_.runs().at(chosen_).shell);
  Q_EMIT message(tr("Commands copied; they take the principal from $VX11_OPERATOR_TOKEN"));
}

void MatrixPage::save() {
  QList<SaveFormat> formats;
  if (!history_.runs().isEmpty()) {
    QList<MatrixResult> results;
    for (const MatrixRun& run : history_.runs()) results << run.result;
    formats << SaveFormat{
        tr("Tables (*.csv)"), QStringLiteral("csv"), [results] { return matrix::csv(results); }};
  }
  formats << pictureOf(*this);
  saveFileAs(this, tr("Export the runs"), QStringLiteral("vx11-matrix"), formats,
             [this](const QString& said) { Q_EMIT message(said); });
}

QVariantMap MatrixPage::viewState() const {
  return {{everyKey, every_->value()}, {balancerKey, balancer_->isChecked()}};
}

void MatrixPage::restoreViewState(const QVariantMap& state) {
  every_->setValue(state.value(everyKey, firstEvery).toInt());
  balancer_->setChecked(state.value(balancerKey, true).toBool());
}

}  // namespace vx11::ui
