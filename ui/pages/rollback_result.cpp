#include "pages/rollback_result.h"

#include <QVBoxLayout>
#include <algorithm>

#include "cluster/rollback_words.h"
#include "pages/matrix_words.h"
#include "pages/rollback_words.h"
#include "widgets/format.h"
#include "widgets/key_value.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using cluster::RollbackOutcome;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

template <typename Condition>
const RollbackStep* stepWhere(const RollbackRun& run, Condition&& holds) {
  for (const TimedStep& each : run.steps())
    if (holds(each.step)) return &each.step;
  return nullptr;
}

}  // namespace

RollbackResult::RollbackResult(QWidget* parent)
    : Card(tr("Result"), parent), words_(new TextLabel({}, FontRole::Body, Token::Text2)) {
  words_->setWordWrap(true);
  auto* facts = new KeyValueList;
  began_ = facts->add(tr("Began"));
  took_ = facts->add(tr("Took"));
  changed_ = facts->add(tr("Changed"));
  failed_ = facts->add(tr("Stopped at"));
  back_ = facts->add(tr("Put back"));
  body()->setSpacing(metrics::space8);
  body()->addWidget(words_);
  body()->addWidget(facts);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RollbackResult::display(const RollbackRun& run) {
  const bool ended = run.real() && run.outcome().has_value();
  setVisible(ended);
  if (!ended) return;
  const RollbackOutcome& outcome = *run.outcome();
  const bool aborted = outcome.result == RollbackOutcome::Result::Aborted;
  setMark(!aborted ? Mark::Pass : outcome.restored ? Mark::Warning : Mark::Fail);
  setNote(rollback::course(run.fromMode(), run.spec()));
  // Where the copy of the nginx file lies.
  const RollbackStep* route = stepWhere(run, [](const RollbackStep& step) { return step.kind == Kind::Route; });
  const QString routed = route != nullptr && route->state == State::Done ? route->detail : QString();
  words_->setText(aborted ? QString() : routed);  // the bar says why it was aborted
  words_->setVisible(!words_->text().isEmpty());
  began_->setValue(format::clockTime(run.startedWhen()));
  took_->setValue(rollback::took(run.tookMs()));
  changed_->setValue(tr("%1 of %2").arg(run.switched()).arg(rollback::instanceCount(run.toChange())));
  const RollbackStep* failed = stepWhere(run, [](const RollbackStep& step) { return step.state == State::Failed; });
  failed_->setVisible(failed != nullptr);
  if (failed != nullptr) failed_->setValue(cluster::rollback::titleOf(*failed));
  back_->setVisible(aborted);
  back_->setValue(outcome.restored ? tr("everything") : tr("not all: the plan says what isn’t"),
                  outcome.restored ? Token::Text : Token::Crit);
}

RollbackMatrix::RollbackMatrix(QWidget* parent)
    : Card(tr("Cross-instance test"), parent), words_(new TextLabel({}, FontRole::Body, Token::Text2)) {
  words_->setWordWrap(true);
  body()->addWidget(words_);
  connect(setHeaderLink(tr("Open the page")), &LinkButton::clicked, this, &RollbackMatrix::pageAsked);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RollbackMatrix::display(const RollbackRun& run) {
  const RollbackStep* step = stepWhere(run, [](const RollbackStep& each) { return each.kind == Kind::Matrix; });
  const bool shown = run.real() && run.outcome() && step != nullptr &&
                     (step->state == State::Done || step->state == State::Failed);
  setVisible(shown);
  if (!shown) return;
  setMark(rollback::markOf(*step));
  const auto& result = run.outcome()->matrix;
  if (result.cells.isEmpty()) {
    setNote({});
    return words_->setText(rollback::detailOf(*step));
  }
  const auto score = matrix::scoreOf(result);
  setNote(tr("%1, %2 of %3 accepted").arg(matrix::verdictWord(result)).arg(score.accepted).arg(score.total));
  // In memory mode the diagonal is what was promised.
  words_->setText(step->state == State::Done && result.verdict == cluster::MatrixVerdict::Diagonal
                      ? tr("As memory mode promises: each instance accepts its own tokens, and no other’s.")
                      : matrix::explanationOf(result));
}

}  // namespace vx11::ui
