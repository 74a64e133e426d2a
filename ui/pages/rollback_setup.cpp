#include "pages/rollback_setup.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "pages/cluster_abilities.h"
#include "pages/rollback_routing.h"
#include "pages/rollback_words.h"
#include "widgets/metrics.h"
#include "widgets/segmented.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

const QString single = QStringLiteral("single"), restart = QStringLiteral("restart");
constexpr std::array watchSeconds{0, 60, 300, 600};

QStringList segments() {
  QStringList words;
  for (const QString& target : rollback::targets()) words << rollback::targetWord(target);
  return words;
}

bool isAway(const cluster::InstanceInfo& info) {
  return info.state == cluster::InstanceState::Unreachable || info.state == cluster::InstanceState::Stopped;
}

QWidget* labelled(QGridLayout* grid, const QString& label, QWidget* field, Qt::Alignment side = Qt::AlignVCenter) {
  auto* words = new TextLabel(label, FontRole::Body, Token::Text2);
  words->setBuddy(field);
  const int row = grid->rowCount();
  grid->addWidget(words, row, 0, side);
  grid->addWidget(field, row, 1);
  return words;
}

QGridLayout* makeGrid() {
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(metrics::space12);
  grid->setVerticalSpacing(metrics::space8);
  grid->setColumnMinimumWidth(0, RollbackSetup::labelWidth);
  grid->setColumnStretch(1, 1);
  return grid;
}

}  // namespace

RollbackSetup::RollbackSetup(const cluster::Profile& profile, QWidget* parent)
    : Card(tr("What to do"), parent),
      targets_(new Segmented(tr("Where to go"), segments())),
      promise_(new TextLabel({}, FontRole::Body, Token::Text2)),
      grid_(makeGrid()),
      now_(new TextLabel),
      keep_(new QComboBox),
      skips_(new QWidget),
      skipRows_(new QVBoxLayout(skips_)),
      routing_(new RollbackRouting(profile)),
      watch_(new Segmented(tr("How long refusals are watched"),
                           {tr("not at all"), tr("1 min"), tr("5 min"), tr("10 min")})),
      watchRow_(new QWidget) {
  promise_->setWordWrap(true);
  now_->setWordWrap(true);
  keep_->setAccessibleName(tr("Instance that stays"));
  skips_->setAccessibleName(tr("Instances that are skipped"));
  skipRows_->setContentsMargins(0, 0, 0, 0);
  skipRows_->setSpacing(metrics::space4);
  labelled(grid_, tr("Now"), now_, Qt::AlignTop);
  keepLabel_ = labelled(grid_, tr("&Keep"), keep_);
  skipsLabel_ = labelled(grid_, tr("Skip"), skips_, Qt::AlignTop);
  auto* watch = makeGrid();
  watchRow_->setLayout(watch);
  watch->setContentsMargins(0, 0, 0, 0);
  labelled(watch, tr("Watch"), watch_);
  watch->setAlignment(watch_, Qt::AlignLeft | Qt::AlignVCenter);
  watch_->setToolTip(tr("After the drain window: more refusals than before stop the operation. Not at all: it ends "
                        "once all is switched and tested."));
  body()->setSpacing(metrics::space8);
  body()->addWidget(targets_);
  body()->addWidget(promise_);
  body()->addLayout(grid_);
  body()->addWidget(routing_);
  body()->addWidget(watchRow_);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  watch_->setCurrent(1);
  connect(targets_, &Segmented::changed, this, [this] {
    showTarget();
    tell();
  });
  connect(keep_, &QComboBox::currentIndexChanged, this, &RollbackSetup::tell);
  connect(watch_, &Segmented::changed, this, &RollbackSetup::tell);
  connect(routing_, &RollbackRouting::edited, this, &RollbackSetup::tell);
  showTarget();
}

QString RollbackSetup::target() const { return rollback::targets().value(targets_->current()); }

void RollbackSetup::choose(const QString& target) {
  const QScopedValueRollback quiet(choosing_, true);
  targets_->setCurrent(static_cast<int>(rollback::targets().indexOf(target)));
}

QString RollbackSetup::problem() const { return routing_->problem(); }

cluster::RollbackSpec RollbackSetup::spec() const {
  cluster::RollbackSpec spec;
  spec.attended = true;
  if (target() == restart) {
    spec.plan = cluster::RollbackSpec::Plan::Restart;
  } else {
    spec.to = target();
    spec.watchSec = watchSeconds[static_cast<std::size_t>(std::max(0, watch_->current()))];
  }
  if (target() == single) spec.keep = keep_->currentText();
  for (const QCheckBox* box : boxes_)
    if (box->isChecked()) spec.skip << box->text();
  routing_->writeTo(spec);
  return spec;
}

void RollbackSetup::tell() {
  if (!choosing_) Q_EMIT chosen();
}

void RollbackSetup::showTarget() {
  promise_->setText(rollback::promise(target()));
  keep_->setVisible(target() == single);
  keepLabel_->setVisible(target() == single);
  watchRow_->setVisible(target() != restart);
}

void RollbackSetup::display(const cluster::Cluster& cluster, const QString& locked) {
  const QScopedValueRollback quiet(choosing_, true);
  const auto& instances = cluster.instances();
  const QStringList all = rollback::targets();
  for (int i = 0; i < all.size(); ++i)
    targets_->setSegmentDisabledBecause(i, locked.isEmpty() ? abilities::whyNotTo(cluster, all.at(i)) : locked);
  for (QWidget* field : {static_cast<QWidget*>(keep_), skips_, static_cast<QWidget*>(routing_), watchRow_})
    field->setEnabled(locked.isEmpty());
  now_->setText(rollback::modesNow(instances));
  showTarget();
  showKeep(instances);
  showSkips(instances);
  const bool foreign =
      std::any_of(instances.begin(), instances.end(), [](const auto& info) { return !info.internalCalls; });
  routing_->showRestart(target() == restart || target() == single || foreign);
}

void RollbackSetup::showKeep(const QList<cluster::InstanceInfo>& instances) {
  QStringList names, known;
  for (const auto& info : instances)
    if (!isAway(info) && info.internalCalls) names << info.id;
  for (int i = 0; i < keep_->count(); ++i) known << keep_->itemText(i);
  if (names == known) return;
  const QString before = keep_->currentText();
  keep_->clear();
  keep_->addItems(names);
  if (names.contains(before)) keep_->setCurrentText(before);
}

void RollbackSetup::showSkips(const QList<cluster::InstanceInfo>& instances) {
  QStringList wanted, known, chosen;
  for (const QCheckBox* box : boxes_) {
    known << box->text();
    if (box->isChecked()) chosen << box->text();
  }
  for (const auto& info : instances)
    if (isAway(info) || chosen.contains(info.id)) wanted << info.id;
  skips_->setVisible(!wanted.isEmpty());
  skipsLabel_->setVisible(!wanted.isEmpty());
  if (wanted == known) return;
  for (QCheckBox* box : boxes_) {  // perhaps it is one's own click that leads here
    box->hide();
    box->deleteLater();
  }
  boxes_.clear();
  for (const QString& id : wanted) {
    auto* box = new QCheckBox(id);
    box->setChecked(chosen.contains(id));
    skipRows_->addWidget(box);
    boxes_ << box;
    connect(box, &QCheckBox::toggled, this, &RollbackSetup::tell);
  }
}

}  // namespace vx11::ui
