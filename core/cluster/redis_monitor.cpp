#include "cluster/redis_monitor.h"

#include <QDateTime>
#include <algorithm>

#include "cluster/connection_state.h"

namespace vx11::cluster {
namespace {

constexpr qint64 leastBetweenPollsMs = 1000, leastBetweenSignalsMs = 500;
// An instance that nobody asked lately looks every ten seconds.
constexpr qint64 freshMs = 12'000;
// Instances notice one failover at different moments, and their clocks differ.
constexpr qint64 sameFailoverSec = 60;
// What was longer ago is history that another witness remembers.
constexpr qint64 newsSec = 600;

bool answers(const InstanceInfo& instance) {
  return instance.internalCalls && instance.reason != QStringLiteral("refused_principal") &&
         (instance.state == InstanceState::Live || instance.state == InstanceState::Degraded ||
          instance.state == InstanceState::Draining);
}

/// "can't connect to 10.4.0.21:6379: Connection refused" without the address, which stands beside it.
QString withoutAddress(const QString& error, const QString& address) {
  const qsizetype at = address.isEmpty() ? -1 : error.indexOf(address);
  if (at < 0) return error;
  QString rest = error.mid(at + address.size());
  if (rest.startsWith(u':'))
    rest = rest.mid(1).trimmed();
  else if (at == 0)
    rest = QStringLiteral("it") + rest;
  else
    return error;
  if (!rest.isEmpty()) rest[0] = rest[0].toLower();
  return rest;
}

}  // namespace

RedisMonitor::RedisMonitor(Surroundings surroundings, QObject* parent)
    : QObject(parent), around_(std::move(surroundings)) {
  for (QTimer* timer : {&timer_, &announcement_}) timer->setSingleShot(true);
  connect(&timer_, &QTimer::timeout, this, &RedisMonitor::poll);
  connect(&announcement_, &QTimer::timeout, this, [this] {
    announcedAt_ = around_.now();
    Q_EMIT changed();
  });
}

RedisMonitor::~RedisMonitor() { call_.cancel(); }

void RedisMonitor::readDirectly(std::unique_ptr<DirectRedis> redis) {
  direct_ = std::move(redis);
  info_.configured = true;
  info_.address = direct_->address();
  connect(direct_.get(), &DirectRedis::answered, this, &RedisMonitor::onDirectAnswer);
  connect(direct_.get(), &DirectRedis::sentinelsAnswered, this,
          [this](const QList<RedisSentinel>& sentinels) { info_.servers.sentinels = sentinels; });
  connect(direct_.get(), &DirectRedis::failed, this, [this](const QString& sentence) {
    directError_ = sentence;
    toAsk_ = whomToAsk();
    askNext();
  });
  pollNow();
  announce();
}

void RedisMonitor::setAttention(Attention attention) {
  if (std::exchange(attention_, attention) == attention || asking_ || !info_.configured) return;
  schedule(pollBeganAt_ + ConnectionState::interval(attention_).count());
}

void RedisMonitor::pollNow() {
  if (!asking_ && info_.configured) schedule(pollBeganAt_ + leastBetweenPollsMs);
}

void RedisMonitor::see(int slot, const std::optional<wire::RedisSummary>& summary) {
  auto& all = info_.seenBy;
  const auto place = std::lower_bound(all.begin(), all.end(), slot,
                                      [](const RedisSeenBy& seen, int wanted) { return seen.slot < wanted; });
  const bool known = place != all.end() && place->slot == slot;
  if (!summary) {
    if (!known) return;
    all.erase(place);
    if (all.isEmpty() && !direct_) {  // nobody has a Redis any more
      info_ = {};
      downSince_ = -1;
      timer_.stop();
    }
    return announce();
  }
  RedisSeenBy told = summary->seen;
  told.lastError = withoutAddress(told.lastError, told.address);
  if (known && *place == told) return;
  const bool turned = !known || place->up != told.up;
  if (known)
    *place = std::move(told);
  else
    all.insert(place, std::move(told));
  info_.configured = true;
  if (turned) pollNow();
  announce();
}

QString RedisMonitor::prefix() const {
  const auto& all = info_.seenBy;
  const auto tells = std::find_if(all.begin(), all.end(), [](const RedisSeenBy& one) { return !one.prefix.isEmpty(); });
  return tells == all.end() ? QString() : tells->prefix;
}

QList<int> RedisMonitor::whomToAsk() const {
  // First who reaches Redis, and of these who told last time: what is shown shouldn't jump between two views.
  const auto rank = [this](int slot) {
    const auto seen = std::find_if(info_.seenBy.begin(), info_.seenBy.end(),
                                   [slot](const RedisSeenBy& one) { return one.slot == slot; });
    const bool reaches = seen != info_.seenBy.end() && seen->up.value_or(false);
    return (reaches ? 0 : 2) + (slot == sourceSlot_ ? 0 : 1);
  };
  QList<int> slots;
  for (const InstanceInfo& instance : around_.instances) {
    const bool has = instance.redisConfigured.value_or(false) && around_.client(instance.slot) != nullptr;
    if (has && answers(instance)) slots.append(instance.slot);
  }
  std::stable_sort(slots.begin(), slots.end(), [&rank](int a, int b) { return rank(a) < rank(b); });
  return slots;
}

void RedisMonitor::poll() {
  timer_.stop();
  if (std::exchange(asking_, true)) return;
  pollBeganAt_ = around_.now();
  if (direct_) {
    direct_->ask();
    return;
  }
  toAsk_ = whomToAsk();
  askNext();
}

void RedisMonitor::askNext() {
  if (toAsk_.isEmpty()) return onSilence();
  const int slot = toAsk_.takeFirst();
  InstanceClient* client = around_.client(slot);
  if (client == nullptr) return askNext();
  call_ = client->redis([this, slot](const Answer<wire::RedisReport>& report) {
    if (report.has_value() && report->info.configured)
      onReport(slot, *report);
    else
      askNext();
  });
}

void RedisMonitor::onDirectAnswer(const RedisInfo& told) {
  directError_.clear();
  RedisInfo next = told;
  next.configured = true;
  next.source = RedisInfo::Source::Direct;
  next.sourceName = QStringLiteral("redis");
  next.answeredAt = around_.now();
  next.seenBy = info_.seenBy;
  next.servers.toldAt = next.answeredAt;
  info_ = std::move(next);
  sourceSlot_ = -1;
  lookForFailover();
  Q_EMIT sampled(std::exchange(continues_, true));
  conclude();
}

void RedisMonitor::onReport(int slot, const wire::RedisReport& report) {
  const qint64 toldAt = report.healthAgeMs ? around_.now() - *report.healthAgeMs : -1;
  // What another told later is not taken back.
  const bool newer = toldAt >= 0 && toldAt >= info_.answeredAt - leastBetweenPollsMs;
  RedisInfo next = newer ? report.info : info_;
  next.configured = true;
  next.up = report.info.up;
  next.source = RedisInfo::Source::Instance;
  next.sourceName = around_.instances[slot].id;
  next.error = report.info.error.isEmpty() ? directError_ : report.info.error;
  next.address = direct_ ? direct_->address() : report.info.address;
  next.answeredAt = newer ? toldAt : info_.answeredAt;
  next.roundTripMs.reset();
  next.seenBy = info_.seenBy;
  next.servers = newest(report);
  info_ = std::move(next);
  sourceSlot_ = slot;
  lookForFailover();
  const bool fresh = newer && (info_.up.value_or(false) || info_.servers.partly) && *report.healthAgeMs <= freshMs;
  if (fresh)
    Q_EMIT sampled(std::exchange(continues_, true));
  else
    continues_ = false;
  conclude();
}

// Who lost sight of the servers still tells of failovers; the servers are as somebody saw them last.
RedisServers RedisMonitor::newest(const wire::RedisReport& report) const {
  RedisServers told = report.info.servers;
  if (told.topology == RedisServers::Topology::Unknown) return info_.servers;
  if (report.serversAgeMs) told.toldAt = around_.now() - *report.serversAgeMs;
  const RedisServers& known = info_.servers;
  const bool older = told.toldAt < known.toldAt - leastBetweenPollsMs;
  if (!older || told.topology != known.topology) return told;
  told.nodes = known.nodes;
  told.sentinels = known.sentinels;
  told.state = known.state;
  told.toldAt = known.toldAt;
  return told;
}

void RedisMonitor::lookForFailover() {
  const RedisServers& told = info_.servers;
  if (told.topology == RedisServers::Topology::Unknown) return;
  const bool first = !failover_;
  if (first) failover_.emplace(told.lastFailoverAt, told.lastFailover);  // it was before our time
  auto& [at, words] = *failover_;
  const bool later = told.lastFailoverAt > at + (told.lastFailover == words ? sameFailoverSec : 0);
  if (first || !later) return;
  at = told.lastFailoverAt;
  words = told.lastFailover;
  if (QDateTime::currentSecsSinceEpoch() - at < newsSec) Q_EMIT failedOver(words);
}

void RedisMonitor::onSilence() {
  continues_ = false;
  if (direct_) {
    info_.up = false;
    info_.source = RedisInfo::Source::Direct;
    info_.sourceName = QStringLiteral("redis");
    info_.error = directError_;
  } else {
    info_.up.reset();
    info_.error = tr("no instance answers that could tell");
  }
  info_.roundTripMs.reset();
  conclude();
}

void RedisMonitor::conclude() {
  asking_ = false;
  info_.error = withoutAddress(info_.error, info_.address);
  if (info_.configured) schedule(pollBeganAt_ + ConnectionState::interval(attention_).count());
  announce();
  if (!info_.up) return;
  if (*info_.up && downSince_ >= 0) {
    Q_EMIT cameBack(around_.now() - std::exchange(downSince_, -1));
  } else if (!*info_.up && downSince_ < 0) {
    downSince_ = around_.now();
    Q_EMIT wentDown(info_.error);
  }
}

void RedisMonitor::schedule(qint64 at) { timer_.start(static_cast<int>(std::max<qint64>(0, at - around_.now()))); }

void RedisMonitor::announce() {
  if (announcement_.isActive()) return;
  // A moment later, so that what instances polled together say is told of together.
  announcement_.start(static_cast<int>(std::max<qint64>(20, announcedAt_ + leastBetweenSignalsMs - around_.now())));
}

}  // namespace vx11::cluster
