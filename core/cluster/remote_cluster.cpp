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
  open(secrets);
}

RemoteCluster::~RemoteCluster() {
  call_.cancel();
  disconnect(this, nullptr, this, nullptr);
}

void RemoteCluster::open(const Secrets& secrets) {
  const QString& caFile = profile().caFile;
  if (!caFile.isEmpty() && Trust::of(caFile, {}).authorities.isEmpty()) {
    log(Severity::Error, QStringLiteral("console"), QStringLiteral("ca_file_unreadable"),
        {{QStringLiteral("file"), caFile}});
  }
  if (!profile().redis.isEmpty()) {
    auto redis = DirectRedis::open(
        {profile().redis, secrets.redisPassword, caFile, profile().sentinelUser, secrets.sentinelPassword}, clock(),
        random());
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

QList<QUrl> RemoteCluster::pendingAcceptance() const {
  QList<QUrl> pending;
  for (const Peer& peer : peers_) {
    if (!peer.trusted && !peer.dismissed) pending.append(peer.url);
  }
  return pending;
}

void RemoteCluster::accept(const QUrl& url) {
  if (canChange()) trust(url);
}

void RemoteCluster::trust(const QUrl& url) {
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
                                                 const Secret& redisPassword, const Secret& sentinelPassword) {
  return std::make_unique<OwnRemoteCluster>(profile,
                                            RemoteCluster::Secrets{principal, redisPassword, sentinelPassword});
}

}  // namespace vx11::cluster
