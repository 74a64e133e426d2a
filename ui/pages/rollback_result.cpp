#include "pages/rollback_result.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "pages/matrix_words.h"
#include "pages/rollback_words.h"
#include "widgets/format.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using Kind = cluster::RollbackStep::Kind;
using State = cluster::RollbackStep::State;

constexpr int barHeight = 8;

const cluster::RollbackStep* stepOf(const RollbackRun& run, Kind kind) {
  for (const TimedStep& each : run.steps())
    if (each.step.kind == kind) return &each.step;
  return nullptr;
}

}  // namespace

RollbackDrain::RollbackDrain(QWidget* parent)
    : Card(tr("Drain window"), parent),
      left_(new TextLabel({}, FontRole::Countdown)),
      words_(new TextLabel({}, FontRole::Label, Token::Text2)),
      bar_(new QWidget) {
  setMark(Mark::Draining);
  bar_->setFixedHeight(barHeight);
  auto* beside = new QVBoxLayout;
  beside->setSpacing(metrics::space4);
  beside->addStretch(1);
  beside->addWidget(bar_);
  beside->addWidget(words_);
  beside->addStretch(1);
  auto* row = new QHBoxLayout;
  row->setSpacing(metrics::space16);
  row->addWidget(left_);
  row->addLayout(beside, 1);
  body()->addLayout(row);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RollbackDrain::display(const RollbackRun& run) {
  const auto* step = run.exists() ? stepOf(run, Kind::Drain) : nullptr;
  const bool shown = step != nullptr && step->state == State::Running && step->remainingMs > 0;
  setVisible(shown);
  if (!shown) {
    longestMs_ = 0;
    return;
  }
  longestMs_ = std::max(longestMs_, step->remainingMs);
  share_ = static_cast<double>(step->remainingMs) / static_cast<double>(longestMs_);
  const int seconds = format::secondsLeft(step->remainingMs);
  left_->setText(format::countdown(seconds));
  left_->setAccessibleName(tr("%1 left").arg(format::duration(seconds)));
  words_->setText(run.fromMode().isEmpty()
                      ? tr("The old store is read until its last token expires")
                      : tr("Tokens of %1 mode are accepted until they expire").arg(run.fromMode()));
  setHeaderWord(tr("of %1").arg(format::duration(format::secondsLeft(longestMs_))), Token::Text2);
  update();
}

void RollbackDrain::paintEvent(QPaintEvent* event) {
  Card::paintEvent(event);
  const Theme& theme = themeOf(palette());
  const QRect bar(bar_->mapTo(this, QPoint()), bar_->size());
  QPainter painter(this);
  painter.fillRect(bar, theme.color(Token::Raised));
  painter.fillRect(QRect(bar.topLeft(), QSize(qRound(bar.width() * share_), bar.height())), theme.color(Token::Info));
}

RollbackMatrix::RollbackMatrix(QWidget* parent)
    : Card(tr("Cross-instance test"), parent), words_(new TextLabel({}, FontRole::Body, Token::Text2)) {
  words_->setWordWrap(true);
  body()->addWidget(words_);
  connect(setHeaderLink(tr("Open the page")), &LinkButton::clicked, this, &RollbackMatrix::pageAsked);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RollbackMatrix::display(const RollbackRun& run) {
  const auto* step = run.exists() ? stepOf(run, Kind::Matrix) : nullptr;
  const bool shown =
      step != nullptr && (step->state == State::Running || step->state == State::Done || step->state == State::Failed);
  setVisible(shown);
  if (!shown) return;
  setMark(rollback::markOf(*step));
  if (!run.outcome() || run.outcome()->matrix.cells.isEmpty()) {
    setNote({});
    return words_->setText(rollback::detailOf(*step));
  }
  const auto& result = run.outcome()->matrix;
  const auto score = matrix::scoreOf(result);
  setNote(tr("%1, %2 of %3 accepted").arg(matrix::verdictWord(result)).arg(score.accepted).arg(score.total));
  // In memory mode the diagonal is what was promised.
  words_->setText(step->state == State::Done && result.verdict == cluster::MatrixVerdict::Diagonal
                      ? tr("As memory mode promises: each instance accepts its own tokens, and no other’s.")
                      : matrix::explanationOf(result));
}

}  // namespace vx11::ui
