#include "pages/rollback_refused.h"

#include <QGridLayout>
#include <QVBoxLayout>

#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/mini_chart.h"

namespace vx11::ui {
namespace {

constexpr qint64 windowMs = 5 * 60 * 1000;
constexpr int points = 120, legendColumns = 4;

}  // namespace

RollbackRefused::RollbackRefused(QWidget* parent)
    : Card(tr("Refused checks"), parent),
      chart_(new MiniChart(tr("Refused checks a second of each instance, last 5 min"))),
      legend_(new QGridLayout) {
  setNote(tr("per second, last 5 min"));
  legend_->setSpacing(metrics::space8);
  body()->addWidget(chart_, 1);
  body()->addLayout(legend_);
}

void RollbackRefused::makeLegend(const QStringList& names) {
  qDeleteAll(items_);
  items_.clear();
  for (int i = 0; i < names.size(); ++i) {
    items_ << new LegendItem(names.at(i), instanceSeries(i), i >= seriesCount);
    legend_->addWidget(items_.last(), i / legendColumns, i % legendColumns, Qt::AlignLeft);
  }
  names_ = names;
}

void RollbackRefused::display(const cluster::Cluster& cluster, const QDateTime& wall) {
  QStringList names;
  for (const auto& info : cluster.instances()) names << info.id;
  if (names != names_) makeLegend(names);
  const qint64 to = wall.toMSecsSinceEpoch();
  std::vector<MiniCurve> curves;
  for (int i = 0; i < names.size(); ++i) {
    const auto& info = cluster.instances().at(i);
    MiniCurve curve{instanceSeries(i), i >= seriesCount, {}};
    for (const auto& point :
         cluster.history().series(cluster::Metric::RefusedRate, info.slot, to - windowMs, to, points))
      curve.values.push_back(point.value);
    curves.push_back(std::move(curve));
    const bool stale =
        info.state == cluster::InstanceState::Unreachable || info.state == cluster::InstanceState::Stopped;
    items_.at(i)->setValue(format::rate(info.refusedRate), stale);
  }
  chart_->setCurves(std::move(curves));
}

}  // namespace vx11::ui
