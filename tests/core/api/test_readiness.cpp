// /readyz: each part by itself, and what follows for the whole.
#include <QJsonArray>
#include <QTest>

#include "core/api/api_host.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::Mode;

namespace {

using Change = void (*)(api::RedisStatus&);

void fail(api::RedisStatus& status) {
  status.up = false;
  status.last_error = "connection refused by 127.0.0.1:6379";
}
void lose_a_part(api::RedisStatus& status) {
  status.topology = redis::Topology::cluster;
  status.up = false;
  status.partly = true;
  status.last_error = "127.0.0.1:7001 of 5461 slots can't be reached";
}
void open_breaker(api::RedisStatus& status) { status.breaker = redis::BreakerState::open; }

/// "name:state …" of all that aren't ok.
[[nodiscard]] QString troubles(const QJsonObject& body) {
  QStringList all;
  const QJsonObject components = body["components"].toObject();
  for (const QString& name : components.keys()) {
    const QString state = components[name].toObject()["state"].toString();
    if (state != "ok") all << name + ':' + state;
  }
  return all.join(' ');
}

}  // namespace
Q_DECLARE_METATYPE(store::Mode)

class TestReadiness : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void allIsWell() {
    ApiHost host;
    const Answer answer = host.get("/readyz");
    QCOMPARE(answer.status, 200);
    const QJsonObject body = ApiHost::parsed(answer);
    QCOMPARE(body["status"].toString(), QString("ready"));
    QCOMPARE(body["instance_id"].toString(), QString("api-1"));
    QCOMPARE(body["mode"].toString(), QString("hybrid"));
    QCOMPARE(body["components"].toObject().keys(),
             QStringList({"clock", "configuration", "eviction", "feed", "instance_id", "redis", "service", "store",
                          "topology"}));
    QCOMPARE(troubles(body), QString());
    QCOMPARE(body["components"].toObject()["eviction"].toObject()["policy"].toString(), QString("noeviction"));
    QCOMPARE(body["components"].toObject()["clock"].toObject()["redis_ahead_ms"].toDouble(), 1.5);
    QCOMPARE(host.ask("HEAD", "/readyz").status, 200);
  }

  void withoutRedisNothingIsAskedOfIt() {
    ApiHost host(Mode::memory, false);
    const QJsonObject body = host.json("/readyz");
    QCOMPARE(body["status"].toString(), QString("ready"));
    QCOMPARE(body["components"].toObject().keys(), QStringList({"configuration", "redis", "service", "store"}));
    QCOMPARE(body["components"].toObject()["redis"].toObject()["configured"].toBool(true), false);
  }

  void eachTrouble_data() {
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<void*>("change");
    QTest::addColumn<int>("http");
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("troubles");
    const auto row = [](const char* name, Mode mode, Change change, int http, const char* status, const char* told) {
      QTest::newRow(name) << mode << reinterpret_cast<void*>(change) << http << QString::fromLatin1(status)
                          << QString::fromLatin1(told);
    };
    const char* degraded = "degraded";
    row("Redis down, redis", Mode::redis, fail, 503, "store_unavailable", "redis:failed store:failed");
    row("Redis down, hybrid", Mode::hybrid, fail, 200, degraded, "redis:degraded store:degraded");
    row("Redis down, signed", Mode::signed_tokens, fail, 200, degraded, "redis:degraded");
    row("Redis down, memory", Mode::memory, fail, 200, degraded, "redis:degraded");
    row("breaker open, redis", Mode::redis, open_breaker, 503, "store_unavailable", "redis:failed store:failed");
    row("breaker open, hybrid", Mode::hybrid, open_breaker, 200, degraded, "redis:degraded store:degraded");
    row(
        "half open, redis", Mode::redis, [](api::RedisStatus& s) { s.breaker = redis::BreakerState::half_open; }, 503,
        "store_unavailable", "redis:failed store:failed");
    row("a part of the cluster away, redis", Mode::redis, lose_a_part, 200, degraded,
        "redis:degraded store:degraded topology:degraded");
    row("a part of the cluster away, hybrid", Mode::hybrid, lose_a_part, 200, degraded,
        "redis:degraded store:degraded topology:degraded");
    row(
        "the cluster's state", Mode::redis, [](api::RedisStatus& s) { s.cluster.emplace().state = "fail"; }, 200,
        degraded, "topology:degraded");
    row(
        "a command refused", Mode::redis, [](api::RedisStatus& s) { s.refused = "NOPERM"; }, 200, degraded,
        "redis:degraded");
    row(
        "no sentinel answers", Mode::redis, [](api::RedisStatus& s) { s.sentinels.resize(3); }, 200, degraded,
        "topology:degraded");
    row(
        "one sentinel answers", Mode::redis,
        [](api::RedisStatus& s) {
          s.sentinels.resize(3);
          s.sentinels[1].up = true;
        },
        200, "ready", "");
    row(
        "too few replicas", Mode::redis,
        [](api::RedisStatus& s) {
          s.wait = 2;
          s.fewest_replicas = 1;
        },
        200, degraded, "topology:degraded");
    row(
        "replicas enough", Mode::redis,
        [](api::RedisStatus& s) {
          s.wait = 1;
          s.fewest_replicas = 1;
        },
        200, "ready", "");
    row(
        "replicas not known yet", Mode::redis, [](api::RedisStatus& s) { s.wait = 1; }, 200, "ready", "");
    row(
        "not following", Mode::redis, [](api::RedisStatus& s) { s.following = false; }, 200, degraded, "feed:degraded");
    row(
        "feed at its limit", Mode::hybrid, [](api::RedisStatus& s) { s.feed_age = 3s; }, 200, "ready", "");
    row(
        "feed stale", Mode::hybrid, [](api::RedisStatus& s) { s.feed_age = 3001ms; }, 200, degraded, "feed:degraded");
    row(
        "evicts all", Mode::redis, [](api::RedisStatus& s) { s.health->maxmemory_policy = "allkeys-lru"; }, 200,
        degraded, "eviction:degraded");
    row(
        "evicts the volatile", Mode::memory, [](api::RedisStatus& s) { s.health->maxmemory_policy = "volatile-ttl"; },
        200, degraded, "eviction:degraded");
    row(
        "policy unknown", Mode::redis, [](api::RedisStatus& s) { s.health.reset(); }, 200, "ready", "");
    row(
        "clock ahead", Mode::redis, [](api::RedisStatus& s) { s.clock_ahead = 1'000'001us; }, 200, degraded,
        "clock:degraded");
    row(
        "clock behind", Mode::redis, [](api::RedisStatus& s) { s.clock_ahead = -1'000'001us; }, 200, degraded,
        "clock:degraded");
    row(
        "clock at its limit", Mode::redis, [](api::RedisStatus& s) { s.clock_ahead = -1s; }, 200, "ready", "");
    row(
        "clock unknown", Mode::redis, [](api::RedisStatus& s) { s.clock_ahead.reset(); }, 200, "ready", "");
    row(
        "id taken", Mode::redis, [](api::RedisStatus& s) { s.id_taken = true; }, 200, degraded, "instance_id:degraded");
  }
  void eachTrouble() {
    QFETCH(Mode, mode);
    QFETCH(void*, change);
    ApiHost host(mode);
    host.on_loop([&] { reinterpret_cast<Change>(change)(host.redis.now); });
    const Answer answer = host.get("/readyz");
    QTEST(answer.status, "http");
    QTEST(ApiHost::parsed(answer)["status"].toString(), "status");
    QTEST(troubles(ApiHost::parsed(answer)), "troubles");
  }

  void aFailingRedisSaysWhy() {
    ApiHost host;
    QVERIFY(!host.json("/readyz")["components"].toObject()["redis"].toObject().contains("last_error"));
    host.on_loop([&] { fail(host.redis.now); });
    QCOMPARE(host.json("/readyz")["components"].toObject()["redis"].toObject()["last_error"].toString(),
             QString("connection refused by 127.0.0.1:6379"));
  }

  void whatIsAmissIsASentence() {
    ApiHost host;
    const auto component = [&host](const char* name) {
      return host.json("/readyz")["components"].toObject()[name].toObject();
    };
    QCOMPARE(component("topology"), QJsonObject({{"state", "ok"}, {"kind", "single"}}));
    host.on_loop([&] { lose_a_part(host.redis.now); });
    QCOMPARE(component("topology"),
             QJsonObject({{"state", "degraded"},
                          {"kind", "cluster"},
                          {"reason", "a part of the cluster is away: 127.0.0.1:7001 of 5461 slots can't be reached"}}));
    host.on_loop([&] {
      host.redis.now = MadeUpRedis::healthy();
      host.redis.now.wait = 2;
      host.redis.now.fewest_replicas = 0;
      host.redis.now.refused = "NOPERM this user has no permissions to run the 'xread' command";
    });
    QCOMPARE(component("topology")["reason"].toString(),
             QString("a master has 0 replicas, and --redis-wait asks for 2"));
    QCOMPARE(component("redis")["refused"].toString(),
             QString("NOPERM this user has no permissions to run the 'xread' command"));
    host.on_loop([&] {
      host.redis.now = MadeUpRedis::healthy();
      host.redis.now.unavailable = "NOPERM this user has no permissions to run the 'slowlog|get' command";
    });
    QCOMPARE(component("redis")["state"].toString(), QString("ok"));
    QCOMPARE(component("redis")["unavailable"].toString(),
             QString("NOPERM this user has no permissions to run the 'slowlog|get' command"));
    host.on_loop([&] {
      host.redis.now.topology = redis::Topology::sentinel;
      host.redis.now.sentinels.resize(3);
    });
    QCOMPARE(component("topology")["reason"].toString(),
             QString("no sentinel answers, so a failover would go unnoticed; look at the 3 sentinels"));
  }

  void memoryModeNeedsRedisOnlyInItsDrainWindow() {
    ApiHost host(Mode::redis);
    host.on_loop([&] { fail(host.redis.now); });
    QCOMPARE(host.get("/readyz").status, 503);
    QCOMPARE(host.post_mode(R"({"mode":"memory"})").status, 200);
    QCOMPARE(host.get("/readyz").status, 200);
    QCOMPARE(troubles(host.json("/readyz")), QString("redis:degraded store:degraded"));
    host.clock.advance(301s);
    QCOMPARE(troubles(host.json("/readyz")), QString("redis:degraded"));
  }

  void beginningAndEndingAreNotReady_data() {
    QTest::addColumn<int>("phase");
    QTest::addColumn<QString>("word");
    QTest::newRow("starting") << int(api::Phase::starting) << "starting";
    QTest::newRow("draining") << int(api::Phase::draining) << "draining";
  }
  void beginningAndEndingAreNotReady() {
    QFETCH(int, phase);
    ApiHost host(Mode::redis);
    host.shared.phase.store(static_cast<api::Phase>(phase));
    const Answer answer = host.get("/readyz");
    QCOMPARE(answer.status, 503);
    QTEST(ApiHost::parsed(answer)["status"].toString(), "word");
    QCOMPARE(troubles(ApiHost::parsed(answer)), QString("service:failed"));
    host.on_loop([&] { fail(host.redis.now); });
    QTEST(host.json("/readyz")["status"].toString(), "word");
  }

  void warningsOfTheConfigurationAreShown() {
    config::Settings settings;
    settings.warnings = {"Redis database 2 (variable REDIS_DB) is used", "a \"quoted\" one"};
    ApiHost host(Mode::hybrid, true, settings);
    const QJsonObject body = host.json("/readyz");
    QCOMPARE(body["status"].toString(), QString("degraded"));
    const QJsonArray warnings = body["components"].toObject()["configuration"].toObject()["warnings"].toArray();
    QCOMPARE(warnings, QJsonArray({"Redis database 2 (variable REDIS_DB) is used", "a \"quoted\" one"}));
  }

  void healthAndLifeDontAskRedis() {
    ApiHost host(Mode::redis);
    host.on_loop([&] { fail(host.redis.now); });
    QCOMPARE(host.get("/health").status, 200);
    QCOMPARE(host.get("/livez").status, 200);
    QCOMPARE(host.on_loop([&] { return host.redis.asked; }), 0);
  }
};

QTEST_GUILESS_MAIN(TestReadiness)
#include "test_readiness.moc"
