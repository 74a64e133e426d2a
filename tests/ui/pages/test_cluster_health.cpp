// What is wrong with a cluster as a whole: judged instances, findings of Redis, and the Overview's verdict of several.
#include <QTest>

#include "cluster_scene.h"
#include "pages/charts_page_plan.h"
#include "pages/cluster_health.h"
#include "pages/overview_words.h"
#include "pages/token_away.h"
#include "pages/token_verdict.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

namespace {

const QDateTime wall(QDate(2026, 11, 23), QTime(14, 32, 36));
const overview::Look look{sceneNow, wall};

QList<InstanceInfo> three() {
  return {hybridInstance(QStringLiteral("a"), 0, wall), hybridInstance(QStringLiteral("b"), 1, wall),
          hybridInstance(QStringLiteral("c"), 2, wall)};
}
/// As FakeCluster does.
QList<InstanceInfo> numbered(QList<InstanceInfo> instances) {
  for (int i = 0; i < instances.size(); ++i) instances[i].slot = i;
  return instances;
}
QString verdict(const QList<InstanceInfo>& instances, const RedisInfo& redis) {
  const auto v = overview::verdictOf({}, health::judged(instances, redis), redis, look, false, {});
  return v.phrase + u' ' + v.sentence;
}

}  // namespace

class TestClusterHealth : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void verdicts_data() {
    QTest::addColumn<QList<InstanceInfo>>("instances");
    QTest::addColumn<RedisInfo>("redis");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* name, QList<InstanceInfo> instances, const RedisInfo& redis, const char* said) {
      QTest::newRow(name) << numbered(std::move(instances)) << redis << QString::fromUtf8(said);
    };
    const RedisInfo fine = healthyRedis(3);
    row("healthy", three(), fine, "Healthy. 3 of 3 instances live in hybrid mode; Redis answers in 0.1 ms.");
    RedisInfo unheard = fine;
    unheard.up.reset();
    row("Redis unknown", three(), unheard, "Healthy. 3 of 3 instances live in hybrid mode; how Redis does is unknown.");

    auto memory = three();
    for (auto& info : memory) info.mode = QStringLiteral("memory");
    row("memory", memory, {}, "Healthy. 3 of 3 instances live in memory mode; each knows only its own tokens.");
    auto mixed = three();
    mixed[1].mode = QStringLiteral("redis");
    row("two modes", mixed, fine, "Healthy. 3 of 3 instances live in hybrid and redis mode; Redis answers in 0.1 ms.");

    auto apart = three();
    apart[2].mode = QStringLiteral("memory");
    RedisInfo full = fine;
    full.usedMemory = qint64{427} << 20;
    full.maxMemory = qint64{512} << 20;
    row("one apart, memory full", apart, full,
        "Degraded. c knows only its own tokens, in memory mode; Redis memory is over its 80 % mark.");
    RedisInfo evicts = full;
    evicts.policy = QStringLiteral("allkeys-lru");
    row("three findings", apart, evicts,
        "Degraded. c knows only its own tokens, in memory mode; Redis may evict live tokens (allkeys-lru); and 1 more.");

    RedisInfo down = fine;
    makeDown(down);
    row("Redis down is one thing", three(), down, "Degraded. Redis at 127.0.0.1:41877 does not answer (connection refused).");
    RedisInfo silent = down;
    silent.error = QStringLiteral("it doesn't answer");
    row("and says it once", three(), silent, "Degraded. Redis at 127.0.0.1:41877 does not answer (no answer in time).");
    RedisInfo lost = fine;
    lost.seenBy[1].up = false;
    row("one has lost it", three(), lost, "Degraded. b does not reach Redis.");
    auto away = three();
    makeUnreachable(away[0], wall);
    row("away is worse", away, down,
        "Unreachable. a at 127.0.0.1:8011 does not answer (connection refused) since 14:32:24; attempt 5 in 3 s; "
        "Redis at 127.0.0.1:41877 does not answer (connection refused).");
    RedisInfo elsewhere = fine;
    elsewhere.seenBy[0].database = 1;
    row("two databases", three(), elsewhere, "Degraded. a uses database 1, b and c database 0.");
    auto paused = three();
    paused[1].state = InstanceState::Paused;
    row("paused", paused, fine, "Paused. b is paused.");
  }
  void verdicts() {
    QFETCH(QList<InstanceInfo>, instances);
    QFETCH(RedisInfo, redis);
    QTEST(verdict(instances, redis), "said");
  }

  void whoReportsNothingIsNotAccused() {
    auto instances = numbered(three());
    instances[2] = publicOnly(QStringLiteral("py-1"), 2, wall);
    instances[2].slot = 2;
    RedisInfo redis = healthyRedis(2);
    for (const auto& info : health::judged(instances, redis)) QCOMPARE(info.state, InstanceState::Live);
    QVERIFY(health::redisFindings(redis, instances).isEmpty());
    redis.policy.clear();
    redis.maxMemory.reset();
    QCOMPARE(health::redisMark(redis, instances), Mark::Live);
    QVERIFY(!health::memoryShare(redis));
    redis.up.reset();
    QCOMPARE(health::redisMark(redis, instances), Mark::Unknown);
  }

  void onlyThoseThatShareItAreCompared() {
    auto instances = numbered(three());
    RedisInfo redis = healthyRedis(3);
    redis.seenBy[2].prefix = QStringLiteral("other:");
    QCOMPARE(health::redisDifference(redis, instances), QStringLiteral("a and b use prefix vx11:, c prefix other:"));
    redis.seenBy[1].database = 7;
    QCOMPARE(health::redisDifference(redis, instances), QStringLiteral("a and c use database 0, b database 7"));
    redis.seenBy[0].address = QStringLiteral("10.0.0.1:6379");
    QCOMPARE(health::redisDifference(redis, instances),
             QStringLiteral("a uses 10.0.0.1:6379, b and c 127.0.0.1:41877"));
    for (auto& info : instances) info.mode = QStringLiteral("memory");
    QVERIFY(health::redisDifference(redis, instances).isEmpty());
  }

  void theOldOneSaysItsAge() {
    RedisInfo redis = healthyRedis(1);
    QVERIFY(health::redisAge(redis, sceneNow + 5'000).isEmpty());
    QCOMPARE(health::redisAge(redis, sceneNow + 12'000), QStringLiteral("12 s old"));
    redis.answeredAt = -1;
    QVERIFY(health::redisAge(redis, sceneNow).isEmpty());
  }

  void theSlowestTellsTheRoundTripUnlessAskedDirectly() {
    RedisInfo redis = healthyRedis(3);
    redis.seenBy[2].roundTripP50 = 4.0;
    QCOMPARE(health::roundTrip(redis), 4.0);
    redis.roundTripMs = 0.3;
    QCOMPARE(health::roundTrip(redis), 0.3);
    redis.roundTripMs.reset();
    redis.seenBy.clear();
    QVERIFY(!health::roundTrip(redis));
  }

  void issuingSaysWhatIsSpecial() {
    FakeCluster cluster;
    setUpHybrid(cluster, wall);
    const auto hint = [&](int slot) { return tokens::issueHint(cluster, slot).words; };
    QVERIFY(hint(-1).isEmpty() && hint(1).isEmpty());
    auto info = cluster.instances()[1];
    info.mode = QStringLiteral("memory");
    cluster.setInstance(info);
    QVERIFY(hint(1).startsWith(QStringLiteral("Known to b alone")));
    QVERIFY(hint(0).isEmpty());
    info.mode = QStringLiteral("redis");
    cluster.setInstance(info);
    RedisInfo redis = cluster.redis();
    makeDown(redis);
    cluster.setRedis(redis);
    QVERIFY(hint(0).startsWith(QStringLiteral("Issued on the instance only")));
    QVERIFY(hint(1).contains(QStringLiteral("503")));
    makeUnreachable(info, wall);
    cluster.setInstance(info);
    QCOMPARE(hint(1), QStringLiteral("b does not answer."));
  }

  void tokensWithoutRedis() {
    const auto instances = numbered(three());
    RedisInfo redis = healthyRedis(3);
    QVERIFY(!tokens::redisAway(redis, instances));
    makeDown(redis);
    QVERIFY(tokens::redisAway(redis, instances));
    const auto v = tokens::verdictOf(instances, redis, {sceneNow, wall, 298, 3, true});
    QCOMPARE(v.mark, Mark::Degraded);
    QCOMPARE(v.phrase, QStringLiteral("Degraded, 298 live."));
    QCOMPARE(v.sentence, QStringLiteral("Redis is down since 14:32:24; a, b and c answer from their own memory."));
  }

  void theMemoryChartHasItsMarkWhereItMatters() {
    RedisInfo redis = healthyRedis(1);
    QVERIFY(memoryLimits(redis).isEmpty());  // 2 %: the curve would lie on the ground
    redis.usedMemory = qint64{300} << 20;
    redis.maxMemory = qint64{500} << 20;
    QCOMPARE(memoryLimits(redis).size(), 1);
    QCOMPARE(memoryLimits(redis).first().value, 400.0);
    redis.maxMemory = 0;
    QVERIFY(memoryLimits(redis).isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestClusterHealth)
#include "test_cluster_health.moc"
