#include "pages/rollback_step_card.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "pages/rollback_ask.h"
#include "pages/rollback_gates.h"
#include "pages/rollback_words.h"
#include "widgets/divider.h"
#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::RollbackStep;
using Kind = RollbackStep::Kind;

constexpr int barHeight = 8;

}  // namespace

RollbackCountdown::RollbackCountdown(QWidget* parent)
    : QWidget(parent),
      caption_(new TextLabel({}, FontRole::Label, Token::Text2)),
      left_(new TextLabel({}, FontRole::Countdown)),
      words_(new TextLabel({}, FontRole::Label, Token::Text2)),
      whole_(new TextLabel({}, FontRole::Label, Token::Text2)),
      bar_(new QWidget) {
  bar_->setFixedHeight(barHeight);
  words_->setWordWrap(true);
  auto* feet = new QHBoxLayout;
  feet->setSpacing(metrics::space12);
  feet->addWidget(words_, 1);
  feet->addWidget(whole_, 0, Qt::AlignTop);
  auto* beside = new QVBoxLayout;
  beside->setSpacing(metrics::space4);
  beside->addStretch(1);
  beside->addWidget(bar_);
  beside->addLayout(feet);
  beside->addStretch(1);
  auto* row = new QHBoxLayout;
  row->setSpacing(metrics::space16);
  row->addWidget(left_);
  row->addLayout(beside, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(caption_);
  column->addLayout(row);
}

void RollbackCountdown::display(const RollbackStep& step, const QString& words) {
  setVisible(step.remainingMs > 0);
  if (std::exchange(kind_, static_cast<int>(step.kind)) != static_cast<int>(step.kind)) longestMs_ = 0;
  if (step.remainingMs <= 0) return;
  longestMs_ = std::max(longestMs_, step.remainingMs);
  share_ = static_cast<double>(step.remainingMs) / static_cast<double>(longestMs_);
  const int seconds = format::secondsLeft(step.remainingMs);
  caption_->setText(step.kind == Kind::Watch ? tr("Watching refusals") : tr("Drain window"));
  left_->setText(format::countdown(seconds));
  left_->setAccessibleName(tr("%1 left").arg(format::duration(seconds)));
  words_->setText(words);
  whole_->setText(tr("%1 at most").arg(format::duration(format::secondsLeft(longestMs_))));
  update();
}

void RollbackCountdown::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  const QRect bar(bar_->mapTo(this, QPoint()), bar_->size());
  QPainter painter(this);
  painter.fillRect(bar, theme.color(Token::Raised));
  painter.fillRect(QRect(bar.topLeft(), QSize(qRound(bar.width() * share_), bar.height())), theme.color(Token::Info));
}

RollbackStepCard::RollbackStepCard(QWidget* parent)
    : Card({}, parent),
      countdown_(new RollbackCountdown),
      words_(new TextLabel({}, FontRole::Body, Token::Text2)),
      ask_(new RollbackAsk),
      line_(new Divider),
      caption_(new TextLabel(tr("Before the next step"), FontRole::Label, Token::Text2)),
      gates_(new RollbackGates),
      state_(new MarkLabel) {
  words_->setWordWrap(true);
  addHeaderWidget(state_);
  for (QWidget* widget : {static_cast<QWidget*>(countdown_), static_cast<QWidget*>(words_),
                          static_cast<QWidget*>(ask_), static_cast<QWidget*>(line_), static_cast<QWidget*>(caption_),
                          static_cast<QWidget*>(gates_)})
    body()->addWidget(widget);
  body()->setSpacing(metrics::space8);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(ask_, &RollbackAsk::confirmed, this, &RollbackStepCard::confirmed);
  connect(ask_, &RollbackAsk::retried, this, &RollbackStepCard::retried);
  connect(ask_, &RollbackAsk::skipped, this, &RollbackStepCard::skipped);
}

void RollbackStepCard::display(const RollbackRun& run, const QList<cluster::InstanceInfo>& instances) {
  const int index = run.paused() ? run.next() : run.current();
  setVisible(run.exists() && index >= 0);
  if (index < 0) return ask_->display(nullptr);
  const RollbackStep& step = run.steps().at(index).step;
  setTitle(tr("Step %1, %2").arg(index + 1).arg(cluster::rollback::whereOf(step)));
  setTag(rollback::course(run.fromMode(), run.spec()));
  const auto* asked = run.asking();
  setEdge(asked != nullptr ? Edge::Warning : Edge::Quiet);
  if (run.paused()) state_->setMark(Mark::Paused);
  else if (asked != nullptr) state_->setMark(Mark::Warning, asked->failed ? tr("Failed") : tr("Waits for you"));
  else state_->setMark(rollback::markOf(step));
  ask_->display(asked);
  countdown_->display(step, step.kind == Kind::Drain ? tr("Old tokens are still accepted")
                                                     : tr("Against their level before"));
  words_->setVisible(asked == nullptr && step.remainingMs <= 0);
  const QString detail = rollback::detailOf(step);
  words_->setText(detail.isEmpty() ? cluster::rollback::titleOf(step)
                                   : QStringLiteral("%1. %2.").arg(cluster::rollback::titleOf(step), detail));
  const auto lines = run.outcome() ? QList<GateLine>() : gatesOf(run, index, instances);
  gates_->display(lines);
  for (QWidget* widget : {static_cast<QWidget*>(line_), static_cast<QWidget*>(caption_), static_cast<QWidget*>(gates_)})
    widget->setVisible(!lines.isEmpty());
}

}  // namespace vx11::ui
