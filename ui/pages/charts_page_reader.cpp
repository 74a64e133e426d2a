#include "pages/charts_page_reader.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/format.h"

namespace vx11::ui {

using cluster::Metric;
using cluster::Point;
using cluster::TimeMark;

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::ChartsPage)
};

/// Steps of 1, 1, 3 and 12 s for the four ranges: about one point for every one and a half pixels.
constexpr int pointsPerCurve = 320;
/// Has a value whenever an instance answered at all; and whenever Redis did.
constexpr Metric alive = Metric::LiveTokens, redisAlive = Metric::RedisMemory;

qint64 stepOf(const std::vector<Point>& points) {
  // The first one may begin inside its step.
  return points.size() > 2 ? points[2].at - points[1].at : 1000;
}

}  // namespace

ChartReader::ChartReader(const cluster::History& history, const QList<cluster::InstanceInfo>& instances,
                         const cluster::RedisInfo& redis, const TimeSpan& range)
    : history_(history), instances_(instances), redis_(redis), range_(range) {
  for (const TimeMark& mark : history.marks(range.from, range.to)) marks_ += {mark.at, markWords(mark)};
  findGaps();
}

std::vector<Point> ChartReader::points(const CurveSource& source, int maxPoints) const {
  return source.slot < 0 ? history_.combined(source.metric, range_.from, range_.to, maxPoints)
                         : history_.series(source.metric, source.slot, range_.from, range_.to, maxPoints);
}

void ChartReader::findGaps() {
  // Marks just before the range explain a gap at its beginning.
  const QList<TimeMark> marks = history_.marks(range_.from - 60'000, range_.to);
  const auto goneAt = [&](TimeMark::Kind kind, const QString& instance = {}) {
    std::vector<qint64> times;
    for (const TimeMark& mark : marks) {
      if (mark.kind == kind && (instance.isEmpty() || mark.instance == instance)) times.push_back(mark.at);
    }
    return times;
  };
  // Who never reported is unknown, which is no gap; and what lies before the first answer neither.
  const auto presenceOf = [&](const std::vector<Point>& own, const std::vector<qint64>& gone) {
    const auto since = std::find_if(own.begin(), own.end(), [](const Point& p) { return !std::isnan(p.value); });
    return since == own.end() ? Presence{} : presence(own, gone, step_, since->at);
  };
  const auto words = [](const TimeSpan& span) { return format::duration(span.length() / 1000); };

  const qint64 first = history_.firstSampleAt().value_or(std::numeric_limits<qint64>::max());
  const std::vector<Point> all = points({alive}, pointsPerCurve);
  step_ = stepOf(all);
  together_ = presence(all, goneAt(TimeMark::Kind::InstanceGone), step_, first);
  for (const TimeSpan& span : together_.outages) gaps_ += {span, Words::tr("no answer %1").arg(words(span)), true};
  ofRedis_ = presenceOf(points({redisAlive}, pointsPerCurve), goneAt(TimeMark::Kind::RedisGone));
  for (const TimeSpan& span : ofRedis_.outages) redisGaps_ += {span, Words::tr("no answer %1").arg(words(span)), true};

  for (const auto& instance : instances_) {
    const std::vector<Point> own = points({alive, instance.slot}, pointsPerCurve);
    single_.push_back(presenceOf(own, goneAt(TimeMark::Kind::InstanceGone, instance.id)));
    for (const TimeSpan& span : single_.back().outages) {
      const bool shared = std::any_of(together_.outages.begin(), together_.outages.end(), [&](const TimeSpan& whole) {
        return whole.from <= span.from && span.to <= whole.to;
      });
      if (!shared) gaps_ += {span, Words::tr("%1: no answer %2").arg(instance.id, words(span)), false};
    }
  }
}

double ChartReader::newest(const CurveSource& source) const {
  // A curve's last point is a mean over its step; beside the name stands the last sample, which may be late.
  constexpr qint64 lateness = 3000;
  const auto recent = [&](Metric metric) {
    const TimeSpan last{std::max(range_.from, range_.to - lateness), range_.to};
    return source.slot < 0 ? history_.combined(metric, last.from, last.to, 10)
                           : history_.series(metric, source.slot, last.from, last.to, 10);
  };
  const std::vector<Point> answers = recent(alive), values = recent(source.metric);
  for (std::size_t i = values.size(); i-- > 0;) {
    // Answered without this value: then there is none now, however shortly ago there was one.
    if (!std::isnan(answers[i].value) || !std::isnan(values[i].value)) return values[i].value * source.factor;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

ChartData ChartReader::read(const ChartPlan& plan) const {
  ChartData data;
  data.range = range_;
  data.step = step_;
  data.marks = marks_;
  data.gaps = gaps_;
  if (plan.redis && !redisGaps_.isEmpty()) {
    data.gaps.removeIf([](const ChartGap& gap) { return gap.whole; });
    data.gaps += redisGaps_;
  }
  if (!plan.sources.isEmpty() && plan.sources.first().metric == Metric::RedisMemory) data.limits = memoryLimits(redis_);
  for (const CurveSource& source : plan.sources) {
    std::vector<Point> curve = points(source, pointsPerCurve);
    const auto slot = static_cast<std::size_t>(std::max(source.slot, 0));
    if (source.slot < 0)
      leaveOut(curve, plan.redis ? ofRedis_.notAsked : together_.notAsked);
    else if (slot < single_.size())
      leaveOut(curve, single_[slot].notAsked);
    for (Point& point : curve) point.value *= source.factor;
    data.curves.push_back(std::move(curve));
    data.newest.push_back(newest(source));
  }
  const bool waiting = !history_.firstSampleAt();
  const QString whenNone = plan.spec.curves.isEmpty() ? QString() : plan.spec.curves.first().whenNone;
  data.whenEmpty = waiting              ? Words::tr("first point in 1 s")
                   : whenNone.isEmpty() ? Words::tr("not reported")
                                        : whenNone;
  return data;
}

QByteArray ChartReader::table(const QList<ChartPlan>& plans) const {
  QList<CurveSource> sources;
  for (const ChartPlan& plan : plans) {
    for (const CurveSource& source : plan.sources) {
      const bool known = std::any_of(sources.begin(), sources.end(), [&](const CurveSource& other) {
        return other.metric == source.metric && other.slot == source.slot;
      });
      if (!known) sources += source;
    }
  }
  QByteArray header = "time";
  std::vector<std::vector<Point>> columns;
  const int seconds = static_cast<int>(range_.length() / 1000) + 1;
  for (const CurveSource& source : std::as_const(sources)) {
    QString name = columnName(source, instances_);
    // An id is someone else's text: quoted, it can't add a column.
    if (name.contains(u',') || name.contains(u'"')) name = u'"' + name.replace(u'"', QStringLiteral("\"\"")) + u'"';
    header += ',' + name.toUtf8();
    columns.push_back(points(source, seconds));
  }
  QByteArray text = header + '\n';
  for (std::size_t row = 0; !columns.empty() && row < columns.front().size(); ++row) {
    text += QDateTime::fromMSecsSinceEpoch(columns.front()[row].at, Qt::UTC).toString(Qt::ISODate).toUtf8();
    for (const auto& column : columns) {
      text += ',';
      if (!std::isnan(column[row].value)) text += QByteArray::number(column[row].value, 'g', 7);
    }
    text += '\n';
  }
  return text;
}

}  // namespace vx11::ui
