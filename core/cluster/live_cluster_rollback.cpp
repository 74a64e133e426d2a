// Operations on the whole of a LiveCluster: what they begin with, and what of them outlives this process.
#include <QSysInfo>
#include <algorithm>

#include "cluster/discovery.h"
#include "cluster/live_cluster.h"
#include "cluster/rollback_job.h"
#include "token/token_id.h"

namespace vx11::cluster {
namespace {

constexpr int longestOwner = 100;

/// Shown to others that want to change the mode meanwhile; never empty.
QString ownerOf(const RollbackSpec& spec) {
  if (!spec.owner.isEmpty()) return spec.owner.left(longestOwner);
  const QString user = qEnvironmentVariable("USER", QStringLiteral("console"));
  return (user + u'@' + QSysInfo::machineHostName()).left(longestOwner);
}

/// By its name, else by its address: who doesn't answer has only that.
rollback::SlotOf slotOf(const QList<InstanceInfo>& instances) {
  return [instances](const QString& id, const QUrl& url) {
    const auto named = std::find_if(instances.begin(), instances.end(),
                                    [&](const InstanceInfo& instance) { return instance.id == id; });
    const auto found = named != instances.end()
                           ? named
                           : std::find_if(instances.begin(), instances.end(), [&](const InstanceInfo& instance) {
                               return originOf(instance.url) == originOf(url);
                             });
    return found == instances.end() ? -1 : found->slot;
  };
}

}  // namespace

std::unique_ptr<BalancerVisitor> LiveCluster::newVisitor() {
  if (!balancer_) return nullptr;
  auto network = newNetworkFor(profile_.balancer);
  InstanceClient client({*network, *network}, profile_.balancer, balancerPrincipal_, correlationPrefix_ + u'v');
  return std::make_unique<BalancerVisitor>(BalancerVisitor{std::move(network), std::move(client)});
}

RollbackPlan LiveCluster::planFor(const RollbackSpec& spec) const {
  RollbackGround ground;
  ground.instances = instances_;
  ground.addressMap = profile_.addressMap;
  ground.hasBalancer = balancer_ != nullptr;
  ground.redisUp = redis().configured ? redis().up : std::nullopt;
  if (!spec.nginxFile.isEmpty()) {
    const auto text = RollbackFiles::read(spec.nginxFile);
    if (text.has_value())
      ground.nginx = *text;
    else
      ground.nginxProblem = text.error();
  }
  return planRollback(ground, spec);
}

std::optional<SavedRollback> LiveCluster::keepingOf(const QString& operationId) const {
  if (profile_.kind != ProfileKind::RemoteCluster) return std::nullopt;
  SavedRollback kept;
  kept.id = operationId;
  kept.profile = profile_.id;
  for (const InstanceInfo& instance : instances_) kept.instances.append(instance.url);
  return kept;
}

RollbackJob* LiveCluster::rollBack(const RollbackSpec& spec) {
  const auto uuid = Uuid::generate(random_).text();
  const auto text = uuid.reveal();
  const QString id = QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
  return new LiveRollbackJob(context_, RollbackRunner(planFor(spec), spec, {id, ownerOf(spec)}), keepingOf(id), this);
}

RollbackOutlook LiveCluster::outlook(const RollbackSpec& spec) const { return planFor(spec).outlook(); }

QList<UnfinishedRollback> LiveCluster::unfinishedRollbacks() const {
  QList<UnfinishedRollback> unfinished;
  const auto mine = keepingOf({});
  const QList<SavedRollback> all = mine ? RollbackStore().all() : QList<SavedRollback>();
  for (const SavedRollback& kept : all) {
    if (!isSameCluster(kept, mine->profile, mine->instances)) continue;
    const auto runner = RollbackRunner::from(LiveRollbackJob::runnerIn(kept.state), slotOf(instances_), false);
    if (!runner) continue;
    RollbackSpec spec = runner->spec();
    spec.owner = runner->operation().owner;
    unfinished.append({kept.id, spec, kept.begun, kept.saved, runner->steps(), kept.processId, kept.running});
  }
  return unfinished;
}

RollbackJob* LiveCluster::resumeRollback(const QString& operationId, bool attended) {
  if (profile_.kind != ProfileKind::RemoteCluster) return nullptr;
  const RollbackStore store;
  auto kept = store.claim(operationId);
  if (kept.has_error()) {
    log(Severity::Error, QStringLiteral("console"), QStringLiteral("rollback_not_resumed"),
        {{QStringLiteral("text"), kept.error()}});
    return nullptr;
  }
  auto runner = RollbackRunner::from(LiveRollbackJob::runnerIn(kept->state), slotOf(instances_), attended);
  if (!runner) {
    store.letGo(operationId);
    return nullptr;
  }
  return new LiveRollbackJob(context_, *std::move(runner), *std::move(kept), this);
}

void LiveCluster::forgetRollback(const QString& operationId) {
  if (!canChange()) return;
  const RollbackStore store;
  const auto kept = store.load(operationId);
  if (kept.has_value() && !kept->running) store.remove(operationId);
}

}  // namespace vx11::cluster
