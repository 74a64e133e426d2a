#include "pages/cluster_abilities.h"

#include <QCoreApplication>
#include <algorithm>

#include "pages/token_sentences.h"
#include "widgets/format.h"

namespace vx11::ui::abilities {
namespace {

using cluster::InstanceInfo;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::abilities)
};

const QString memory = QStringLiteral("memory");

bool usesRedis(const cluster::Cluster& cluster) {
  const auto& instances = cluster.instances();
  return cluster.redis().configured || std::any_of(instances.begin(), instances.end(), [](const auto& info) {
           return info.redisConfigured.value_or(false) || (!info.mode.isEmpty() && info.mode != memory);
         });
}

}  // namespace

QList<InstanceInfo> changeable(const cluster::Cluster& cluster) {
  QList<InstanceInfo> own = cluster.instances();
  own.removeIf([](const InstanceInfo& info) { return !info.internalCalls; });
  return own;
}

QString lacksForMatrix(const cluster::Cluster& cluster) {
  switch (cluster.instances().size()) {
    case 0:
      return Words::tr("Needs instances. This profile has none yet.");
    case 1:
      return Words::tr("Needs more than one instance. This profile has one.");
    default:
      return {};
  }
}

QString whyNoMatrix(const cluster::Cluster& cluster) {
  const QString lacks = lacksForMatrix(cluster);
  return lacks.isEmpty() ? tokens::whyNoChange(cluster) : lacks;  // it issues tokens
}

QString lacksForRollback(const cluster::Cluster& cluster) {
  if (cluster.instances().isEmpty()) return Words::tr("Needs instances. This profile has none yet.");
  if (changeable(cluster).isEmpty())
    return Words::tr("Needs an instance with the internal calls. These speak the public ones only.");
  if (!usesRedis(cluster) && cluster.instances().size() == 1)
    return Words::tr("Needs a cluster. This profile has one instance in memory mode: there is nothing to roll back.");
  return {};
}

QString whyNoRollback(const cluster::Cluster& cluster) {
  const QString lacks = lacksForRollback(cluster);
  return lacks.isEmpty() ? tokens::whyNoChange(cluster) : lacks;
}

QString whyNoRedis(const cluster::Cluster& cluster) {
  return usesRedis(cluster) ? QString() : Words::tr("Not used. The instances keep their tokens in memory.");
}

QStringList modesOf(const cluster::Cluster& cluster) {
  if (!usesRedis(cluster)) return {memory};
  return {memory, QStringLiteral("redis"), QStringLiteral("hybrid")};
}

QString whyNotTo(const cluster::Cluster& cluster, const QString& mode) {
  if (mode == QStringLiteral("restart")) return {};
  if (mode == QStringLiteral("single"))
    return cluster.instances().size() > 1 ? QString() : Words::tr("There is only one instance.");
  const auto own = changeable(cluster);
  const bool there =
      !own.isEmpty() && std::all_of(own.begin(), own.end(), [&](const auto& info) { return info.mode == mode; });
  if (there) return Words::tr("Every instance is in %1 mode already.").arg(mode);
  if (mode == memory) return {};
  const auto without =
      std::find_if(own.begin(), own.end(), [](const auto& info) { return info.redisConfigured == false; });
  return without == own.end() ? QString() : Words::tr("%1 has no Redis: it knows memory mode only.").arg(without->id);
}

}  // namespace vx11::ui::abilities
