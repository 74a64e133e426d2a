#include "cluster/remote_cluster.h"

#include <algorithm>

namespace vx11::cluster {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds probeFor = 700ms;

std::chrono::milliseconds discoverEvery(Attention attention) {
  return attention == Attention::InView ? 10s : attention == Attention::Behind ? 30s : 60s;
}

/// Before LiveCluster, which holds references to it.
struct Surroundings {
  SystemClock systemClock;
  SystemRandom systemRandom;
};

class OwnRemoteCluster final : private Surroundings, public RemoteCluster {
 public:
  OwnRemoteCluster(const Profile& profile, const Secrets& secrets)
      : RemoteCluster(profile, secrets, systemClock, systemRandom) {}
};

}  // namespace

/// Asks a given URL who is there, before it gets a slot: a slot is for good, and two URLs may be one instance.
struct RemoteCluster::Probe {
  QUrl url;
  std::unique_ptr<InstanceClient> client;
  HttpCall call;
  QString id;
  double startedAt = -1;
  bool done = false;

  ~Probe() { call.cancel(); }
  [[nodiscard]] bool isSameAs(const Probe& other) const {
    return !id.isEmpty() && id == other.id && std::abs(startedAt - other.startedAt) < 0.001;
  }
};

RemoteCluster::RemoteCluster(const Profile& profile, const Secrets& secrets, const Clock& clock, Random& random)
    : LiveCluster(profile, clock, random), principal_(secrets.principal) {
  probesEnd_.setSingleShot(true);
  connect(&probesEnd_, &QTimer::timeout, this, &RemoteCluster::takeGiven);
  discovery_.setInterval(discoverEvery(Attention::InView));
  connect(&discovery_, &QTimer::timeout, this, &RemoteCluster::discover);
  connect(this, &Cluster::instanceChanged, this, &RemoteCluster::onInstance);
  open(secrets.redisPassword);
}

RemoteCluster::~RemoteCluster() {
  call_.cancel();
  disconnect(this, nullptr, this, nullptr);
}

void RemoteCluster::open(const Secret& redisPassword) {
  const QString& caFile = profile().caFile;
  if (!caFile.isEmpty() && Trust::of(caFile, {}).authorities.isEmpty()) {
    log(Severity::Error, QStringLiteral("console"), QStringLiteral("ca_file_unreadable"),
        {{QStringLiteral("file"), caFile}});
  }
  if (!profile().redis.isEmpty()) {
    auto redis = DirectRedis::open({profile().redis, redisPassword, caFile}, clock(), random());
    if (redis.has_value()) {
      readRedisDirectly(*std::move(redis));
    } else {
      log(Severity::Error, QStringLiteral("redis"), QStringLiteral("redis_url_unusable"),
          {{QStringLiteral("text"), redis.error()}});
    }
  }
  probeGiven();
}

int RemoteCluster::add(const Peer& peer) {
  if (peers_.size() >= maxSlots) {
    if (!std::exchange(isFull_, true)) {
      log(Severity::Warning, QStringLiteral("console"), QStringLiteral("too_many_instances"),
          {{QStringLiteral("most"), maxSlots}});
    }
    return -1;
  }
  peers_.append(peer);
  const int slot = addInstance(peer.announcedId);
  connectPeer(slot);
  if (!peer.trusted) Q_EMIT pendingAcceptanceChanged();
  return slot;
}

void RemoteCluster::connectPeer(int slot) {
  const Peer& peer = peers_[slot];
  connectInstance(slot, peer.url, peer.trusted ? principal_ : Secret());
}

void RemoteCluster::probeGiven() {
  QList<QUrl> urls;
  for (const QUrl& given : profile().instances) {
    if (const QUrl url = originOf(given); !urls.contains(url)) urls.append(url);
  }
  if (urls.isEmpty()) return takeGiven();
  // The first has nobody before it to be the same as.
  for (const QUrl& url : urls) {
    auto probe = std::make_unique<Probe>();
    probe->url = url;
    probe->client = makeClient(url, principal_, QStringLiteral("i%1").arg(probes_.size()));
    probes_.push_back(std::move(probe));
  }
  add({urls.first(), {}, true});
  if (urls.size() == 1 || principal_.empty()) return takeGiven();
  probesEnd_.start(probeFor);
  for (const auto& probe : probes_) {
    probe->call = probe->client->stats([this, one = probe.get()](const Answer<wire::Stats>& stats) {
      one->done = true;
      if (stats.has_value()) {
        one->id = stats->instanceId;
        one->startedAt = stats->startedAt.value_or(-1);
      }
      const bool all = std::all_of(probes_.begin(), probes_.end(), [](const auto& other) { return other->done; });
      if (all) probesEnd_.start(0);
    });
  }
}

void RemoteCluster::takeGiven() {
  for (auto probe = probes_.begin(); probe != probes_.end(); ++probe) {
    if (probe == probes_.begin()) continue;
    const auto twin =
        std::find_if(probes_.begin(), probe, [&](const auto& other) { return (*probe)->isSameAs(*other); });
    if (twin == probe) {
      add({(*probe)->url, {}, true});
    } else {
      log(Severity::Info, (*probe)->id, QStringLiteral("same_instance"),
          {{QStringLiteral("url"), (*probe)->url.toString()}, {QStringLiteral("as"), (*twin)->url.toString()}});
    }
  }
  probes_.clear();
  takenGiven_ = true;
  if (!profile().discover || principal_.empty()) return settle();
  discovery_.start();
  discover();
}

bool RemoteCluster::answers(int slot) const {
  const InstanceInfo& instance = instances()[slot];
  return peers_[slot].trusted && !peers_[slot].dismissed && instance.internalCalls &&
         instance.reason != QStringLiteral("refused_principal") &&
         (instance.state == InstanceState::Live || instance.state == InstanceState::Degraded ||
          instance.state == InstanceState::Draining);
}

/// Before that, what the registry tells may be one of them under its other name.
bool RemoteCluster::givenAreKnown() const {
  return takenGiven_ && std::all_of(instances().begin(), instances().end(), [](const InstanceInfo& instance) {
           return instance.state != InstanceState::Unknown || instance.attempts > 0;
         });
}

void RemoteCluster::onInstance(int slot) {
  if (slot >= peers_.size()) return;
  if (!answers(slot)) {
    answering_.remove(slot);
    if (!settled_) discover();
    return;
  }
  if (answering_.contains(slot)) return;
  answering_.insert(slot);
  dismissTwins(slot);
  discover();
}

void RemoteCluster::dismissTwins(int slot) {
  const auto isTwin = [&](int other) {
    return other != slot && answering_.contains(other) && instances()[other].id == instances()[slot].id &&
           std::abs(monitorOf(other).startedAt() - monitorOf(slot).startedAt()) < 0.001;
  };
  for (int other = 0; other < peers_.size(); ++other) {
    if (!isTwin(other)) continue;
    // A given URL stays; of two, the one that was first.
    const bool otherStays = peers_[other].announcedId.isEmpty() != peers_[slot].announcedId.isEmpty()
                                ? peers_[other].announcedId.isEmpty()
                                : other < slot;
    const int leaving = otherStays ? slot : other, staying = otherStays ? other : slot;
    peers_[leaving].dismissed = true;
    answering_.remove(leaving);
    log(Severity::Info, instances()[leaving].id, QStringLiteral("same_instance"),
        {{QStringLiteral("url"), peers_[leaving].url.toString()},
         {QStringLiteral("as"), peers_[staying].url.toString()}});
    // Later: it is its own monitor that called us.
    QTimer::singleShot(0, this, [this, leaving] { disconnectInstance(leaving, QStringLiteral("same_instance")); });
    if (leaving == slot) return;
  }
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

QList<QUrl> RemoteCluster::pendingAcceptance() const {
  QList<QUrl> pending;
  for (const Peer& peer : peers_) {
    if (!peer.trusted && !peer.dismissed) pending.append(peer.url);
  }
  return pending;
}

void RemoteCluster::accept(const QUrl& url) {
  for (int slot = 0; slot < peers_.size(); ++slot) {
    Peer& peer = peers_[slot];
    if (peer.trusted || peer.dismissed || peer.url != originOf(url)) continue;
    peer.trusted = true;
    editProfile().instances.append(peer.url);
    connectPeer(slot);
    log(Severity::Info, instances()[slot].id, QStringLiteral("accepted"),
        {{QStringLiteral("url"), peer.url.toString()}});
    Q_EMIT pendingAcceptanceChanged();
    return;
  }
}

void RemoteCluster::setAttention(Attention attention) {
  LiveCluster::setAttention(attention);
  // The same again would begin the time anew.
  const auto interval = discoverEvery(attention);
  if (discovery_.intervalAsDuration() != interval) discovery_.setInterval(interval);
}

void RemoteCluster::retryNow() {
  LiveCluster::retryNow();
  discover();
}

std::unique_ptr<RemoteCluster> openRemoteCluster(const Profile& profile, const Secret& principal,
                                                 const Secret& redisPassword) {
  return std::make_unique<OwnRemoteCluster>(profile, RemoteCluster::Secrets{principal, redisPassword});
}

}  // namespace vx11::cluster
