#include "pages/overview_normal.h"

#include <QVBoxLayout>
#include <algorithm>

#include "pages/overview_alerts.h"
#include "pages/overview_balancer.h"
#include "pages/overview_cache.h"
#include "pages/overview_first.h"
#include "pages/overview_grid.h"
#include "pages/overview_power.h"
#include "pages/overview_recent.h"
#include "pages/overview_redis.h"
#include "pages/overview_sums.h"
#include "pages/overview_tokens.h"
#include "widgets/format.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr qint64 checksWindowMs = 5 * 60 * 1000;
constexpr int checksPoints = 60;

}  // namespace

NormalView::NormalView(cluster::AlertWatch* alerts, QWidget* parent)
    : QWidget(parent),
      sums_(new SumStrip),
      grid_(new CardGrid),
      newest_(new NewestTokens),
      cache_(new CacheCard),
      recent_(new RecentCard),
      redis_(new RedisCard),
      balancer_(new BalancerCard),
      watch_(alerts),
      alerts_(new AlertsCard(alerts, false)),
      alertsLine_(new AlertsCard(alerts, true)),
      traffic_(new QWidget),
      side_(new QWidget) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metrics::cardGap);
  column->addWidget(sums_);
  column->addWidget(grid_, 1);
  for (QWidget* stack : {traffic_, side_}) {
    auto* rows = new QVBoxLayout(stack);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(metrics::cardGap);
  }
  auto* traffic = static_cast<QVBoxLayout*>(traffic_->layout());
  traffic->addWidget(cache_, 1);
  traffic->addWidget(balancer_);
  balancer_->hide();
  side_->hide();
  // What isn't placed now has an owner all the same.
  for (QWidget* card : {static_cast<QWidget*>(alerts_), side_}) card->setParent(grid_);
  alertsLine_->setParent(side_);
  placeCards();
  connect(newest_, &NewestTokens::allRequested, this, &NormalView::allTokensRequested);
  connect(newest_, &NewestTokens::issueRequested, this, &NormalView::issueRequested);
  connect(recent_, &RecentCard::logRequested, this, &NormalView::logRequested);
  connect(redis_, &RedisCard::openRequested, this, [this] { Q_EMIT pageRequested(PageId::Redis); });
  connect(redis_, &RedisCard::copyRequested, this, &NormalView::copyRequested);
  connect(balancer_, &BalancerCard::testRequested, this, [this] { Q_EMIT pageRequested(PageId::Matrix); });
}

void NormalView::matchCards(cluster::Cluster& cluster) {
  const qsizetype wanted = cluster.instances().size();
  if (wanted == instances_.size()) return;
  while (instances_.size() > wanted) instances_.takeLast()->deleteLater();
  while (instances_.size() < wanted) {
    const int index = static_cast<int>(instances_.size());
    auto* card = new InstanceCard(grid_);
    connect(card, &InstanceCard::chosen, this, [this, index](InstanceVerb verb) { Q_EMIT chosen(index, verb); });
    card->menu()->setExtras([this, &cluster, index](QMenu& menu) { addPowerEntries(menu, cluster, index, this); });
    instances_ << card;
  }
  redis_->setMenuExtras([this, &cluster](QMenu& menu) { addPowerEntries(menu, cluster, -1, this); });
  placeCards();
}

/// Redis stands in the row of the instances where it has a place left; below stand the newest tokens, the traffic and
/// the rest.
void NormalView::placeCards() {
  QList<QWidget*> cards(instances_.begin(), instances_.end());
  const auto count = static_cast<int>(instances_.size());
  side_->setVisible(count > 1);
  newest_->setScrolls(columns_ < 4);
  if (count <= 1) {
    alerts_->show();
    cards << traffic_ << redis_ << newest_ << recent_ << alerts_;
    return grid_->setCards(cards, recent_, traffic_);
  }
  auto* side = static_cast<QVBoxLayout*>(side_->layout());
  side->addWidget(alertsLine_);
  side->addWidget(recent_, 1);
  alerts_->hide();
  const int left = (columns_ - count % columns_) % columns_;
  if (left == 0)
    cards << newest_ << traffic_ << redis_;
  else if (left == 1)
    cards << redis_ << newest_ << traffic_;
  else if (left == 2)
    cards << traffic_ << redis_ << newest_;
  else
    cards << redis_ << traffic_ << newest_;
  cards << side_;
  grid_->setCards(cards, side_, left == 2 ? static_cast<QWidget*>(newest_) : traffic_);
}

void NormalView::display(cluster::Cluster& cluster, const QList<cluster::InstanceInfo>& instances,
                         const overview::Look& look) {
  matchCards(cluster);
  sums_->display(instances, cluster.history(), look);
  for (qsizetype i = 0; i < instances.size(); ++i) instances_.at(i)->display(instances.at(i), look);
  showAlarms(instances);
  newest_->display(cluster.tokens(), look, overview::tokenListAge(cluster, look),
                   instances.isEmpty() ? std::nullopt : instances.first().ttlSec);
  recent_->display(cluster.journal(), look);
  alerts_->display(cluster);
  alertsLine_->display(cluster);
  redis_->display(cluster, look);
  balancer_->setVisible(!cluster.profile().balancer.isEmpty());
  balancer_->display(cluster.profile().balancer);
}

void NormalView::showAlarms(const QList<cluster::InstanceInfo>& instances) {
  using cluster::AlertKind;
  if (watch_ == nullptr) return;
  sums_->showAlarms(*watch_);
  for (qsizetype i = 0; i < instances.size(); ++i) {
    const int slot = instances.at(i).slot;
    instances_.at(i)->setAlarm(watch_->fires(AlertKind::Refusals, slot) ||
                               watch_->fires(AlertKind::LocalCheckLatency, slot) ||
                               watch_->fires(AlertKind::RedisCheckLatency, slot));
  }
}

void NormalView::drawCurves(const cluster::Cluster& cluster, const overview::Look& look) {
  const auto& history = cluster.history();
  const auto& instances = cluster.instances();
  sums_->drawCurves(history, look);
  cache_->drawCurves(instances, history, look);
  const qint64 to = look.wall.toMSecsSinceEpoch();
  for (qsizetype i = 0; i < instances_.size() && i < instances.size(); ++i) {
    std::vector<double> values;
    for (const auto& point :
         history.series(cluster::Metric::CheckRate, instances.at(i).slot, to - checksWindowMs, to, checksPoints))
      values.push_back(point.value);
    instances_.at(i)->setChecks(std::move(values));
  }
}

void NormalView::focusInstance(int slot) {
  if (InstanceCard* card = instances_.value(slot)) card->setFocus(Qt::ShortcutFocusReason);
}

void NormalView::setAvailableWidth(int width) {
  grid_->setAvailableWidth(width);
  columns_ = cardColumns(width);
  placeCards();
}

}  // namespace vx11::ui
