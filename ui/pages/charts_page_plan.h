// Which charts the page shows and what each of their curves is made of: a table rather than code.
#pragma once

#include "charts/chart_data.h"
#include "cluster/cluster.h"

namespace vx11::ui {

enum class ChartMode { Summed, PerInstance };

struct CurveSource {
  cluster::Metric metric{};
  int slot = -1;      ///< of one instance; -1: summed, or the worst of all
  double factor = 1;  ///< from the sample's unit to the chart's
  friend bool operator==(const CurveSource&, const CurveSource&) = default;
};

struct ChartPlan {
  ChartSpec spec;
  QList<CurveSource> sources;  ///< one for each curve of the spec
  bool redis = false;          ///< there is nothing to show in memory mode
};

/// Eight charts summed; per instance ten, because no chart then mixes two metrics. Open streams are always per
/// instance.
[[nodiscard]] QList<ChartPlan> chartPlans(ChartMode mode, const QList<cluster::InstanceInfo>& instances,
                                          const cluster::RedisInfo& redis);

/// True when every instance says that it works without Redis, and the profile has none either.
[[nodiscard]] bool redisNotUsed(const QList<cluster::InstanceInfo>& instances, const cluster::RedisInfo& redis);
/// The mark of the memory chart; none without a limit, or so far from it that the curve would be flat beside it.
[[nodiscard]] QList<ChartLimit> memoryLimits(const cluster::RedisInfo& redis);

/// A column's name in an exported table: "local_hits_per_s", with "@fra-1" for one instance.
[[nodiscard]] QString columnName(const CurveSource& source, const QList<cluster::InstanceInfo>& instances);

/// What an event on the time axis is about, in words: "fra-3 back".
[[nodiscard]] QString markWords(const cluster::TimeMark& mark);

}  // namespace vx11::ui
