#include "pages/charts_page_plan.h"

#include <QCoreApplication>
#include <algorithm>

#include "pages/cluster_health.h"
#include "widgets/format.h"

namespace vx11::ui {

using cluster::InstanceInfo;
using cluster::Metric;
using cluster::TimeMark;

namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::ChartsPage)
};

using Format = QString (*)(double);

// The unit stands beside the title, so the legend has the number alone, but for sizes and percents.
QString rateNumber(double v) { return format::rateParts(v).number; }
QString sizeText(double mebibytes) { return format::bytes(static_cast<qint64>(mebibytes * 1024 * 1024)); }
QString percentText(double percent) { return format::ratio(percent / 100); }
QString countText(double v) { return format::count(qRound64(v)); }
QString latencyNumber(double ms) {
  const format::Quantity parts = format::latencyParts(ms);
  return ms < 999.5 ? parts.number : parts.text();
}

CurveSpec metricCurve(const QString& name, Metric metric, Format text, const QString& whenNone = {},
                      bool filled = false) {
  return {name, metricStyle(metric), filled, text, whenNone};
}

/// One curve an instance. A single one may be filled, as a single metric is.
ChartPlan perInstance(const QString& title, const QString& unit, Scale scale, Metric metric, Format text,
                      const QList<InstanceInfo>& instances, double factor = 1, const QString& whenNone = {}) {
  ChartPlan plan{{title, unit, scale, {}}, {}};
  for (const InstanceInfo& instance : instances) {
    plan.spec.curves += CurveSpec{instance.id, instanceStyle(instance.slot), false, text, whenNone};
    plan.sources += {metric, instance.slot, factor};
  }
  return plan;
}

constexpr double toMebibytes = 1.0 / (1024 * 1024), toPercent = 100;

QList<ChartPlan> redisPlans() {
  return {
      {{Words::tr("Redis memory"),
        Words::tr("MiB"),
        Scale::Binary,
        {metricCurve(Words::tr("Memory"), Metric::RedisMemory, sizeText, {}, true)}},
       {{Metric::RedisMemory, -1, toMebibytes}},
       true},
      {{Words::tr("Redis commands"),
        Words::tr("/s"),
        Scale::Decimal,
        {metricCurve(Words::tr("Commands"), Metric::RedisCommandRate, rateNumber)}},
       {{Metric::RedisCommandRate}},
       true},
  };
}

ChartPlan streamsPlan(const QList<InstanceInfo>& instances) {
  return perInstance(Words::tr("Open streams"), Words::tr("per instance"), Scale::Count, Metric::OpenStreams, countText,
                     instances);
}

QList<ChartPlan> summedPlans(const QList<InstanceInfo>& instances, bool noRedis) {
  const QString perSecond = Words::tr("/s"), noChecks = Words::tr("no checks");
  const QString redisHitsNone = noRedis ? Words::tr("not used") : QString();
  QList<ChartPlan> plans = redisPlans();
  plans += {{Words::tr("Hits"),
             perSecond,
             Scale::Decimal,
             {metricCurve(Words::tr("Local hits"), Metric::LocalHitRate, rateNumber),
              metricCurve(Words::tr("Redis hits"), Metric::RedisHitRate, rateNumber, redisHitsNone)}},
            {{Metric::LocalHitRate}, {Metric::RedisHitRate}}};
  plans += {{Words::tr("Misses"),
             perSecond,
             Scale::Decimal,
             {metricCurve(Words::tr("Local"), Metric::LocalMissRate, rateNumber),
              metricCurve(Words::tr("Everywhere"), Metric::MissRate, rateNumber)}},
            {{Metric::LocalMissRate}, {Metric::MissRate}}};
  plans += {{Words::tr("Local hit ratio"),
             Words::tr("% of checks"),
             Scale::Percent,
             {metricCurve(Words::tr("Ratio"), Metric::HitRatio, percentText, noChecks, true)}},
            {{Metric::HitRatio, -1, toPercent}}};
  plans += {{Words::tr("Issue and check rate"),
             perSecond,
             Scale::Decimal,
             {metricCurve(Words::tr("Checked"), Metric::CheckRate, rateNumber),
              metricCurve(Words::tr("Issued"), Metric::IssueRate, rateNumber)}},
            {{Metric::CheckRate}, {Metric::IssueRate}}};
  plans += {{Words::tr("Check latency"),
             instances.size() > 1 ? Words::tr("ms, worst instance") : Words::tr("ms"),
             Scale::Decimal,
             {metricCurve(QStringLiteral("p50"), Metric::CheckP50, latencyNumber, noChecks),
              metricCurve(QStringLiteral("p95"), Metric::CheckP95, latencyNumber, noChecks),
              metricCurve(QStringLiteral("p99"), Metric::CheckP99, latencyNumber, noChecks)}},
            {{Metric::CheckP50}, {Metric::CheckP95}, {Metric::CheckP99}}};
  plans += streamsPlan(instances);
  return plans;
}

QList<ChartPlan> perInstancePlans(const QList<InstanceInfo>& instances) {
  const QString perSecond = Words::tr("/s"), noChecks = Words::tr("no checks");
  const auto rates = [&](const QString& title, Metric metric) {
    return perInstance(title, perSecond, Scale::Decimal, metric, rateNumber, instances);
  };
  QList<ChartPlan> plans = redisPlans();
  plans += rates(Words::tr("Local hits"), Metric::LocalHitRate);
  plans += rates(Words::tr("Redis hits"), Metric::RedisHitRate);
  plans.last().redis = true;
  plans += rates(Words::tr("Local misses"), Metric::LocalMissRate);
  plans += perInstance(Words::tr("Local hit ratio"), Words::tr("% of checks"), Scale::Percent, Metric::HitRatio,
                       percentText, instances, toPercent, noChecks);
  plans += rates(Words::tr("Issue rate"), Metric::IssueRate);
  plans += rates(Words::tr("Check rate"), Metric::CheckRate);
  plans += perInstance(Words::tr("Check latency"), Words::tr("ms, p95"), Scale::Decimal, Metric::CheckP95,
                       latencyNumber, instances, 1, noChecks);
  plans += streamsPlan(instances);
  return plans;
}

QString metricName(Metric metric) {
  switch (metric) {
    case Metric::LiveTokens:
      return QStringLiteral("live_tokens");
    case Metric::OpenStreams:
      return QStringLiteral("open_streams");
    case Metric::IssueRate:
      return QStringLiteral("issued_per_s");
    case Metric::CheckRate:
      return QStringLiteral("checked_per_s");
    case Metric::RefusedRate:
      return QStringLiteral("refused_per_s");
    case Metric::LocalHitRate:
      return QStringLiteral("local_hits_per_s");
    case Metric::RedisHitRate:
      return QStringLiteral("redis_hits_per_s");
    case Metric::MissRate:
      return QStringLiteral("misses_per_s");
    case Metric::HitRatio:
      return QStringLiteral("local_hit_ratio");
    case Metric::CheckP50:
      return QStringLiteral("check_p50_ms");
    case Metric::CheckP95:
      return QStringLiteral("check_p95_ms");
    case Metric::CheckP99:
      return QStringLiteral("check_p99_ms");
    case Metric::LocalMissRate:
      return QStringLiteral("local_misses_per_s");
    case Metric::RedisMemory:
      return QStringLiteral("redis_memory_bytes");
    case Metric::RedisCommandRate:
      return QStringLiteral("redis_commands_per_s");
  }
  return {};
}

}  // namespace

QList<ChartPlan> chartPlans(ChartMode mode, const QList<InstanceInfo>& instances, const cluster::RedisInfo& redis) {
  return mode == ChartMode::Summed ? summedPlans(instances, redisNotUsed(instances, redis))
                                   : perInstancePlans(instances);
}

QList<ChartLimit> memoryLimits(const cluster::RedisInfo& redis) {
  if (health::memoryShare(redis).value_or(0) < health::memoryMark / 2) return {};
  return {
      {static_cast<double>(*redis.maxMemory) * health::memoryMark * toMebibytes, format::ratio(health::memoryMark)}};
}

bool redisNotUsed(const QList<InstanceInfo>& instances, const cluster::RedisInfo& redis) {
  return !redis.configured && !instances.isEmpty() &&
         std::all_of(instances.begin(), instances.end(), [](const InstanceInfo& instance) {
           return instance.redisConfigured ? !*instance.redisConfigured : instance.mode == QStringLiteral("memory");
         });
}

QString columnName(const CurveSource& source, const QList<InstanceInfo>& instances) {
  const QString name = metricName(source.metric);
  return source.slot < 0 || source.slot >= instances.size() ? name : name + u'@' + instances.at(source.slot).id;
}

QString markWords(const TimeMark& mark) {
  switch (mark.kind) {
    case TimeMark::Kind::ModeSwitch:
      return Words::tr("%1 in %2 mode").arg(mark.instance, mark.detail);
    case TimeMark::Kind::Failover:
      return Words::tr("Redis failover");
    case TimeMark::Kind::InstanceGone:
      return Words::tr("%1 gone").arg(mark.instance);
    case TimeMark::Kind::InstanceBack:
      return Words::tr("%1 back").arg(mark.instance);
    case TimeMark::Kind::Drain:
      return Words::tr("%1 drains").arg(mark.instance);
    case TimeMark::Kind::Alert:
      return mark.instance.isEmpty() ? mark.detail : Words::tr("%1, %2").arg(mark.detail, mark.instance);
    case TimeMark::Kind::RedisGone:
      return Words::tr("Redis gone");
    case TimeMark::Kind::RedisBack:
      return Words::tr("Redis back");
    case TimeMark::Kind::ServerStarted:
      return (mark.detail == QStringLiteral("restarted") ? Words::tr("%1 restarted") : Words::tr("%1 started"))
          .arg(mark.instance);
  }
  return mark.detail;
}

}  // namespace vx11::ui
