#include "pages/stream_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "dialogs/dangerous.h"
#include "models/stream_words.h"
#include "pages/token_sentences.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

using Where = cluster::StreamSpec::Where;

constexpr int inTurn = -1, everyInstance = -2, balancer = -3;  // in a slot's place
constexpr int longestId = 200;
const auto countKey = QStringLiteral("count");
const auto singleUseKey = QStringLiteral("singleUse");

}  // namespace

StreamForm::StreamForm(cluster::Cluster& cluster, QWidget* parent)
    : Card(tr("Open streams"), parent),
      cluster_(cluster),
      where_(new QComboBox),
      count_(new QSpinBox),
      singleUse_(new QCheckBox(tr("Single use"))),
      lastEventId_(new QLineEdit),
      error_(new TextLabel({}, FontRole::Label, Token::Crit)),
      open_(new QPushButton) {
  where_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  count_->setRange(1, cluster::Streams::most);
  singleUse_->setToolTip(tr("Their tokens are accepted once; a stream that is cut comes back by its resume credential"));
  lastEventId_->setMaxLength(longestId);
  lastEventId_->setPlaceholderText(tr("from now on"));
  lastEventId_->setToolTip(tr("Sent as Last-Event-ID: what came after that event is told again"));
  lastEventId_->setClearButtonEnabled(true);
  open_->setProperty("primary", true);
  error_->setWordWrap(true);
  error_->hide();
  buildRows();
  connect(count_, &QSpinBox::valueChanged, this, &StreamForm::refreshButton);
  connect(where_, &QComboBox::currentIndexChanged, this, &StreamForm::refreshButton);
  connect(lastEventId_, &QLineEdit::returnPressed, this, &StreamForm::open);
  connect(open_, &QPushButton::clicked, this, &StreamForm::open);
  refresh();
}

void StreamForm::buildRows() {
  auto* fields = new QGridLayout;
  fields->setHorizontalSpacing(metrics::space12);
  fields->setVerticalSpacing(metrics::space8);
  const auto label = [](const QString& text, QWidget* field) {
    auto* made = new TextLabel(text, FontRole::Body, Token::Text2);
    made->setBuddy(field);
    field->setAccessibleName(text);
    return made;
  };
  fields->addWidget(label(tr("Instance"), where_), 0, 0);
  fields->addWidget(where_, 0, 1, 1, 3);
  fields->addWidget(label(tr("Count"), count_), 1, 0);
  fields->addWidget(count_, 1, 1);
  fields->addWidget(singleUse_, 1, 2, 1, 2);
  fields->addWidget(label(tr("Last event id"), lastEventId_), 2, 0);
  fields->addWidget(lastEventId_, 2, 1, 1, 2);
  fields->addWidget(open_, 2, 3);
  fields->setColumnStretch(1, 1);
  fields->setColumnStretch(2, 1);
  body()->addLayout(fields);
  body()->addWidget(error_);
}

cluster::StreamSpec StreamForm::spec() const {
  cluster::StreamSpec spec;
  const int chosen = where_->currentData().toInt();
  spec.where = chosen == inTurn          ? Where::InTurn
               : chosen == everyInstance ? Where::EveryInstance
               : chosen == balancer      ? Where::Balancer
                                         : Where::Instance;
  spec.slot = chosen >= 0 ? chosen : -1;
  spec.count = count_->value();
  spec.singleUse = singleUse_->isChecked();
  spec.lastEventId = lastEventId_->text().trimmed();
  return spec;
}

void StreamForm::open() {
  count_->interpretText();
  if (const QString why = whyNot(); !why.isEmpty()) {
    refreshButton();
    return Q_EMIT message(why);
  }
  Confirmation question;
  question.title = tr("Open streams");
  question.question = tr("%1 on %2?").arg(open_->text(), cluster_.profile().name);
  question.facts = {{tr("Issued"), tr("a fresh token for each")}};
  question.verb = open_->text();
  dangerous::ask(this, cluster_, question, dangerous::Asks::ToLift, [this] { openNow(); });
}

void StreamForm::openNow() {
  cluster::Streams& all = *cluster_.streams();
  const auto newest = [&all] { return all.streams().isEmpty() ? 0 : all.streams().last().id; };
  const quint64 before = newest();
  const QString problem = streams::failure(all.open(spec()));
  error_->setText(problem);
  error_->setVisible(!problem.isEmpty());
  Q_EMIT message(problem.isEmpty() ? tr("Opening %1").arg(streams::count(static_cast<qint64>(newest() - before)))
                                   : problem);
}

QString StreamForm::whyNot() const { return tokens::whyNoChange(cluster_); }

void StreamForm::setLastEventId(const QString& id) { lastEventId_->setText(id); }

void StreamForm::refresh() {
  refreshTargets();
  refreshButton();
}

void StreamForm::refreshTargets() {
  QList<std::pair<QString, int>> targets{{tr("Any (in turn)"), inTurn}};
  const auto& instances = cluster_.instances();
  if (instances.size() > 1) targets.append({tr("Every instance"), everyInstance});
  if (!cluster_.profile().balancer.isEmpty()) targets.append({tr("Balancer"), balancer});
  for (const auto& info : instances) targets.append({tokens::instanceName(cluster_, info.slot), info.slot});
  bool same = targets.size() == where_->count();
  for (int i = 0; same && i < where_->count(); ++i)
    same = where_->itemText(i) == targets[i].first && where_->itemData(i).toInt() == targets[i].second;
  if (same) return;
  const QSignalBlocker blocker(where_);
  const int chosen = where_->count() > 0 ? where_->currentData().toInt() : inTurn;
  where_->clear();
  for (const auto& [text, value] : targets) where_->addItem(text, value);
  where_->setCurrentIndex(std::max(0, where_->findData(chosen)));
}

void StreamForm::refreshButton() {
  const bool onEach = where_->currentData().toInt() == everyInstance;
  open_->setText(tr("Open %1").arg(streams::count(count_->value() * (onEach ? cluster_.instances().size() : 1))));
  const QString why = whyNot();
  open_->setEnabled(why.isEmpty());
  open_->setToolTip(why);
}

QVariantMap StreamForm::viewState() const {
  return {{countKey, count_->value()}, {singleUseKey, singleUse_->isChecked()}};
}

void StreamForm::restoreViewState(const QVariantMap& state) {
  count_->setValue(state.value(countKey, 1).toInt());
  singleUse_->setChecked(state.value(singleUseKey).toBool());
}

}  // namespace vx11::ui
