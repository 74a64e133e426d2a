#include "pages/token_issue_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "dialogs/dangerous.h"
#include "pages/token_away.h"
#include "pages/token_sentences.h"
#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/note_box.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int mostAtOnce = 100'000, usualTtl = 60, usualMaxTtl = 300;

}  // namespace

TokenIssueForm::TokenIssueForm(cluster::Cluster& cluster, QWidget* parent)
    : Card(tr("Issue"), parent),
      cluster_(cluster),
      fields_(new QGridLayout),
      count_(new QSpinBox),
      ttl_(new QSpinBox),
      instance_(new QComboBox),
      singleUse_(new QCheckBox(tr("Single use"))),
      hint_(new NoteBox),
      error_(new TextLabel({}, FontRole::Label, Token::Crit)),
      progress_(new QProgressBar),
      cancel_(new QPushButton(tr("Cancel"))),
      issue_(new QPushButton) {
  addHeaderWidget(new Tag(QStringLiteral("Ctrl+N"), TagKind::KeyCap));
  count_->setRange(1, mostAtOnce);
  count_->setGroupSeparatorShown(true);
  ttl_->setRange(1, usualMaxTtl);
  ttl_->setValue(usualTtl);
  ttl_->setSuffix(tr(" s", "seconds, after a number"));
  instance_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  error_->setWordWrap(true);
  issue_->setProperty("primary", true);
  buildRows();

  connect(count_, &QSpinBox::valueChanged, this, &TokenIssueForm::refreshButton);
  connect(ttl_, &QSpinBox::valueChanged, this, [this] { ttlTouched_ = true; });
  connect(instance_, &QComboBox::currentIndexChanged, this, &TokenIssueForm::refreshTtl);
  connect(instance_, &QComboBox::currentIndexChanged, this, &TokenIssueForm::refreshHint);
  connect(issue_, &QPushButton::clicked, this, &TokenIssueForm::issue);
  connect(cancel_, &QPushButton::clicked, this, [this] {
    if (job_) job_->cancel();
  });
  refresh();
}

void TokenIssueForm::buildRows() {
  fields_->setHorizontalSpacing(metrics::space12);
  fields_->setVerticalSpacing(metrics::space8);
  const std::pair<QString, QWidget*> named[] = {{tr("Count"), count_}, {tr("TTL"), ttl_}, {tr("Instance"), instance_}};
  for (const auto& [text, field] : named) {
    auto* label = new TextLabel(text, FontRole::Body, Token::Text2);
    label->setBuddy(field);
    field->setAccessibleName(text);
    labels_ << label;
  }
  placeFields(false);
  body()->addLayout(fields_);
  body()->addWidget(hint_);
  body()->addWidget(error_);
  progress_->setTextVisible(false);
  body()->addWidget(progress_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(metrics::space8);
  buttons->addStretch();
  buttons->addWidget(cancel_);
  buttons->addWidget(issue_);
  body()->addLayout(buttons);
  error_->hide();
  progress_->hide();
  cancel_->hide();
}

void TokenIssueForm::setDefaults(int count, std::optional<int> ttlSec) {
  count_->setValue(count);
  ttlDefault_ = ttlSec;
  refreshTtl();
}

void TokenIssueForm::setWide(bool wide) { placeFields(wide); }

/// A column of fields, or two beside each other where the card is wide and low.
void TokenIssueForm::placeFields(bool wide) {
  QWidget* const fields[] = {count_, ttl_, instance_, singleUse_};
  for (int i = 0; i < 4; ++i) {
    const int row = wide ? i / 2 : i, column = wide ? i % 2 * 2 : 0;
    if (i < labels_.size()) fields_->addWidget(labels_[i], row, column);
    fields_->addWidget(fields[i], row, column + 1);
  }
  fields_->setColumnMinimumWidth(0, 68);
  fields_->setColumnStretch(1, 1);
  fields_->setColumnStretch(3, wide ? 1 : 0);
}

int TokenIssueForm::chosenSlot() const { return instance_->currentData().toInt(); }

cluster::IssueSpec TokenIssueForm::spec() const {
  cluster::IssueSpec spec;
  spec.count = count_->value();
  if (ttlTouched_ || ttlDefault_) spec.ttlSec = ttl_->value();
  spec.singleUse = singleUse_->isChecked();
  spec.slot = chosenSlot();
  return spec;
}

void TokenIssueForm::issue() {
  if (job_ || !tokens::whyNoChange(cluster_).isEmpty()) return refreshButton();
  count_->interpretText();
  ttl_->interpretText();
  const cluster::IssueSpec wanted = spec();
  const QString number = tokens::count(wanted.count);
  Confirmation question;
  question.title = tr("Issue tokens");
  question.question = tr("Issue %1 on %2?").arg(number, cluster_.profile().name);
  question.facts = {{tr("Lives"), format::duration(ttl_->value())}};
  question.verb = tr("Issue %1").arg(number);
  dangerous::ask(this, cluster_, question, dangerous::Asks::ToLift, [this, wanted] { issueNow(wanted); });
}

void TokenIssueForm::issueNow(const cluster::IssueSpec& wanted) {
  if (job_) return;
  error_->hide();
  job_ = cluster_.issue(wanted);
  connect(job_, &cluster::Job::progressed, this, [this](int done, int total) {
    progress_->setRange(0, total);
    progress_->setValue(done);
  });
  connect(job_, &cluster::IssueJob::finished, this,
          [this, wanted](const cluster::IssueOutcome& outcome) { finish(outcome, wanted); });
  progress_->setRange(0, wanted.count);
  progress_->setValue(0);
  progress_->setAccessibleName(tr("Issued so far"));
  progress_->setVisible(wanted.count > 1);
  cancel_->setVisible(wanted.count > 1);
  refreshButton();
}

void TokenIssueForm::finish(const cluster::IssueOutcome& outcome, const cluster::IssueSpec& wanted) {
  job_.clear();
  progress_->hide();
  cancel_->hide();
  const auto& instances = cluster_.instances();
  const int slot = instances.size() == 1 ? 0 : wanted.slot;
  const QString where = slot >= 0 && slot < instances.size() ? instances.at(slot).id : QString();
  const QString words = tokens::issued(outcome, wanted.count, ttl_->value(), where);
  const bool cancelled = outcome.failure.kind == cluster::Failure::Kind::Cancelled;
  error_->setText(words);
  error_->setVisible(outcome.failure && !cancelled);
  refreshButton();
  Q_EMIT issued(outcome);
  Q_EMIT message(words);
}

void TokenIssueForm::refresh() {
  refreshInstances();
  refreshTtl();
  refreshHint();
  refreshButton();
}

void TokenIssueForm::refreshInstances() {
  QStringList names{tr("Any (in turn)")};
  for (const auto& info : cluster_.instances()) {
    const QString name = tokens::instanceName(cluster_, info.slot);
    const bool away = info.state == cluster::InstanceState::Unreachable ||
                      info.state == cluster::InstanceState::Stopped || info.state == cluster::InstanceState::Paused;
    names << (away ? tr("%1 (%2)").arg(name, markWord(markOf(info.state)).toLower()) : name);
  }
  QStringList shown;
  for (int i = 0; i < instance_->count(); ++i) shown << instance_->itemText(i);
  if (shown == names) return;
  const QSignalBlocker blocker(instance_);
  const int slot = instance_->count() > 0 ? chosenSlot() : -1;
  instance_->clear();
  instance_->addItem(names.first(), -1);
  for (const auto& info : cluster_.instances()) instance_->addItem(names[instance_->count()], info.slot);
  instance_->setCurrentIndex(std::max(0, instance_->findData(slot)));
}

/// The default and the limit are the chosen instance's; of several, what all of them allow.
void TokenIssueForm::refreshTtl() {
  std::optional<int> usual, most;
  for (const auto& info : cluster_.instances()) {
    if (chosenSlot() >= 0 && info.slot != chosenSlot()) continue;
    if (!usual) usual = info.ttlSec;
    if (info.maxTtlSec) most = std::min(most.value_or(*info.maxTtlSec), *info.maxTtlSec);
  }
  const QSignalBlocker blocker(ttl_);
  ttl_->setMaximum(std::max(1, most.value_or(usualMaxTtl)));
  if (!ttlTouched_) ttl_->setValue(ttlDefault_.value_or(usual.value_or(usualTtl)));
  ttl_->setToolTip(tr("1 to %1 s").arg(format::count(ttl_->maximum())));
}

void TokenIssueForm::refreshHint() {
  const tokens::Hint hint = tokens::issueHint(cluster_, chosenSlot());
  hint_->setNote(hint.mark, hint.words);
}

void TokenIssueForm::refreshButton() {
  issue_->setText(tr("Issue %1").arg(tokens::count(count_->value())));
  const QString why = job_ ? tr("Issuing; Cancel stops it.") : tokens::whyNoChange(cluster_);
  issue_->setEnabled(why.isEmpty());
  issue_->setToolTip(why);
}

}  // namespace vx11::ui
