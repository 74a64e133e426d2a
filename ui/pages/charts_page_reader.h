// Reads what the charts of the page draw out of the history: once for each refresh, with gaps and events shared by all.
#pragma once

#include "charts/presence.h"
#include "pages/charts_page_plan.h"

namespace vx11::ui {

class ChartReader {
 public:
  ChartReader(const cluster::History& history, const QList<cluster::InstanceInfo>& instances,
              const cluster::RedisInfo& redis, const TimeSpan& range);

  [[nodiscard]] ChartData read(const ChartPlan& plan) const;
  /// Every second of the range, a line each, with the header line; empty cells where there was no value. UTF-8.
  [[nodiscard]] QByteArray table(const QList<ChartPlan>& plans) const;

 private:
  [[nodiscard]] std::vector<cluster::Point> points(const CurveSource& source, int maxPoints) const;
  [[nodiscard]] double newest(const CurveSource& source) const;
  void findGaps();

  const cluster::History& history_;
  const QList<cluster::InstanceInfo>& instances_;
  const cluster::RedisInfo& redis_;
  TimeSpan range_;
  qint64 step_ = 1000;
  Presence together_;             ///< of all instances: nobody answered
  std::vector<Presence> single_;  ///< of each, by its slot
  Presence ofRedis_;              ///< it may be away while all instances answer
  QList<ChartGap> gaps_, redisGaps_;
  QList<ChartMark> marks_;
};

}  // namespace vx11::ui
