#include "pages/rollback_ask.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "cluster/rollback_words.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int longestReason = 200;

}  // namespace

RollbackAsk::RollbackAsk(QWidget* parent)
    : QWidget(parent),
      words_(new TextLabel),
      command_(new TextLabel({}, FontRole::Fixed)),
      done_(new QPushButton(tr("Done, go on"))),
      retry_(new QPushButton(tr("Retry"))),
      skip_(new QPushButton(tr("Skip…"))),
      whyRow_(new QWidget),
      why_(new QLineEdit),
      skipNow_(new QPushButton(tr("Skip this step"))) {
  for (TextLabel* label : {words_, command_}) {
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  }
  for (QPushButton* button : {done_, retry_}) button->setProperty("primary", true);
  why_->setPlaceholderText(tr("Why it may be skipped"));
  why_->setAccessibleName(tr("Why it may be skipped"));
  why_->setMaxLength(longestReason);

  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(metrics::space8);
  for (QPushButton* button : {done_, retry_, skip_}) buttons->addWidget(button);
  buttons->addStretch(1);
  auto* row = new QHBoxLayout(whyRow_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::space8);
  row->addWidget(why_, 1);
  row->addWidget(skipNow_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metrics::space8);
  column->addWidget(words_);
  column->addWidget(command_);
  column->addLayout(buttons);
  column->addWidget(whyRow_);

  connect(done_, &QPushButton::clicked, this, &RollbackAsk::confirmed);
  connect(retry_, &QPushButton::clicked, this, &RollbackAsk::retried);
  connect(skip_, &QPushButton::clicked, this, [this] { askWhy(!whyRow_->isVisibleTo(this)); });
  connect(why_, &QLineEdit::textChanged, this,
          [this](const QString& text) { skipNow_->setEnabled(!text.trimmed().isEmpty()); });
  connect(why_, &QLineEdit::returnPressed, this, &RollbackAsk::skip);
  connect(skipNow_, &QPushButton::clicked, this, &RollbackAsk::skip);
  askWhy(false);
  hide();
}

void RollbackAsk::display(const cluster::RollbackStep* step) {
  const bool asks = step != nullptr;
  if (std::exchange(asks_, asks) != asks) askWhy(false);
  setVisible(asks);
  if (!asks) return;
  words_->setText(step->detail);
  words_->setVisible(!step->detail.isEmpty());
  const QString command = step->failed ? cluster::rollback::commandLine(step->command) : QString();
  command_->setText(command);
  command_->setVisible(!command.isEmpty());
  done_->setVisible(!step->failed);
  retry_->setVisible(step->failed);
  skip_->setVisible(step->failed);
  if (!step->failed) askWhy(false);
}

void RollbackAsk::askWhy(bool on) {
  whyRow_->setVisible(on);
  why_->clear();
  skipNow_->setEnabled(false);
  if (on) why_->setFocus();
}

void RollbackAsk::skip() {
  const QString why = why_->text().trimmed();
  if (why.isEmpty()) return;
  askWhy(false);
  Q_EMIT skipped(why);
}

}  // namespace vx11::ui
