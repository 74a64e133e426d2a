// RemoteCluster's search for the others: one instance that answers is asked who else is there, and what it says is taken
// or kept as a doubt.
#include <algorithm>

#include "cluster/remote_cluster.h"

namespace vx11::cluster {

/// Before that, what the registry tells may be one of them under its other name.
bool RemoteCluster::givenAreKnown() const {
  return takenGiven_ && std::all_of(instances().begin(), instances().end(), [](const InstanceInfo& instance) {
           return instance.state != InstanceState::Unknown || instance.attempts > 0;
         });
}

void RemoteCluster::discover() {
  if (!takenGiven_ || !profile().discover || principal_.empty() || call_.active() || !toAsk_.isEmpty()) return;
  if (!givenAreKnown()) return;
  next_ = {};
  for (int slot = 0; slot < peers_.size(); ++slot) {
    if (answers(slot)) toAsk_.append(slot);
  }
  askNext();
}

void RemoteCluster::askNext() {
  if (toAsk_.isEmpty()) {
    told_ = next_;
    // Who was found just now may know where the silent ones are.
    if (told_.lost.isEmpty() || givenAreKnown()) settle();
    return;
  }
  const int slot = toAsk_.takeFirst();
  InstanceClient* client = clientOf(slot);
  if (client == nullptr) return askNext();
  call_ = client->neighbours([this, slot](const Answer<wire::Neighbours>& neighbours) {
    if (neighbours.has_value()) take(slot, *neighbours);
    // Another may have the registry's word, or remember where somebody silent is.
    if (next_.byRegistry && next_.lost.isEmpty()) toAsk_.clear();
    askNext();
  });
}

void RemoteCluster::take(int slot, const wire::Neighbours& neighbours) {
  if (!neighbours.byRegistry && neighbours.rememberedMs < 0) return;  // it knows itself only
  for (const wire::Neighbour& neighbour : neighbours.all) {
    if (!neighbour.url.isEmpty()) takeOne(neighbour);
    else if (!next_.lost.contains(neighbour.id)) next_.lost.append(neighbour.id);
  }
  next_.lost.removeIf([this](const QString& id) { return hasInstance(id); });
  next_.byRegistry = next_.byRegistry || neighbours.byRegistry;
  const qint64 at = now() - neighbours.rememberedMs;
  if (neighbours.byRegistry || (!next_.rememberedBy.isEmpty() && at <= next_.rememberedAt)) return;
  next_.rememberedBy = instances()[slot].id;
  next_.rememberedAt = at;
}

bool RemoteCluster::hasInstance(const QString& id) const {
  return std::any_of(instances().begin(), instances().end(), [&](const InstanceInfo& one) { return one.id == id; });
}

void RemoteCluster::takeOne(const wire::Neighbour& neighbour) {
  const Reach reach = reachOf(profile(), neighbour.url);
  for (int slot = 0; slot < peers_.size(); ++slot) {
    Peer& peer = peers_[slot];
    if (peer.dismissed) continue;
    // Only who may have the principal is believed to be who he says.
    const bool byName = peer.announcedId == neighbour.id || (peer.trusted && instances()[slot].id == neighbour.id);
    const bool moved = byName && !peer.announcedId.isEmpty() && peer.url != reach.url &&
                       instances()[slot].state == InstanceState::Unreachable;
    if (moved) {
      peer.url = reach.url;
      peer.trusted = reach.trusted;
      connectPeer(slot);
      Q_EMIT pendingAcceptanceChanged();
    }
    if (byName || peer.url == reach.url) return;
  }
  if (add({reach.url, neighbour.id, reach.trusted}) < 0) return;
  log(Severity::Info, neighbour.id, QStringLiteral("discovered"),
      {{QStringLiteral("url"), reach.url.toString()}, {QStringLiteral("trusted"), reach.trusted}});
}

void RemoteCluster::settle() {
  if (!std::exchange(settled_, true)) Q_EMIT settled();
}

QString RemoteCluster::whyNotDiscovered() const {
  if (!profile().discover || told_.byRegistry || !told_.rememberedBy.isEmpty()) return {};
  // Without a Redis there is no registry, and each instance stands for itself.
  for (const InstanceInfo& instance : instances()) {
    if (instance.redisConfigured != true) continue;
    return tr("The others can't be looked for: %1 has no answer from the registry in Redis.").arg(instance.id);
  }
  return {};
}

QString RemoteCluster::discoveryDoubt() const {
  if (!profile().discover) return {};
  if (!told_.byRegistry && !told_.rememberedBy.isEmpty()) {
    return tr("Redis can't be asked who is there: this is what %1 read from it %2 s ago.")
        .arg(told_.rememberedBy)
        .arg((now() - told_.rememberedAt) / 1000);
  }
  if (told_.lost.isEmpty()) return {};
  return tr("Fell silent, and nobody knows the address: %1.").arg(told_.lost.join(QStringLiteral(", ")));
}

}  // namespace vx11::cluster
