#include "cluster/live_cluster.h"

#include <QNetworkAccessManager>
#include <algorithm>
#include <cstring>

#include "cluster/live_jobs.h"
#include "cluster/live_streams.h"
#include "cluster/matrix_job.h"
#include "cluster/routing_probe.h"

namespace vx11::cluster {
namespace {

constexpr qint64 longestHoldSec = 60;
constexpr std::chrono::milliseconds lapseLook{500};  // a timer for the whole time would sleep with the machine
constexpr int redisLane = -1;  // of the history: Redis is none of the instances

QString makePrefix(Random& random) {
  std::array<std::byte, 4> bytes{};
  random.fill(bytes);
  quint32 value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return QStringLiteral("console-%1-").arg(value, 8, 16, QLatin1Char('0'));
}

}  // namespace

LiveCluster::LiveCluster(Profile profile, const Clock& clock, Random& random, QObject* parent)
    : Cluster(parent),
      profile_(std::move(profile)),
      clock_(clock),
      guard_(profile_, clock),
      random_(random),
      correlationPrefix_(makePrefix(random)),
      book_([this] { return now(); }),
      context_{
          .book = book_,
          .instances = instances_,
          .client = [this](int slot) { return isStopped(slot) ? nullptr : clientOf(slot); },
          .balancer = [this] { return balancer_.get(); },
          .visitor = [this] { return newVisitor(); },
          .canChange = [this] { return guard_.allows(); },
          .permissionLapsed = [this] { return guard_.lapsed(); },
          .log =
              [this](Severity severity, const QString& event, const QVariantMap& fields, const QString& correlationId) {
                log(severity, QStringLiteral("console"), event, fields, correlationId);
              },
          .now = [this] { return now(); },
          .wallMs = [this] { return wallMs(); }},
      redis_({instances_, [this](int slot) { return clientOf(slot); }, [this] { return now(); }}) {
  streams_ = std::make_unique<LiveStreams>(
      context_, [this](const QUrl& url) { return newNetworkFor(url); }, correlationPrefix_ + u's');
  sampledTimer_.setSingleShot(true);
  connect(&sampledTimer_, &QTimer::timeout, this, [this] {
    sampledAt_ = now();
    Q_EMIT sampled();
  });
  lapse_.setInterval(lapseLook);
  connect(&lapse_, &QTimer::timeout, this, [this] {
    if (!guard_.allows()) tellPermission();
  });
  listenToRedis();
}

LiveCluster::~LiveCluster() {
  // Jobs use the clients: they go first, and nobody hears of them any more.
  const auto jobs = findChildren<Job*>(Qt::FindDirectChildrenOnly);
  qDeleteAll(jobs);
}

qint64 LiveCluster::now() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now().time_since_epoch()).count();
}

qint64 LiveCluster::wallMs() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.wall().time_since_epoch()).count();
}

InstanceClient::Networks LiveCluster::networkFor(const QUrl& url) {
  const bool loopback = isLoopback(url);
  Network& network = networks_[loopback ? 0 : 1];
  if (!network.control) network = {newNetworkFor(url), newNetworkFor(url)};
  return {*network.control, *network.work};
}

std::unique_ptr<QNetworkAccessManager> LiveCluster::newNetworkFor(const QUrl& url) const {
  return makeNetwork(isLoopback(url), Trust::of(profile_.caFile, profile_.serverName));
}

int LiveCluster::addInstance(const QString& name) {
  const auto slot = static_cast<int>(members_.size());
  Q_ASSERT(slot < maxSlots);
  auto member = std::make_unique<LiveMember>();
  member->slot = slot;
  member->monitor = std::make_unique<InstanceMonitor>(
      slot, name, [this] { return now(); }, random_);
  member->monitor->setAttention(attention_);
  instances_.append(member->monitor->info());
  listenTo(*member);
  members_.push_back(std::move(member));
  Q_EMIT instancesChanged();
  return slot;
}

void LiveCluster::connectInstance(int slot, const QUrl& url, const Secret& principal) {
  LiveMember& member = *members_[static_cast<std::size_t>(slot)];
  member.monitor->setClient(nullptr);
  member.feed.reset();
  member.client =
      std::make_unique<InstanceClient>(networkFor(url), url, principal, correlationPrefix_ + QString::number(slot));
  member.feed = std::make_unique<TokenFeed>(
      slot, *member.client, book_, [this] { return now(); }, random_);
  connect(member.feed.get(), &TokenFeed::modeTold, member.monitor.get(), &InstanceMonitor::pollNow);
  connect(member.feed.get(), &TokenFeed::failoverTold, &redis_, &RedisMonitor::pollNow);
  connect(member.feed.get(), &TokenFeed::opened, this,
          [this, slot] { log(Severity::Debug, instances_[slot].id, QStringLiteral("watch_opened"), {}); });
  connect(member.feed.get(), &TokenFeed::cut, this, [this, slot](const Failure& failure) {
    log(Severity::Info, instances_[slot].id, QStringLiteral("watch_cut"), fieldsOf(failure), failure.correlationId);
    // Its end is often the first sign of an instance's end.
    members_[static_cast<std::size_t>(slot)]->monitor->pollNow();
  });
  lookAround();
  member.monitor->setClient(member.client.get());
  if (!profile_.balancer.isEmpty() && !principal.empty()) {
    balancerPrincipal_ = principal;
    balancer_ = makeClient(profile_.balancer, principal, QStringLiteral("b"));
  }
}

void LiveCluster::disconnectInstance(int slot, const QString& reason) {
  LiveMember& member = *members_[static_cast<std::size_t>(slot)];
  member.monitor->setClient(nullptr);
  if (member.feed) member.feed->giveUp();
  member.feed.reset();
  member.client.reset();
  member.monitor->tell(InstanceState::Stopped, reason);
}

std::unique_ptr<InstanceClient> LiveCluster::makeClient(const QUrl& url, const Secret& principal,
                                                        const QString& purpose) {
  return std::make_unique<InstanceClient>(networkFor(url), url, principal, correlationPrefix_ + purpose);
}

InstanceClient* LiveCluster::clientOf(int slot) {
  const auto place = static_cast<std::size_t>(slot);
  return slot >= 0 && place < members_.size() ? members_[place]->client.get() : nullptr;
}

// A job that waited for its refusal would say "no answer" of one that nobody expects to answer.
bool LiveCluster::isStopped(int slot) const {
  return slot >= 0 && slot < instances_.size() && instances_[slot].state == InstanceState::Stopped;
}

const InstanceMonitor& LiveCluster::monitorOf(int slot) const {
  return *members_[static_cast<std::size_t>(slot)]->monitor;
}

void LiveCluster::tellInstance(int slot, InstanceState state, const QString& reason) {
  members_[static_cast<std::size_t>(slot)]->monitor->tell(state, reason);
}

void LiveCluster::listenTo(LiveMember& member) {
  InstanceMonitor* monitor = member.monitor.get();
  const int slot = member.slot;
  connect(monitor, &InstanceMonitor::changed, this, [this, slot, monitor, &member] {
    instances_[slot] = monitor->info();
    if (member.feed) {
      if (instances_[slot].internalCalls)
        member.feed->setReachable(monitor->watchable());
      else
        member.feed->giveUp();
    }
    redis_.see(slot, monitor->redis());
    lookWhoLists();
    Q_EMIT instanceChanged(slot);
  });
  connect(monitor, &InstanceMonitor::connected, this, [this, monitor](qint64 afterMs, bool back) {
    const InstanceInfo& info = monitor->info();
    log(Severity::Info, info.id, QStringLiteral("connected"),
        {{QStringLiteral("url"), info.url.toString()},
         {QStringLiteral("after_ms"), afterMs},
         {QStringLiteral("back"), back}});
    if (back) mark(TimeMark::Kind::InstanceBack, info.id, {});
  });
  connect(monitor, &InstanceMonitor::lost, this, [this, monitor](const QString& reason) {
    log(Severity::Error, monitor->info().id, QStringLiteral("lost"), {{QStringLiteral("reason"), reason}});
    mark(TimeMark::Kind::InstanceGone, monitor->info().id, reason);
  });
  connect(monitor, &InstanceMonitor::restarted, this, [this, monitor] {
    log(Severity::Warning, monitor->info().id, QStringLiteral("restarted"), {});
    mark(TimeMark::Kind::ServerStarted, monitor->info().id, QStringLiteral("restarted"));
  });
  connect(monitor, &InstanceMonitor::modeChanged, this, [this, monitor](const QString& from, const QString& to) {
    log(Severity::Warning, monitor->info().id, QStringLiteral("mode_changed"),
        {{QStringLiteral("from"), from}, {QStringLiteral("to"), to}});
    mark(TimeMark::Kind::ModeSwitch, monitor->info().id, to);
  });
  connect(monitor, &InstanceMonitor::drainBegan, this, [this, monitor] {
    log(Severity::Warning, monitor->info().id, QStringLiteral("draining"), {});
    mark(TimeMark::Kind::Drain, monitor->info().id, {});
  });
  connect(monitor, &InstanceMonitor::sampled, this, [this, &member](const auto& values, bool continues) {
    addSample(member.slot, member.sampledSecond, values, continues);
  });
}

void LiveCluster::listenToRedis() {
  const auto address = [this] { return std::pair(QStringLiteral("address"), QVariant(redis().address)); };
  connect(&redis_, &RedisMonitor::changed, this, &Cluster::redisChanged);
  connect(&redis_, &RedisMonitor::wentDown, this, [this, address](const QString& sentence) {
    log(Severity::Error, QStringLiteral("redis"), QStringLiteral("redis_down"),
        QVariantMap{address(), {QStringLiteral("text"), sentence}});
    mark(TimeMark::Kind::RedisGone, redis().address, sentence);
  });
  connect(&redis_, &RedisMonitor::cameBack, this, [this, address](qint64 afterMs) {
    log(Severity::Info, QStringLiteral("redis"), QStringLiteral("redis_up"),
        QVariantMap{address(), {QStringLiteral("after_ms"), afterMs}});
    mark(TimeMark::Kind::RedisBack, redis().address, {});
  });
  connect(&redis_, &RedisMonitor::failedOver, this, [this](const QString& words) {
    log(Severity::Warning, QStringLiteral("redis"), QStringLiteral("redis_failover"), {{QStringLiteral("text"), words}});
    mark(TimeMark::Kind::Failover, {}, words);
  });
  connect(&redis_, &RedisMonitor::sampled, this, [this](bool continues) {
    InstanceMonitor::Values values;
    if (const auto memory = redis().usedMemory) values.emplace_back(Metric::RedisMemory, static_cast<double>(*memory));
    if (const auto rate = redis().opsPerSec) values.emplace_back(Metric::RedisCommandRate, static_cast<double>(*rate));
    addSample(redisLane, redisSecond_, values, continues);
  });
}

void LiveCluster::readRedisDirectly(std::unique_ptr<DirectRedis> redis) {
  redisTokens_ = std::make_unique<RedisTokenFeed>(
      *redis, book_, [this] { return now(); }, [this] { return redis_.prefix(); });
  redisTokens_->setAttention(attention_);
  connect(redisTokens_.get(), &RedisTokenFeed::walked, this, [this] {
    // Who can't list has nothing that the book should wait for.
    for (const auto& member : members_) {
      if (!member->monitor->watchable()) book_.walkEnded(member->slot);
    }
  });
  redis_.readDirectly(std::move(redis));
  lookWhoLists();
}

void LiveCluster::lookWhoLists() {
  if (!redisTokens_) return;
  redisTokens_->setNeeded(std::none_of(members_.begin(), members_.end(), [](const auto& member) {
    const InstanceInfo& info = member->monitor->info();
    const bool untried = info.state == InstanceState::Unknown && info.attempts == 0;
    return member->client && (untried || member->monitor->watchable());
  }));
}

void LiveCluster::addSample(int lane, qint64& lastSecond, const InstanceMonitor::Values& values, bool continues) {
  const qint64 second = wallMs() / 1000;
  // One sample stands for all the time since the last, however rarely we ask: only silence is a gap.
  const bool holds = continues && second > lastSecond && second - lastSecond <= longestHoldSec;
  const qint64 first = holds ? lastSecond + 1 : second;
  for (qint64 s = first; s <= second; ++s) history_.add(lane, s * 1000, values);
  lastSecond = second;
  // A moment later, so that instances polled together are told of together; once a second.
  if (!sampledTimer_.isActive()) {
    sampledTimer_.start(static_cast<int>(std::max<qint64>(20, sampledAt_ + 1000 - now())));
  }
}

void LiveCluster::log(Severity severity, const QString& source, const QString& event, const QVariantMap& fields,
                      const QString& correlationId) {
  journal_.add({QDateTime::fromMSecsSinceEpoch(wallMs()), severity, source, event, fields, correlationId});
}

void LiveCluster::mark(TimeMark::Kind kind, const QString& instance, const QString& detail) {
  history_.mark({kind, wallMs(), instance, detail});
  Q_EMIT marked();
}

void LiveCluster::setCanChange(bool allowed) {
  if (guard_.set(allowed)) tellPermission();
}

void LiveCluster::tellPermission() {
  const bool allowed = guard_.allows();
  const bool ends = guard_.endsAt().has_value();
  ends ? lapse_.start() : lapse_.stop();
  QVariantMap fields;
  if (ends) fields.insert(QStringLiteral("minutes"), static_cast<int>(ChangeGuard::permission.count()));
  if (!allowed) fields.insert(QStringLiteral("lapsed"), guard_.lapsed());
  log(Severity::Info, QStringLiteral("console"),
      allowed ? QStringLiteral("changes_allowed") : QStringLiteral("made_read_only"), fields);
  Q_EMIT canChangeChanged(allowed);
}

Streams* LiveCluster::streams() { return streams_.get(); }

void LiveCluster::setAttention(Attention attention) {
  attention_ = attention;
  for (const auto& member : members_) member->monitor->setAttention(attention);
  redis_.setAttention(attention);
  if (redisTokens_) redisTokens_->setAttention(attention);
  lookAround();
}

void LiveCluster::lookAround() {
  for (const auto& member : members_) {
    if (member->feed) member->feed->lookAround(attention_, static_cast<int>(members_.size()));
  }
}

void LiveCluster::retryNow() {
  for (const auto& member : members_) member->monitor->pollNow();
  redis_.pollNow();
}

IssueJob* LiveCluster::issue(const IssueSpec& spec) { return new LiveIssueJob(context_, spec, this); }

CheckJob* LiveCluster::check(const TokenText& token, int slot) {
  std::vector<int> slots;
  for (const InstanceInfo& instance : instances_) {
    if (slot < 0 || slot == instance.slot) slots.push_back(instance.slot);
  }
  return new LiveCheckJob(context_, token, std::move(slots), this);
}

RevokeJob* LiveCluster::revoke(const RevokeSpec& spec) { return new LiveRevokeJob(context_, spec, this); }

PublishJob* LiveCluster::publish(const PublishSpec& spec) { return new LivePublishJob(context_, spec, this); }

MatrixJob* LiveCluster::testAcross(const MatrixSpec& spec) { return new LiveMatrixJob(context_, spec, this); }

}  // namespace vx11::cluster
