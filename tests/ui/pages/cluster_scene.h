// Clusters as an operator meets them, for tests of pages and for looking at them: three hybrid instances and Redis, and
// what may go wrong with them.
#pragma once

#include <cmath>

#include "core/cluster/fake_cluster.h"

namespace vx11::ui::testing {

using cluster::InstanceInfo;
using cluster::InstanceState;
using cluster::Metric;
using cluster::Quantiles;
using cluster::RedisInfo;
using cluster::RedisSeenBy;
using cluster::TimeMark;
using cluster::testing::FakeCluster;
using cluster::testing::makeRow;

inline constexpr qint64 sceneNow = 1'000'000;

inline InstanceInfo hybridInstance(const QString& id, int index, const QDateTime& wall) {
  InstanceInfo info;
  info.id = id;
  info.url = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(8011 + index));
  info.mode = QStringLiteral("hybrid");
  info.version = QStringLiteral("1.0.0");
  info.state = InstanceState::Live;
  info.answeredAt = sceneNow;
  info.answeredWhen = wall;
  info.liveTokens = 62 - index % 2;
  info.streams = 8 + index % 3;
  info.issuedTotal = 4318 + index;
  info.checkedTotal = info.acceptedTotal = 30'000;
  info.refusedTotal = 12;
  info.issueRate = 1.0 + 0.1 * index;
  info.checkRate = 7.6 - 0.2 * index;
  info.refusedRate = 0;
  info.localHitRate = 2.5;
  info.localMissRate = 4.9;
  info.redisHitRate = 4.8;
  info.hitRatio = 0.34;
  info.issueLatency = Quantiles{62, 0.1, 0.2, 0.4};
  info.checkLatency = Quantiles{456, 0.1, 0.2 + 0.05 * index, 0.9};
  info.uptimeSec = 3 * 86'400.0 + 4 * 3600;
  info.ttlSec = 60;
  info.maxTtlSec = 300;
  info.redisConfigured = true;
  return info;
}

/// A backend with the public calls alone.
inline InstanceInfo publicOnly(const QString& id, int index, const QDateTime& wall) {
  InstanceInfo info;
  info.id = id;
  info.url = QUrl(QStringLiteral("http://10.4.0.%1:8000").arg(20 + index));
  info.state = InstanceState::Live;
  info.answeredAt = sceneNow;
  info.answeredWhen = wall;
  info.internalCalls = false;
  info.liveTokens = 26;
  return info;
}

inline void makeUnreachable(InstanceInfo& info, const QDateTime& wall) {
  info.state = InstanceState::Unreachable;
  info.reason = QStringLiteral("connection_refused");
  info.answeredAt = sceneNow - 12'000;
  info.answeredWhen = wall.addSecs(-12);
  info.unreachableSince = sceneNow - 12'000;
  info.nextAttemptAt = sceneNow + 3'000;
  info.attempts = 4;
}

inline RedisInfo healthyRedis(int instances) {
  RedisInfo redis;
  redis.configured = true;
  redis.up = true;
  redis.source = RedisInfo::Source::Instance;
  redis.sourceName = QStringLiteral("a");
  redis.answeredAt = sceneNow;
  redis.address = QStringLiteral("127.0.0.1:41877");
  redis.version = QStringLiteral("7.0.15");
  redis.mode = QStringLiteral("standalone");
  redis.role = QStringLiteral("master");
  redis.policy = QStringLiteral("noeviction");
  redis.usedMemory = qint64{1'468'006};
  redis.maxMemory = qint64{64} << 20;
  redis.opsPerSec = 31;
  for (int slot = 0; slot < instances; ++slot) {
    RedisSeenBy seen;
    seen.slot = slot;
    seen.up = true;
    seen.breaker = QStringLiteral("closed");
    seen.address = redis.address;
    seen.prefix = QStringLiteral("vx11:");
    seen.database = 0;
    seen.roundTripP50 = 0.1;
    seen.roundTripP99 = 0.4;
    seen.unwritten = seen.denied = 0;
    redis.seenBy << seen;
  }
  return redis;
}

inline void makeDown(RedisInfo& redis) {
  redis.up = false;
  redis.error = QStringLiteral("connection refused");
  redis.answeredAt = sceneNow - 12'000;
  for (RedisSeenBy& seen : redis.seenBy) {
    seen.up = false;
    seen.breaker = QStringLiteral("open");
    seen.unwritten = 20 + seen.slot * 5;
  }
}

/// Five minutes and more of samples for every instance, Redis' on a lane of its own.
inline void addTraffic(FakeCluster& cluster, const QDateTime& wall, int seconds = 900) {
  auto& history = cluster.editHistory();
  const qint64 end = wall.toMSecsSinceEpoch();
  for (int ago = seconds; ago >= 0; --ago) {
    const qint64 at = end - ago * 1000;
    for (const InstanceInfo& info : cluster.instances()) {
      const double wave = 1 + 0.12 * std::sin(ago * 0.13 + info.slot) + 0.06 * std::sin(ago * 0.71 + 2 * info.slot);
      if (!info.internalCalls) {
        history.add(info.slot, at, {{Metric::LiveTokens, 26}});
        continue;
      }
      if (info.state == InstanceState::Unreachable && ago < 12) continue;
      history.add(info.slot, at,
                  {{Metric::LiveTokens, 61 * wave}, {Metric::OpenStreams, 8.0 + info.slot % 3}, {Metric::IssueRate, wave},
                   {Metric::CheckRate, 7.5 * wave}, {Metric::RefusedRate, 0}, {Metric::LocalHitRate, 2.5 * wave},
                   {Metric::RedisHitRate, 4.8 * wave}, {Metric::MissRate, 0.1 * wave},
                   {Metric::LocalMissRate, 4.9 * wave}, {Metric::HitRatio, 0.34}, {Metric::CheckP50, 0.1 * wave},
                   {Metric::CheckP95, 0.25 * wave}, {Metric::CheckP99, 0.9 * wave}});
    }
    if (!cluster.redis().configured || (cluster.redis().up == false && ago < 12)) continue;
    history.add(-1, at, {{Metric::RedisMemory,
                          static_cast<double>(cluster.redis().usedMemory.value_or(0)) * (0.9 + 0.1 * (seconds - ago) / seconds)},
                         {Metric::RedisCommandRate, 31 + 4 * std::sin(ago * 0.21)}});
  }
}

/// Tokens of all instances, counting down from a minute.
inline void addTokens(FakeCluster& cluster, const QDateTime& wall, int count) {
  QStringList names;
  for (const InstanceInfo& info : cluster.instances()) names << info.id;
  cluster.fakeTokens().setIssuerNames(names);
  const auto total = static_cast<int>(names.size());
  QList<cluster::TokenRow> rows;
  for (int i = 0; i < count; ++i) {
    const int age = i * 58'000 / std::max(1, count);
    auto row = makeRow(0x14a0U + static_cast<quint32>(i) * 7919U, sceneNow + 60'000 - age, 60'000,
                       wall.toMSecsSinceEpoch() - age);
    row.issuer = static_cast<std::int16_t>(i * 7 % total);
    row.cachedOn = 1U << (i * 7 % total);
    if (i % 3 != 0) row.cachedOn |= 1U << (i * 5 % total);
    row.singleUse = i % 11 == 4;
    rows << row;
  }
  cluster.fakeTokens().reset(rows);
  cluster.fakeTokens().setUpdatedAt(sceneNow);
}

/// Three instances a, b, c in hybrid mode, and Redis; nothing wrong.
inline void setUpHybrid(FakeCluster& cluster, const QDateTime& wall, int count = 3) {
  cluster.setNow(sceneNow);
  cluster::Profile profile;
  profile.name = QStringLiteral("Local cluster");
  profile.kind = cluster::ProfileKind::LocalCluster;
  cluster.setProfile(profile);
  for (int i = 0; i < count; ++i) {
    cluster.addInstance(hybridInstance(QString(QChar(u'a' + static_cast<char16_t>(i))), i, wall));
  }
  cluster.setRedis(healthyRedis(count));
}

}  // namespace vx11::ui::testing
