#include "pages/overview_normal.h"

#include <QVBoxLayout>
#include <algorithm>

#include "pages/overview_cache.h"
#include "pages/overview_first.h"
#include "pages/overview_grid.h"
#include "pages/overview_recent.h"
#include "pages/overview_sums.h"
#include "pages/overview_tokens.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr qint64 checksWindowMs = 5 * 60 * 1000;
constexpr int checksPoints = 60;

/// The list is as old as its last news; while every instance answers, silence only means that nothing changed.
QString listAge(cluster::Cluster& cluster, const overview::Look& look) {
  for (const auto& info : cluster.instances()) {
    if (!overview::reports(info, look) && cluster.tokens().updatedAt() >= 0)
      return format::age(std::max<qint64>(0, look.now - cluster.tokens().updatedAt()) / 1000);
  }
  return {};
}

}  // namespace

NormalView::NormalView(QWidget* parent)
    : QWidget(parent),
      sums_(new SumStrip),
      grid_(new CardGrid),
      newest_(new NewestTokens),
      cache_(new CacheCard),
      recent_(new RecentCard),
      redis_(redisNotUsedCard()),
      alerts_(alertsCard()) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metrics::cardGap);
  column->addWidget(sums_);
  column->addWidget(grid_, 1);
  matchCards({});
  connect(newest_, &NewestTokens::allRequested, this, &NormalView::allTokensRequested);
  connect(newest_, &NewestTokens::issueRequested, this, &NormalView::issueRequested);
  connect(recent_, &RecentCard::logRequested, this, &NormalView::logRequested);
}

void NormalView::matchCards(const QList<cluster::InstanceInfo>& instances) {
  while (instances_.size() > instances.size()) instances_.takeLast()->deleteLater();
  while (instances_.size() < instances.size()) {
    const int index = static_cast<int>(instances_.size());
    auto* card = new InstanceCard(grid_);
    connect(card, &InstanceCard::chosen, this, [this, index](InstanceVerb verb) { Q_EMIT chosen(index, verb); });
    instances_ << card;
  }
  QList<QWidget*> cards(instances_.begin(), instances_.end());
  cards << cache_ << redis_ << newest_ << recent_ << alerts_;
  grid_->setCards(cards, recent_, cache_);
}

void NormalView::display(cluster::Cluster& cluster, const overview::Look& look) {
  const auto& instances = cluster.instances();
  matchCards(instances);
  sums_->display(instances, cluster.history(), look);
  for (qsizetype i = 0; i < instances.size(); ++i) instances_.at(i)->display(instances.at(i), look);
  newest_->display(cluster.tokens(), look, listAge(cluster, look),
                   instances.isEmpty() ? std::nullopt : instances.first().ttlSec);
  recent_->display(cluster.journal(), look);
}

void NormalView::drawCurves(const cluster::Cluster& cluster, const overview::Look& look) {
  const auto& history = cluster.history();
  const auto& instances = cluster.instances();
  sums_->drawCurves(history, look);
  cache_->drawCurves(instances, history, look);
  const qint64 to = look.wall.toMSecsSinceEpoch();
  for (qsizetype i = 0; i < instances_.size() && i < instances.size(); ++i) {
    std::vector<double> values;
    for (const auto& point : history.series(cluster::Metric::CheckRate, instances.at(i).slot, to - checksWindowMs, to,
                                            checksPoints))
      values.push_back(point.value);
    instances_.at(i)->setChecks(std::move(values));
  }
}

void NormalView::setAvailableWidth(int width) { grid_->setAvailableWidth(width); }

}  // namespace vx11::ui
