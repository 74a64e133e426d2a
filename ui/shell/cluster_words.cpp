#include "shell/cluster_words.h"

#include <QCoreApplication>
#include <algorithm>

#include "pages/cluster_health.h"
#include "widgets/format.h"

namespace vx11::ui::words {
namespace {

using cluster::InstanceInfo;
using cluster::InstanceState;
using Instances = QList<InstanceInfo>;

QString tr(const char* text) { return QCoreApplication::translate("vx11::ui::words", text); }

bool answers(const InstanceInfo& instance) {
  return instance.state == InstanceState::Live || instance.state == InstanceState::Degraded ||
         instance.state == InstanceState::Draining;
}

int severity(InstanceState state) {
  switch (state) {
    case InstanceState::Unreachable:
      return 5;
    case InstanceState::Degraded:
      return 4;
    case InstanceState::Stopped:
    case InstanceState::Paused:
      return 3;
    case InstanceState::Draining:
    case InstanceState::Starting:
      return 2;
    case InstanceState::Unknown:
      return 1;
    case InstanceState::Live:
      return 0;
  }
  return 1;
}

const InstanceInfo* worst(const Instances& instances) {
  const auto found = std::max_element(instances.begin(), instances.end(), [](const auto& a, const auto& b) {
    return severity(a.state) < severity(b.state);
  });
  return found == instances.end() ? nullptr : &*found;
}

QString counted(const std::optional<qint64>& total, const char* one, const char* many) {
  return tr(total == 1 ? one : many).arg(format::count(total));
}

}  // namespace

std::optional<qint64> sum(const Instances& instances, std::optional<qint64> InstanceInfo::*field) {
  std::optional<qint64> total;
  for (const InstanceInfo& instance : instances)
    if (answers(instance) && instance.*field) total = total.value_or(0) + *(instance.*field);
  return total;
}

Condition connection(const Instances& instances) {
  const InstanceInfo* bad = worst(instances);
  if (!bad) return {Mark::Starting, tr("Starting")};
  const auto up = std::count_if(instances.begin(), instances.end(), answers);
  const QString numbers = tr("%1 of %2").arg(up).arg(instances.size());
  if (bad->state == InstanceState::Live) return {Mark::Live, tr("Connected, %1").arg(numbers)};
  const bool onlyRedis = std::all_of(instances.begin(), instances.end(), [](const InstanceInfo& info) {
    return info.state == InstanceState::Live || info.reason == QStringLiteral("redis_down") ||
           info.reason == QStringLiteral("other_mode");
  });
  if (onlyRedis) return {Mark::Live, numbers};  // all are there; that Redis is not stands beside it
  if (up > 0) return {markOf(bad->state), numbers};
  return {markOf(bad->state), markWord(markOf(bad->state))};
}

Condition instances(const Instances& instances) {
  const InstanceInfo* bad = worst(instances);
  if (!bad) return {Mark::Starting, tr("Starting")};
  if (instances.size() == 1) return {markOf(bad->state), bad->id};
  const auto up = std::count_if(instances.begin(), instances.end(), answers);
  return {markOf(bad->state), up == instances.size() ? tr("%1 instances").arg(up)
                                                     : tr("%1 of %2 instances").arg(up).arg(instances.size())};
}

std::optional<Condition> redis(const cluster::Cluster& cluster) {
  const cluster::RedisInfo& redis = cluster.redis();
  if (!redis.configured) return std::nullopt;
  const Mark mark = health::redisMark(redis, cluster.instances());
  if (mark == Mark::Unreachable) {
    const qint64 away = redis.answeredAt < 0 ? 0 : (cluster.now() - redis.answeredAt) / 1000;
    return Condition{mark, away > 0 ? tr("Redis down %1").arg(format::duration(away)) : tr("Redis down")};
  }
  if (!isTrouble(mark)) return std::nullopt;
  return Condition{mark, tr("Redis warning")};
}

QString tokens(cluster::Cluster& cluster) {
  return counted(health::liveTokens(cluster), "%1 token", "%1 tokens");
}

QString streams(const Instances& instances) {
  return counted(sum(instances, &InstanceInfo::streams), "%1 stream", "%1 streams");
}

QString openStreams(std::optional<qint64> count) { return counted(count, "%1 open stream", "%1 open streams"); }

QString liveTokens(std::optional<qint64> count) { return counted(count, "%1 live token", "%1 live tokens"); }

QString updated(const Instances& instances) {
  QDateTime newest;
  for (const InstanceInfo& instance : instances)
    if (!newest.isValid() || instance.answeredWhen > newest) newest = instance.answeredWhen;
  if (!newest.isValid()) return tr("No answer yet");
  const bool someone = std::any_of(instances.begin(), instances.end(), answers);
  const QString time = format::moment(newest, QDate::currentDate());
  return someone ? tr("Updated %1").arg(time) : tr("No answer since %1").arg(time);
}

}  // namespace vx11::ui::words
