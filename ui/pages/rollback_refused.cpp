#include "pages/rollback_refused.h"

#include <QVBoxLayout>
#include <cmath>
#include <utility>

#include "charts/time_chart.h"
#include "pages/charts_page_plan.h"
#include "pages/rollback_words.h"

namespace vx11::ui {
namespace {

using cluster::Metric;
using cluster::Point;

constexpr qint64 windowMs = 5 * 60 * 1000;
constexpr int points = 150, lowest = 120;
constexpr double percent = 100;

/// Nothing where nothing was checked.
std::vector<Point> shareOf(const cluster::History& history, int slot, const TimeSpan& range) {
  std::vector<Point> shares = history.series(Metric::RefusedRate, slot, range.from, range.to, points);
  const auto checks = history.series(Metric::CheckRate, slot, range.from, range.to, points);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double all = i < checks.size() ? checks[i].value : std::nan("");
    shares[i].value = all > 0 ? percent * shares[i].value / all : std::nan("");
  }
  return shares;
}

}  // namespace

RollbackRefused::RollbackRefused(QWidget* parent) : QWidget(parent), chart_(new TimeChart(cursor_)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(chart_);
  chart_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);
}

void RollbackRefused::setMayGiveWay(bool on) { setMinimumHeight(on ? 0 : lowest); }

void RollbackRefused::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  chart_->setVisible(height() >= lowest);
}

void RollbackRefused::setNames(const QStringList& names) {
  names_ = names;
  ChartSpec spec;
  spec.title = tr("Refused checks");
  spec.unit = tr("% of all, own tests too");
  for (int i = 0; i < names.size(); ++i)
    spec.curves << CurveSpec{names.at(i), instanceStyle(i), false,
                             [](double value) { return rollback::percent(value / percent); }, tr("no checks")};
  chart_->setSpec(spec);
}

void RollbackRefused::display(const cluster::Cluster& cluster, double gate, const QDateTime& wall) {
  QStringList names;
  for (const auto& info : cluster.instances()) names << info.id;
  if (names != names_) setNames(names);
  ChartData shown;
  shown.range = {wall.toMSecsSinceEpoch() - windowMs, wall.toMSecsSinceEpoch()};
  shown.step = windowMs / points;
  for (const auto& info : cluster.instances())
    shown.curves.push_back(shareOf(cluster.history(), info.slot, shown.range));
  for (const auto& mark : cluster.history().marks(shown.range.from, shown.range.to))
    shown.marks += {mark.at, markWords(mark)};
  shown.limits = {{percent * gate, tr("gate %1").arg(rollback::percent(gate))}};
  shown.topAtLeast = 2 * percent * gate;  // it stands in the middle
  shown.whenEmpty = tr("No checks in the last 5 min");
  chart_->setData(std::move(shown));
}

}  // namespace vx11::ui
