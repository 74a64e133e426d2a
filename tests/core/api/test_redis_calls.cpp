// What cache-stats, redis, instances, the watch and the metrics tell of Redis.
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include "core/api/api_host.h"
#include "support/fake_redis_client.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::Mode;

namespace {

const std::string internal = "/operator/internal/";

[[nodiscard]] api::RedisStatus busy_status() {
  api::RedisStatus status = MadeUpRedis::healthy();
  status.tls = true;
  status.database = 3;
  status.since = WallTime(1'700'000'000'500ms);
  status.last_error = "timed out";
  status.last_error_at = WallTime(1'700'000'000s);
  status.reconnects = 7;
  status.clock_ahead = -2500us;
  status.health->used_memory = 123'456;
  status.health->ops_per_sec = 789;
  status.health->version = "7.0.15";
  status.health->maxmemory_policy = "volatile-ttl";
  status.health->slow_log_length = 2;
  status.health->slow_log = {{5, 1'700'000'001, 1234, "GET vx11:ephemeral_token:3f9a…"}};
  status.health_age = 250ms;
  status.feed_age = 120ms;
  status.denied = 4;
  status.unwritten = 5;
  status.untold = 6;
  return status;
}

/// Sentinels' master after a failover, with a replica that catches up and a sentinel that is away.
[[nodiscard]] api::RedisStatus group_status() {
  api::RedisStatus status = MadeUpRedis::healthy();
  status.topology = redis::Topology::sentinel;
  status.address = "127.0.0.1:6380";
  status.master_name = "mymaster";
  status.failovers = 2;
  status.last_failover_at = WallTime(1'700'000'000'500ms);
  status.last_failover = "127.0.0.1:6379 to 127.0.0.1:6380";
  status.wait = 1;
  status.wait_shortfalls = 9;
  status.fewest_replicas = 1;
  status.topology_age = 400ms;
  redis::DataNode master;
  master.address = status.address;
  master.role = "master";
  master.state = "online";
  master.used_memory = 1'000'000;
  master.ops_per_sec = 250;
  master.keys = 77;
  redis::DataNode replica;
  replica.address = "127.0.0.1:6381";
  replica.role = "replica";
  replica.master = status.address;
  replica.state = "sync";
  replica.link_up = false;
  replica.lag_bytes = 14;
  replica.lag_s = 1;
  status.nodes = {master, replica};
  status.sentinels.resize(2);
  redis::SentinelView& well = status.sentinels[0];
  well.address = "127.0.0.1:26379";
  well.up = true;
  well.master = status.address;
  well.master_state = "ok";
  well.quorum = 2;
  well.other_sentinels = 1;
  well.replicas = 1;
  well.can_fail_over = true;
  status.sentinels[1].address = "127.0.0.1:26380";
  status.sentinels[1].error = "connection refused";
  return status;
}

/// The value of a series, "name{labels}"; nothing when it isn't there.
[[nodiscard]] std::optional<double> metric(const Answer& metrics, const QString& series) {
  for (const QString& line : QString::fromStdString(metrics.body).split('\n')) {
    if (line.startsWith(series + ' ')) return line.mid(series.size() + 1).toDouble();
  }
  return std::nullopt;
}

}  // namespace

class TestRedisCalls : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void withoutRedis() {
    ApiHost host(Mode::memory, false);
    QCOMPARE(host.json(internal + "redis"), QJsonObject({{"configured", false}}));
    QCOMPARE(host.json(internal + "cache-stats")["redis"].toObject(), QJsonObject({{"configured", false}}));
    const QJsonObject list = host.json(internal + "instances");
    QCOMPARE(list["source"].toString(), QString("self"));
    QCOMPARE(list["instances"].toArray().size(), 1);
  }

  void cacheStatsSumRedisUp() {
    ApiHost host;
    host.on_loop([&] { host.redis.now = busy_status(); });
    const QJsonObject stats = host.json(internal + "cache-stats");
    const QJsonObject expected{{"configured", true},
                               {"up", true},
                               {"breaker", "closed"},
                               {"topology", "single"},
                               {"address", "127.0.0.1:6379"},
                               {"db", 3},
                               {"prefix", "vx11:"},
                               {"memory_bytes", 123'456},
                               {"ops_per_sec", 789},
                               {"health_age_ms", 250},
                               {"reconnects_total", 7},
                               {"last_error", "timed out"},
                               {"feed", QJsonObject{{"following", true}, {"age_ms", 120}}},
                               {"denied", 4},
                               {"unwritten", 5},
                               {"untold", 6}};
    QCOMPARE(stats["redis"].toObject(), expected);
    QCOMPARE(stats["latency_ms"].toObject()["redis"].toObject(), QJsonObject({{"count", 0}}));
    host.shared.metrics.redis_round_trip.observe(2ms);
    const QJsonObject latency = host.json(internal + "cache-stats")["latency_ms"].toObject()["redis"].toObject();
    QCOMPARE(latency["count"].toInt(), 1);
    QVERIFY(latency["p50"].toDouble() > 1.8 && latency["p50"].toDouble() < 2.2);
  }

  void whatIsNotKnownIsNull() {
    ApiHost host;
    host.on_loop([&] {
      host.redis.now.health.reset();
      host.redis.now.clock_ahead.reset();
    });
    const QJsonObject redis = host.json(internal + "redis");
    for (const char* name : {"memory_bytes", "ops_per_sec", "health_age_ms", "last_error", "since", "last_error_at",
                             "clock_ahead_ms", "health"}) {
      QVERIFY2(redis.contains(name) && redis[name].isNull(), name);
    }
  }

  void redisIsToldWhole() {
    ApiHost host;
    host.on_loop([&] { host.redis.now = busy_status(); });
    host.shared.metrics.count_redis_error(redis::Fault::timed_out);
    host.shared.metrics.count_redis_error(redis::Fault::timed_out);
    host.shared.metrics.count_redis_error(redis::Fault::none);
    host.shared.metrics.count_redis_error(redis::Fault::other);
    const QJsonObject redis = host.json(internal + "redis");
    QCOMPARE(redis["tls"].toBool(), true);
    QCOMPARE(redis["since"].toDouble(), 1'700'000'000.5);
    QCOMPARE(redis["last_error_at"].toDouble(), 1'700'000'000.0);
    QCOMPARE(redis["clock_ahead_ms"].toDouble(), -2.5);
    QCOMPARE(redis["id_taken"].toBool(true), false);
    QCOMPARE(redis["round_trip_ms"].toObject()["count"].toInt(-1), 0);
    QCOMPARE(redis["errors"].toObject(), QJsonObject({{"timed_out", 2}, {"other", 1}}));
    const QJsonObject health = redis["health"].toObject();
    QCOMPARE(health["version"].toString(), QString("7.0.15"));
    QCOMPARE(health["may_evict"].toBool(), true);
    QCOMPARE(health["slow_log_length"].toInt(), 2);
    QCOMPARE(health["slow_log"].toArray().first().toObject(),
             QJsonObject({{"id", 5},
                          {"at", 1'700'000'001},
                          {"took_us", 1234},
                          {"command", QString::fromUtf8("GET vx11:ephemeral_token:3f9a…")}}));
    host.on_loop([&] { host.redis.now.health->slow_log_length.reset(); });
    const QJsonObject forbidden = host.json(internal + "redis")["health"].toObject();
    QVERIFY(forbidden["slow_log"].isNull() && !forbidden.contains("slow_log_length"));
    QVERIFY(!forbidden.contains("slow_log_unavailable"));
    host.on_loop([&] {
      host.redis.now.unavailable = "NOPERM this user has no permissions to run the 'client|setname' command";
      host.redis.now.health->slow_log_length = 5;  // but not what is in it
      host.redis.now.health->slow_log_refused = "ERR unknown command 'SLOWLOG'";
    });
    const QJsonObject said = host.json(internal + "redis");
    QVERIFY(said["unavailable"].toString().contains("'client|setname'") && said["refused"].isNull());
    QCOMPARE(said["health"]["slow_log_unavailable"].toString(), QString("ERR unknown command 'SLOWLOG'"));
    QVERIFY(said["health"]["slow_log"].isNull());
  }

  void oneServerWithoutNeighbours() {
    ApiHost host;
    const QJsonObject redis = host.json(internal + "redis");
    QCOMPARE(redis["topology"].toString(), QString("single"));
    for (const char* name : {"master_name", "last_failover_at", "last_failover", "cluster", "topology_age_ms",
                             "fewest_replicas", "refused", "unavailable"}) {
      QVERIFY2(redis.contains(name) && redis[name].isNull(), name);
    }
    for (const char* name : {"failovers", "wait", "wait_shortfalls"}) QCOMPARE(redis[name].toInt(-1), 0);
    for (const char* name : {"nodes", "sentinels"}) {
      QVERIFY2(redis[name].isArray() && redis[name].toArray().isEmpty(), name);
    }
    QCOMPARE(redis["partly"].toBool(true), false);
  }

  void sentinelsAndReplicasAreTold() {
    ApiHost host;
    host.on_loop([&] { host.redis.now = group_status(); });
    const QJsonObject redis = host.json(internal + "redis");
    QCOMPARE(redis["topology"].toString(), QString("sentinel"));
    QCOMPARE(redis["address"].toString(), QString("127.0.0.1:6380"));
    QCOMPARE(redis["master_name"].toString(), QString("mymaster"));
    QCOMPARE(redis["failovers"].toInt(), 2);
    QCOMPARE(redis["last_failover_at"].toDouble(), 1'700'000'000.5);
    QCOMPARE(redis["last_failover"].toString(), QString("127.0.0.1:6379 to 127.0.0.1:6380"));
    QCOMPARE(redis["topology_age_ms"].toInt(), 400);
    QCOMPARE(redis["wait"].toInt(), 1);
    QCOMPARE(redis["wait_shortfalls"].toInt(), 9);
    QCOMPARE(redis["fewest_replicas"].toInt(), 1);
    const QJsonArray nodes = redis["nodes"].toArray();
    QCOMPARE(nodes.size(), 2);
    QCOMPARE(nodes[0].toObject(), QJsonObject({{"address", "127.0.0.1:6380"},
                                               {"id", {}},
                                               {"role", "master"},
                                               {"master", {}},
                                               {"state", "online"},
                                               {"link_up", true},
                                               {"lag_bytes", {}},
                                               {"lag_s", {}},
                                               {"slots", {}},
                                               {"used_memory", 1'000'000},
                                               {"ops_per_sec", 250},
                                               {"keys", 77}}));
    QCOMPARE(nodes[1].toObject(), QJsonObject({{"address", "127.0.0.1:6381"},
                                               {"id", {}},
                                               {"role", "replica"},
                                               {"master", "127.0.0.1:6380"},
                                               {"state", "sync"},
                                               {"link_up", false},
                                               {"lag_bytes", 14},
                                               {"lag_s", 1},
                                               {"slots", {}},
                                               {"used_memory", {}},
                                               {"ops_per_sec", {}},
                                               {"keys", {}}}));
    const QJsonArray sentinels = redis["sentinels"].toArray();
    QCOMPARE(sentinels.size(), 2);
    QCOMPARE(sentinels[0].toObject(), QJsonObject({{"address", "127.0.0.1:26379"},
                                                   {"up", true},
                                                   {"error", {}},
                                                   {"master", "127.0.0.1:6380"},
                                                   {"master_state", "ok"},
                                                   {"quorum", 2},
                                                   {"other_sentinels", 1},
                                                   {"replicas", 1},
                                                   {"can_fail_over", true}}));
    QCOMPARE(sentinels[1].toObject(), QJsonObject({{"address", "127.0.0.1:26380"},
                                                   {"up", false},
                                                   {"error", "connection refused"},
                                                   {"master", {}},
                                                   {"master_state", {}},
                                                   {"quorum", {}},
                                                   {"other_sentinels", {}},
                                                   {"replicas", {}},
                                                   {"can_fail_over", {}}}));
  }

  void aClusterIsTold() {
    ApiHost host;
    host.on_loop([&] {
      api::RedisStatus& status = host.redis.now;
      status.topology = redis::Topology::cluster;
      status.up = false;
      status.partly = true;
      status.cluster = redis::ClusterState{"fail", 16384, 10923, 5461, 6, 3, 8};
      redis::DataNode node;
      node.id = std::string(40, 'a');
      node.address = "127.0.0.1:7001";
      node.role = "master";
      node.state = "failed";
      node.slots = {{0, 5460}, {7000, 7000}};
      status.nodes.push_back(node);
    });
    const QJsonObject redis = host.json(internal + "redis");
    QCOMPARE(redis["partly"].toBool(), true);
    QCOMPARE(redis["cluster"].toObject(), QJsonObject({{"state", "fail"},
                                                       {"slots_assigned", 16384},
                                                       {"slots_ok", 10923},
                                                       {"slots_failing", 5461},
                                                       {"known_nodes", 6},
                                                       {"size", 3},
                                                       {"epoch", 8}}));
    const QJsonObject node = redis["nodes"].toArray().first().toObject();
    QCOMPARE(node["id"].toString(), QString(40, 'a'));
    QCOMPARE(node["state"].toString(), QString("failed"));
    QCOMPARE(node["slots"].toString(), QString("0-5460 7000"));
  }

  void instancesAreTheRegistrys() {
    ApiHost host;
    FakeRedisClient redis;
    feed::Roster roster(300);
    feed::RosterReader reader(redis, host.clock, feed::Keys("vx11:"), roster);
    // Found before anybody asked: "mine" a little old, "namesake" another process, "silent" lapsed.
    const feed::InstanceRecord mine{"api-1", "b1", "http://api-1:8011", "redis", "0", 5, 60, 0};
    const feed::InstanceRecord other{"api-2", "b2", "http://api-2:8011", "hybrid", "1.0.0", 1'700'000'000.25, 600, 3};
    const feed::InstanceRecord namesake{"api-1", "b3", "http://elsewhere:8011", "redis", "1.0.0", 6, 300, 0};
    const feed::InstanceRecord silent{"silent", "b4", "http://silent:8011", "redis", "1.0.0", 7, 300, 0};
    host.on_loop([&] {
      redis.up = false;
      host.context.roster = &reader;
    });
    QCOMPARE(host.json(internal + "instances")["source"].toString(), QString("self"));
    host.on_loop([&] {
      roster.take({{"silent", silent, {}}}, host.clock.now());
      roster.take({{"api-2", other, {}},
                   {"api-1", mine, {}},
                   {"api-1", namesake, {}},
                   {"silent", {}, 12s},
                   {"unseen", {}, 90s}},
                  host.clock.now());
      host.clock.advance(3s);
    });
    QJsonObject list = host.json(internal + "instances");
    QCOMPARE(list["source"].toString(), QString("memory"));
    QCOMPARE(list["age_ms"].toInt(), 3000);
    const QJsonArray instances = list["instances"].toArray();
    QCOMPARE(instances.size(), 5);
    QCOMPARE(instances[0].toObject()["mode"].toString(), QString("hybrid"));
    QCOMPARE(instances[0].toObject()["this"].toBool(), true);
    QCOMPARE(instances[1].toObject()["url"].toString(), QString("http://elsewhere:8011"));
    QCOMPARE(instances[2].toObject(), QJsonObject({{"id", "api-2"},
                                                   {"url", "http://api-2:8011"},
                                                   {"mode", "hybrid"},
                                                   {"version", "1.0.0"},
                                                   {"started_at", 1'700'000'000.25},
                                                   {"max_ttl_sec", 600},
                                                   {"redis_db", 3}}));
    QCOMPARE(instances[3].toObject()["silent_ms"].toInt(), 15'000);
    QCOMPARE(instances[3].toObject()["url"].toString(), QString("http://silent:8011"));
    QCOMPARE(instances[4].toObject(), QJsonObject({{"id", "unseen"}, {"silent_ms", 93'000}}));

    // Redis is back, and is asked for this very answer.
    RawClient client(host.port);
    host.on_loop([&] { redis.up = true; });
    client.send(request_text("GET", internal + "instances", ApiHost::principal_line()));
    QTRY_VERIFY(host.on_loop([&] { return redis.next() == "ZRANGE vx11:operator:instances 0 -1 WITHSCORES"; }));
    host.on_loop([&] { redis.answer({Value::array({})}); });
    QVERIFY(client.read_until(R"("source":"redis","age_ms":0})"));
    host.on_loop([&] { host.context.roster = nullptr; });
  }

  void watchersHearOfRedis() {
    ApiHost host;
    RawClient watch(host.port);
    watch.send(request_text("GET", internal + "tokens/watch", ApiHost::principal_line()));
    QVERIFY(watch.read_until("event: snapshot"));
    host.on_loop([&] {
      host.redis.now.up = false;
      host.redis.now.breaker = redis::BreakerState::open;
      host.redis.now.last_error = "connection refused";
      host.feed.redis_changed();
    });
    QVERIFY(watch.read_until(
        "event: redis\ndata: {\"up\":false,\"breaker\":\"open\",\"last_error\":\"connection refused\"}\n\n"));
    host.on_loop([&] {
      host.redis.now = MadeUpRedis::healthy();
      host.feed.redis_changed();
    });
    QVERIFY(watch.read_until("data: {\"up\":true,\"breaker\":\"closed\",\"last_error\":null}\n\n"));
  }

  void watchersHearOfAFailover() {
    ApiHost host;
    RawClient watch(host.port);
    watch.send(request_text("GET", internal + "tokens/watch", ApiHost::principal_line()));
    QVERIFY(watch.read_until("event: snapshot"));
    host.on_loop([&] {
      host.redis.now = group_status();
      host.feed.failed_over();
    });
    QVERIFY(
        watch.read_until("event: failover\ndata: {\"failovers\":2,\"last_failover_at\":1700000000.5,"
                         "\"last_failover\":\"127.0.0.1:6379 to 127.0.0.1:6380\"}\n\n"));
  }

  void metricsOfRedis() {
    ApiHost host(Mode::redis);
    host.on_loop([&] {
      host.redis.now = busy_status();
      host.redis.now.breaker = redis::BreakerState::half_open;
      host.redis.now.failovers = 3;
      host.redis.now.wait_shortfalls = 8;
    });
    host.shared.metrics.count_redis_error(redis::Fault::loading);
    host.shared.metrics.revocation_propagation.observe(3ms);
    const Answer metrics = host.get("/metrics");
    QCOMPARE(metrics.status, 200);
    const QMap<QString, double> expected{
        {"vx11_operator_redis_up", 1},
        {"vx11_operator_redis_reconnects_total", 7},
        {"vx11_operator_redis_failovers_total", 3},
        {"vx11_operator_redis_wait_shortfalls_total", 8},
        {"vx11_operator_redis_breaker_state", 1},
        {"vx11_operator_redis_errors_total{kind=\"loading\"}", 1},
        {"vx11_operator_redis_errors_total{kind=\"not_connected\"}", 0},
        {"vx11_operator_redis_errors_total{kind=\"other\"}", 0},
        {"vx11_operator_redis_round_trip_duration_seconds_count", 0},
        {"vx11_operator_revocation_propagation_seconds_count", 1},
        {"vx11_operator_revocation_propagation_seconds_bucket{le=\"0.005\"}", 1},
        {"vx11_operator_feed_age_seconds", 0.12},
        {"vx11_operator_denied_entries", 4},
        {"vx11_operator_unwritten_tokens", 5},
        {"vx11_operator_untold_revocations", 6},
        {"vx11_operator_mode{mode=\"redis\"}", 1},
        {"vx11_operator_mode{mode=\"memory\"}", 0},
        {"vx11_operator_mode{mode=\"hybrid\"}", 0},
        {"vx11_operator_mode{mode=\"signed\"}", 0},
        {"vx11_operator_mode_draining_seconds", 0},
    };
    for (auto at = expected.begin(); at != expected.end(); ++at) {
      QVERIFY2(metric(metrics, at.key()) == at.value(), qPrintable(at.key()));
    }
    QVERIFY(!metric(metrics, "vx11_operator_redis_errors_total{kind=\"none\"}"));
    QCOMPARE(host.on_loop([&] { return host.redis.asked; }), 1);
  }

  void metricsWithoutRedisDontNameIt() {
    ApiHost host(Mode::memory, false);
    host.shared.metrics.redis_round_trip.observe(1ms);  // goes nowhere, harms nobody
    host.shared.metrics.count_redis_error(redis::Fault::timed_out);
    const Answer metrics = host.get("/metrics");
    for (const char* name : {"vx11_operator_redis_", "vx11_operator_feed_age", "vx11_operator_revocation_propagation",
                             "vx11_operator_denied", "vx11_operator_unwritten", "vx11_operator_untold"}) {
      QVERIFY2(metrics.body.find(name) == std::string::npos, name);
    }
    QCOMPARE(metric(metrics, "vx11_operator_mode{mode=\"memory\"}"), 1.0);
  }

  void metricsFollowTheMode() {
    ApiHost host(Mode::hybrid);
    QCOMPARE(host.ask("POST", internal + "mode", R"({"mode":"memory"})").status, 200);
    host.clock.advance(100s);
    const Answer metrics = host.get("/metrics");
    QCOMPARE(metric(metrics, "vx11_operator_mode{mode=\"memory\"}"), 1.0);
    QCOMPARE(metric(metrics, "vx11_operator_mode{mode=\"hybrid\"}"), 0.0);
    QCOMPARE(metric(metrics, "vx11_operator_mode_draining_seconds"), 200.0);
  }
};

QTEST_GUILESS_MAIN(TestRedisCalls)
#include "test_redis_calls.moc"
