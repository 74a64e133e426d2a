#include "pages/rollback_target.h"

#include <QScopedValueRollback>
#include <QVBoxLayout>

#include "pages/cluster_abilities.h"
#include "pages/rollback_words.h"
#include "widgets/key_value.h"
#include "widgets/metrics.h"
#include "widgets/segmented.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

// In the order of the segments.
const QStringList targets{QStringLiteral("memory"), QStringLiteral("redis"), QStringLiteral("hybrid")};

}  // namespace

RollbackTarget::RollbackTarget(QWidget* parent)
    : Card(tr("Target"), parent),
      modes_(new Segmented(tr("Mode to go to"), targets)),
      promise_(new TextLabel({}, FontRole::Body, Token::Text2)),
      facts_(new KeyValueList) {
  promise_->setWordWrap(true);
  now_ = facts_->add(tr("Now"));
  order_ = facts_->add(tr("Order"));
  drain_ = facts_->add(tr("Old tokens"));
  facts_->add(tr("If a step fails"))->setValue(tr("what was changed is put back"));
  body()->setSpacing(metrics::space8);
  addHeaderWidget(modes_);
  body()->addWidget(promise_);
  body()->addWidget(facts_);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(modes_, &Segmented::changed, this, [this] {
    promise_->setText(rollback::promise(mode()));
    if (!choosing_) Q_EMIT chosen();
  });
}

QString RollbackTarget::mode() const { return targets.value(modes_->current()); }

void RollbackTarget::choose(const QString& mode) {
  const QScopedValueRollback quiet(choosing_, true);
  modes_->setCurrent(static_cast<int>(targets.indexOf(mode)));
}

void RollbackTarget::display(const cluster::Cluster& cluster, const QString& locked, bool brief) {
  const auto& instances = cluster.instances();
  for (int i = 0; i < targets.size(); ++i)
    modes_->setSegmentDisabledBecause(i, locked.isEmpty() ? abilities::whyNotTo(cluster, targets.at(i)) : locked);
  promise_->setText(rollback::promise(mode()));
  facts_->setVisible(!brief);
  now_->setValue(rollback::modesNow(instances));
  QStringList names;
  for (const auto& info : instances) names << info.id;
  order_->setValue(names.size() > 1 ? tr("%1, one at a time").arg(names.join(QStringLiteral(", ")))
                                    : names.join(QString()));
  const auto life = rollback::longestLife(instances);
  drain_->setValue(life ? tr("accepted to their end, %1 at most").arg(format::duration(life))
                        : tr("accepted to their end"));
}

}  // namespace vx11::ui
