#include "pages/overview_sums.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cluster/alert_watch.h"
#include "widgets/figure.h"
#include "widgets/metrics.h"
#include "widgets/sparkline.h"

namespace vx11::ui {
namespace {

using cluster::InstanceInfo;
using cluster::Metric;

constexpr qint64 windowMs = 5 * 60 * 1000;
constexpr int curvePoints = 60;

/// Those that answer now; while none does, all of them with their last values, which are then shown as stale.
struct Reporters {
  QList<InstanceInfo> used;
  qsizetype answering = 0;
  qsizetype total = 0;
  QString age;  ///< of the newest value, when nobody answers

  Reporters(const QList<InstanceInfo>& instances, const overview::Look& look) : total(instances.size()) {
    std::copy_if(instances.begin(), instances.end(), std::back_inserter(used),
                 [&](const auto& info) { return overview::reports(info, look); });
    answering = used.size();
    if (answering > 0) return;
    used = instances;
    const auto newest = std::max_element(used.begin(), used.end(),
                                         [](const auto& a, const auto& b) { return a.answeredAt < b.answeredAt; });
    if (newest != used.end()) age = overview::staleAge(*newest, look);
  }
};

template <typename T>
struct Sum {
  std::optional<T> value;
  qsizetype count = 0;
};

template <typename T>
Sum<T> sumOf(const QList<InstanceInfo>& instances, std::optional<T> InstanceInfo::*field) {
  Sum<T> sum;
  for (const InstanceInfo& info : instances) {
    if (!(info.*field)) continue;
    sum.value = sum.value.value_or(T{}) + *(info.*field);
    ++sum.count;
  }
  return sum;
}

/// The sum of what a metric counted in the last five minutes, per second.
double total(const cluster::History& history, Metric metric, const overview::Look& look) {
  const qint64 to = look.wall.toMSecsSinceEpoch();
  double sum = 0;
  for (const auto& point : history.combined(metric, to - windowMs, to, curvePoints)) {
    if (std::isfinite(point.value)) sum += point.value;
  }
  return sum;
}

std::vector<double> curve(const cluster::History& history, Metric metric, const overview::Look& look) {
  const qint64 to = look.wall.toMSecsSinceEpoch();
  std::vector<double> values;
  for (const auto& point : history.combined(metric, to - windowMs, to, curvePoints)) values.push_back(point.value);
  return values;
}

/// "0 of 1 instances report" when somebody is missing from a sum, else what the sum means.
QString subOf(const Reporters& reporters, qsizetype reported, const QString& meaning) {
  const qsizetype answered = reporters.answering == 0 ? 0 : reported;
  if (answered == reporters.total) return meaning;
  return SumStrip::tr("%1 of %2 instances report").arg(format::count(answered), format::count(reporters.total));
}

format::Quantity none() { return {SumStrip::tr("none", "nothing was measured"), {}, false}; }

}  // namespace

SumStrip::SumStrip(QWidget* parent) : FigureStrip(parent) {
  tokens_ = addCell(tr("Live tokens"));
  streams_ = addCell(tr("Open streams"));
  issued_ = addCell(tr("Issued"));
  checked_ = addCell(tr("Checked"));
  p95_ = addCell(tr("Check p95"));
  ratio_ = addCell(tr("Local hit ratio"));
}

SumStrip::Cell SumStrip::addCell(const QString& label) {
  const Cell cell{addFigure(label, metrics::space8), new Sparkline(tr("%1, last 5 min").arg(label))};
  cell.curve->setFixedHeight(22);
  cell.curve->setMinimumWidth(16);  // where place is short the number stays whole
  cell.curve->setMaximumWidth(58);
  cell.figure->setBeside(cell.curve);
  cell.figure->setSub(QStringLiteral(" "));
  cells_ << cell;
  return cell;
}

void SumStrip::display(const QList<InstanceInfo>& instances, const cluster::History& history,
                       const overview::Look& look) {
  const Reporters reporters(instances, look);
  const auto& used = reporters.used;
  const bool one = reporters.total == 1;

  const auto tokens = sumOf(used, &InstanceInfo::liveTokens);
  const auto apart = std::find_if(used.begin(), used.end(),
                                  [](const auto& info) { return info.reason == QStringLiteral("other_mode"); });
  const int ttl = used.isEmpty() ? 0 : used.first().ttlSec.value_or(0);  // 0: unknown, or none answers
  const bool sameTtl = ttl > 0 && std::all_of(used.begin(), used.end(),
                                              [ttl](const auto& info) { return info.ttlSec.value_or(0) == ttl; });
  tokens_.figure->setCount(tokens.value);
  tokens_.figure->setSub(subOf(reporters, tokens.count,
                               apart != used.end()
                                   ? tr("%1 shared, %2 in %3")
                                         .arg(format::count(tokens.value.value_or(0) - apart->liveTokens.value_or(0)),
                                              format::count(apart->liveTokens), apart->id)
                               : sameTtl ? tr("%1 each").arg(format::duration(ttl))
                               : one     ? tr("all on %1").arg(used.first().id)
                                         : tr("on %1 instances").arg(format::count(tokens.count))));

  const auto streams = sumOf(used, &InstanceInfo::streams);
  streams_.figure->setCount(streams.value);
  const QString where =
      one ? tr("all on %1").arg(used.first().id) : tr("on %1 instances").arg(format::count(streams.count));
  streams_.figure->setSub(subOf(reporters, streams.count, streams.value == 0 ? tr("none open") : where));

  const auto issued = sumOf(used, &InstanceInfo::issueRate);
  issued_.figure->setQuantity(format::rateParts(issued.value));
  qint64 lastMinute = 0;
  for (const InstanceInfo& info : used) lastMinute += info.issueLatency ? info.issueLatency->count : 0;
  issued_.figure->setSub(subOf(reporters, issued.count, tr("%1 in the last minute").arg(format::count(lastMinute))));

  const auto checked = sumOf(used, &InstanceInfo::checkRate);
  const double checks = total(history, Metric::CheckRate, look);
  const double refused = total(history, Metric::RefusedRate, look);
  checked_.figure->setQuantity(format::rateParts(checked.value));
  checked_.figure->setSub(
      subOf(reporters, checked.count,
            checks > 0 ? tr("%1 accepted").arg(format::ratio(1 - refused / checks)) : tr("none in 5 min")));

  const InstanceInfo* worst = nullptr;
  qsizetype measured = 0;
  for (const InstanceInfo& info : used) {
    if (!info.checkLatency) continue;
    ++measured;
    if (info.checkLatency->count == 0) continue;
    if (worst == nullptr || info.checkLatency->p95 > worst->checkLatency->p95) worst = &info;
  }
  if (worst != nullptr) {
    p95_.figure->setQuantity(format::latencyParts(worst->checkLatency->p95));
    p95_.figure->setSub(subOf(reporters, measured,
                              one ? tr("p99 %1").arg(format::latency(worst->checkLatency->p99))
                                  : tr("worst of %1, %2").arg(format::count(measured), worst->id)));
  } else {
    p95_.figure->setQuantity(measured > 0 ? none() : format::latencyParts({}));
    p95_.figure->setSub(subOf(reporters, measured, tr("no check in a minute")));
  }

  const double hits = total(history, Metric::LocalHitRate, look);
  const double asked = hits + total(history, Metric::RedisHitRate, look) + total(history, Metric::MissRate, look);
  const auto known = sumOf(used, &InstanceInfo::localHitRate).count;
  if (asked > 0)
    ratio_.figure->setQuantity(format::ratioParts(hits / asked));
  else
    ratio_.figure->setQuantity(known > 0 ? none() : format::ratioParts({}));
  const QString expected = format::ratio(1.0 / static_cast<double>(std::max<qsizetype>(1, reporters.total)));
  ratio_.figure->setSub(subOf(
      reporters, known,
      one ? tr("expected %1").arg(expected) : tr("expect %2 (1 in %1)").arg(format::count(reporters.total), expected)));

  for (const Cell& cell : cells_) {
    cell.figure->setStale(reporters.age);
    cell.curve->setTone(reporters.answering == 0 ? Sparkline::Tone::Idle : Sparkline::Tone::Quiet);
  }
}

void SumStrip::showAlarms(const cluster::AlertWatch& watch) {
  using cluster::AlertKind;
  const std::pair<const Cell*, QList<AlertKind>> rules[] = {
      {&tokens_, {AlertKind::LiveTokens}},
      {&streams_, {AlertKind::PrincipalStreams, AlertKind::StreamLatency}},
      {&issued_, {AlertKind::IssueRate, AlertKind::IssueLatency}},
      {&checked_, {AlertKind::Refusals}},
      {&p95_, {AlertKind::LocalCheckLatency, AlertKind::RedisCheckLatency}}};
  const auto& alerts = watch.alerts();
  for (const auto& [cell, kinds] : rules) {
    const bool fires = std::any_of(alerts.begin(), alerts.end(), [&kinds = kinds](const cluster::Alert& alert) {
      return alert.firing && kinds.contains(alert.key.kind);
    });
    if (fires) cell->curve->setTone(Sparkline::Tone::Warning);
  }
}

void SumStrip::drawCurves(const cluster::History& history, const overview::Look& look) {
  tokens_.curve->setValues(curve(history, Metric::LiveTokens, look));
  streams_.curve->setValues(curve(history, Metric::OpenStreams, look));
  issued_.curve->setValues(curve(history, Metric::IssueRate, look));
  checked_.curve->setValues(curve(history, Metric::CheckRate, look));
  p95_.curve->setValues(curve(history, Metric::CheckP95, look));
  ratio_.curve->setValues(curve(history, Metric::HitRatio, look));
}

}  // namespace vx11::ui
