#include "pages/overview_cache.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/mini_chart.h"

namespace vx11::ui {
namespace {

using cluster::InstanceInfo;
using cluster::Metric;

constexpr qint64 windowMs = 5 * 60 * 1000;
constexpr int points = 150;

std::optional<double> sumNow(const QList<InstanceInfo>& instances, std::optional<double> InstanceInfo::*field) {
  std::optional<double> sum;
  for (const InstanceInfo& info : instances) {
    if (info.*field) sum = sum.value_or(0) + *(info.*field);
  }
  return sum;
}

/// What neither the instance nor Redis knew.
std::optional<double> missesNow(const QList<InstanceInfo>& instances) {
  const auto local = sumNow(instances, &InstanceInfo::localMissRate);
  if (!local) return local;
  return std::max(0.0, *local - sumNow(instances, &InstanceInfo::redisHitRate).value_or(0));
}

}  // namespace

CacheCard::CacheCard(QWidget* parent)
    : Card(tr("Cache"), parent),
      chart_(new MiniChart(tr("Local hits and misses per second, last 5 min"))),
      local_(new LegendItem(tr("Local hits"), 1, false)),
      redis_(new LegendItem(tr("Redis hits"), 2, false)),
      misses_(new LegendItem(tr("Misses"), 3, true)) {
  setNote(tr("last 5 min"));
  auto* legend = new QHBoxLayout;
  legend->setSpacing(metrics::space8);
  for (LegendItem* item : {local_, redis_, misses_}) {
    legend->addWidget(item);
    legend->addStretch(1);
  }
  body()->addWidget(chart_, 1);
  body()->addLayout(legend);
}

void CacheCard::drawCurves(const QList<InstanceInfo>& instances, const cluster::History& history,
                           const overview::Look& look) {
  const bool redis = std::any_of(instances.begin(), instances.end(),
                                 [](const auto& info) { return info.redisConfigured.value_or(false); });
  QList<InstanceInfo> told;
  std::copy_if(instances.begin(), instances.end(), std::back_inserter(told),
               [&](const auto& info) { return overview::reports(info, look); });
  const bool stale = told.isEmpty();
  if (stale) told = instances;
  const qint64 to = look.wall.toMSecsSinceEpoch();
  const auto curve = [&](int slot, bool dashed, Metric metric) {
    MiniCurve made{slot, dashed, {}};
    for (const auto& point : history.combined(metric, to - windowMs, to, points)) made.values.push_back(point.value);
    return made;
  };
  std::vector<MiniCurve> curves{curve(1, false, Metric::LocalHitRate)};
  if (redis) curves.push_back(curve(2, false, Metric::RedisHitRate));
  curves.push_back(curve(3, true, Metric::MissRate));
  chart_->setCurves(std::move(curves));
  chart_->setIdle(stale);

  redis_->setVisible(redis);
  local_->setValue(format::rate(sumNow(told, &InstanceInfo::localHitRate)), stale);
  redis_->setValue(format::rate(sumNow(told, &InstanceInfo::redisHitRate)), stale);
  misses_->setValue(format::rate(missesNow(told)), stale);
}

}  // namespace vx11::ui
