#include "shell/production_banner.h"

#include <QHBoxLayout>

#include "shell/band_button.h"
#include "widgets/icon_label.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int lockSize = 13;
constexpr qint64 secondMs = 1000;

}  // namespace

ProductionBanner::ProductionBanner(cluster::Cluster& cluster, QWidget* parent)
    : ProductionBand(cluster.profile().name, parent),
      cluster_(cluster),
      lock_(new IconLabel(QStringLiteral("lock-fill"), lockSize, Token::OnProd)),
      state_(new TextLabel({}, FontRole::Body, Token::OnProd)),
      button_(new BandButton) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(metrics::space16, 0, metrics::space12, 0);
  row->setSpacing(metrics::space8);
  row->addStretch();
  row->addWidget(lock_);
  row->addWidget(state_);
  row->addSpacing(metrics::space4);
  row->addWidget(button_);
  connect(button_, &QAbstractButton::clicked, this, &ProductionBanner::pressed);
  connect(&second_, &QTimer::timeout, this, &ProductionBanner::refresh);
  connect(&cluster, &cluster::Cluster::canChangeChanged, this, &ProductionBanner::refresh);
  connect(&cluster, &cluster::Cluster::instancesChanged, this, &ProductionBanner::refreshFacts);
  second_.setInterval(secondMs / 4);  // no second is shown late by more than this
  refreshFacts();
  refresh();
}

QString ProductionBanner::state() const { return state_->text(); }

int ProductionBanner::wordsEnd() const { return lock_->x() - metrics::space16; }

void ProductionBanner::refreshFacts() {
  const auto count = cluster_.instances().size();
  setFacts(tr("%1, changes are real").arg(count == 1 ? tr("1 instance") : tr("%1 instances").arg(count)));
}

void ProductionBanner::refresh() {
  const bool allowed = cluster_.canChange();
  const auto end = cluster_.changesEndAt();
  end ? second_.start() : second_.stop();
  QString words = allowed ? tr("Changes allowed") : tr("Read-only");
  if (end) {
    const qint64 seconds = std::max<qint64>(0, (*end - cluster_.now() + secondMs - 1) / secondMs);
    words = tr("Changes allowed, %1:%2 left").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
  }
  if (state_->text() == words) return;
  state_->setText(words);
  lock_->setIcon(allowed ? QStringLiteral("unlock") : QStringLiteral("lock-fill"), Token::OnProd);
  button_->setText(allowed ? tr("Make read-only") : tr("Allow changes…"));
  button_->setAccessibleName(button_->text());
  button_->setAccessibleDescription(words);
  button_->updateGeometry();
  update();
}

}  // namespace vx11::ui
