#include "redis/health.h"

#include <QTest>
#include <deque>
#include <string>
#include <vector>

#include "core/redis/info_texts.h"
#include "support/fake_redis_client.h"

using namespace vx11;
using redis::Health;
using test::Value;

class HealthTest : public QObject {
  Q_OBJECT

  static std::optional<Health> read(const std::vector<Value>& values, std::uint32_t database = 0) {
    std::deque<std::vector<redis::Reply>> pool;
    return redis::read_health(Value::replies(values, pool), database);
  }

 private Q_SLOTS:
  void aMasterOf7() {
    const auto health = read({info_7_0_master, 0, Value::array({})}, 1);
    QVERIFY(health);
    QCOMPARE(health->version, std::string("7.0.15"));
    QCOMPARE(health->run_id, std::string("3b7ce1a3b0e462644c5ade9f558468b2a698a054"));
    QCOMPARE(health->replication_id, std::string("2d9e9df5c50700c2318f19896b67f880caa5a932"));
    QCOMPARE(health->mode, std::string("standalone"));
    QCOMPARE(health->role, std::string("master"));
    QCOMPARE(health->uptime_s, std::int64_t{86'403});
    QCOMPARE(health->used_memory, std::int64_t{1'038'712});
    QCOMPARE(health->maxmemory, std::int64_t{104'857'600});
    QCOMPARE(health->maxmemory_policy, std::string("allkeys-lru"));
    QVERIFY(health->may_evict());
    QCOMPARE(health->connected_clients, std::int64_t{7});
    QCOMPARE(health->blocked_clients, std::int64_t{2});
    QCOMPARE(health->max_clients, std::int64_t{10'000});
    QCOMPARE(health->ops_per_sec, std::int64_t{1234});
    QVERIFY(qAbs(health->used_cpu_s - 13.096) < 1e-9);
    QCOMPARE(health->evicted_keys, std::int64_t{4});
    QCOMPARE(health->expired_keys, std::int64_t{3});
    QCOMPARE(health->rejected_connections, std::int64_t{1});
    QCOMPARE(health->keyspace_hits, std::int64_t{900});
    QCOMPARE(health->keyspace_misses, std::int64_t{100});
    QCOMPARE(health->keys, std::int64_t{12});
    QCOMPARE(health->expiring_keys, std::int64_t{11});
    QVERIFY(!health->loading);
    QCOMPARE(health->connected_replicas, std::int64_t{2});
    QCOMPARE(health->replication_lag_bytes, std::int64_t{80});  // the slower one's
    QVERIFY(health->rdb_last_save_ok);
    QCOMPARE(health->rdb_changes_since_save, std::int64_t{17});
    QCOMPARE(health->rdb_last_save_at, std::int64_t{1'795'423'545});
    QVERIFY(health->aof_enabled);
    QVERIFY(!health->aof_last_write_ok);
    QCOMPARE(*health->slow_log_length, std::int64_t{0});
    QVERIFY(health->slow_log.empty());
    QCOMPARE(read({info_7_0_master}, 0)->keys, std::int64_t{1});
    QCOMPARE(read({info_7_0_master}, 11)->keys, std::int64_t{0});
  }

  void aReplica() {
    const auto health = read({info_6_2_replica});
    QVERIFY(health);
    QCOMPARE(health->version, std::string("6.2.14"));
    QCOMPARE(health->role, std::string("slave"));
    QVERIFY(!health->master_link_up);
    QCOMPARE(health->replication_lag_bytes, std::int64_t{0});  // 6.2 doesn't tell what it has read
    QVERIFY(!health->may_evict());
    QVERIFY(health->loading);
    QVERIFY(!health->rdb_last_save_ok);
    QVERIFY(!health->slow_log_length);
    std::string newer(info_6_2_replica);
    newer += "slave_read_repl_offset:3000\r\n";
    QCOMPARE(read({newer})->replication_lag_bytes, std::int64_t{3000 - 2822});
  }

  void replicasAndHowFarTheyAre() {
    const auto health = read({info_7_0_master});
    QVERIFY(health);
    QCOMPARE(health->master, std::string());
    const auto nodes = redis::nodes_of(*health, "10.0.0.1:6379");
    QCOMPARE(nodes.size(), std::size_t{3});
    QCOMPARE(nodes[0].address, std::string("10.0.0.1:6379"));
    QCOMPARE(nodes[0].role, std::string("master"));
    QCOMPARE(nodes[0].state, std::string("online"));
    QCOMPARE(*nodes[0].used_memory, std::int64_t{1'038'712});
    QCOMPARE(*nodes[0].ops_per_sec, std::int64_t{1234});
    QCOMPARE(*nodes[0].keys, std::int64_t{1});
    QVERIFY(!nodes[0].lag_bytes);
    QCOMPARE(nodes[1].address, std::string("10.0.0.2:6379"));
    QCOMPARE(nodes[1].role, std::string("replica"));
    QCOMPARE(nodes[1].master, std::string("10.0.0.1:6379"));
    QCOMPARE(nodes[1].state, std::string("online"));
    QVERIFY(nodes[1].link_up);
    QCOMPARE(*nodes[1].lag_bytes, std::int64_t{0});
    QCOMPARE(*nodes[1].lag_s, std::int64_t{0});
    QCOMPARE(nodes[2].address, std::string("10.0.0.3:6379"));
    QCOMPARE(nodes[2].state, std::string("sync"));
    QVERIFY(!nodes[2].link_up);
    QVERIFY(!nodes[2].lag_bytes && !nodes[2].lag_s);  // it has nothing yet
    const auto behind =
        read({"role:master\nslave0:ip=::1,port=1,state=online,offset=70,lag=3\nslave1:port=1\n"
              "master_repl_offset:100\n"});
    QCOMPARE(behind->replicas.size(), std::size_t{1});
    QCOMPARE(behind->replicas[0].address, std::string("[::1]:1"));
    QCOMPARE(*behind->replicas[0].lag_bytes, std::int64_t{30});
    QCOMPARE(*behind->replicas[0].lag_s, std::int64_t{3});
  }

  void aReplicaNamesItsMaster() {
    const auto health = read({info_6_2_replica});
    QCOMPARE(health->master, std::string("10.0.0.1:6379"));
    const auto nodes = redis::nodes_of(*health, "10.0.0.2:6379");
    QCOMPARE(nodes.size(), std::size_t{1});
    QCOMPARE(nodes[0].role, std::string("replica"));
    QCOMPARE(nodes[0].master, std::string("10.0.0.1:6379"));
    QCOMPARE(nodes[0].state, std::string("sync"));  // it is loading
    QVERIFY(!nodes[0].link_up);
  }

  void whatIsMissingStaysAsItWas() {
    const std::string whole = info_7_0_master;
    for (std::size_t size = 0; size < whole.size(); size += 7) {
      const auto health = read({whole.substr(0, size)});
      QVERIFY(health);
      QVERIFY(health->used_memory <= 1'038'712);
      QVERIFY(health->master_link_up);
    }
    QCOMPARE(read({""})->version, std::string());
  }

  void rubbishHarmsNothing() {
    for (const char* text : {"\r\n\r\n", "used_memory:99999999999999999999\r\nmaxmemory:x\nrole\nrole:\n:::\n",
                             "db0:\ndb0:keys\ndb0:,,keys=,\n", "slave0:\nslave0:offset=\nslavex:offset=3\n",
                             "# used_memory:5\n", "used_cpu_sys:nan-\n"}) {
      const auto health = read({text, Value::nil(), 7});
      QVERIFY(health);
      QCOMPARE(health->used_memory, std::int64_t{0});
      QCOMPARE(health->keys, std::int64_t{0});
    }
    QVERIFY(!read({}));
    QVERIFY(!read({Value::error("NOPERM this user has no permissions to run the 'info' command")}));
    QVERIFY(!read({5}));
  }

  void theSlowLogHidesTokens() {
    const std::string token = "3f9a0c11-7b2e-4d55-a0b1-9e8d7c6bc21e";
    const auto health = read(
        {"", 3,
         Value::array(
             {Value::array({14, 1'700'000'000, 12'345, Value::array({"GET", "vx11:ephemeral_token:" + token}),
                            "127.0.0.1:5", "me"}),
              Value::array({13, 1'699'999'999, 11'000, Value::array({"SET", "a" + token + token, "{\"secret\":1}"})}),
              Value::array({12, 1'699'999'998, 10'500, Value::array({"KEYS", "\x1b[2J*\n"})}), Value::array({11, 1}), 5,
              Value::array({10, 1, 2, Value::array({})})})});
    QVERIFY(health);
    QCOMPARE(*health->slow_log_length, std::int64_t{3});
    QCOMPARE(health->slow_log.size(), std::size_t{4});
    QCOMPARE(health->slow_log[0].id, std::int64_t{14});
    QCOMPARE(health->slow_log[0].at, std::int64_t{1'700'000'000});
    QCOMPARE(health->slow_log[0].took_us, std::int64_t{12'345});
    QCOMPARE(health->slow_log[0].command, std::string("GET vx11:ephemeral_token:3f9a…c21e"));
    QCOMPARE(health->slow_log[1].command, std::string("SET a3f9a…c21e3f9a…c21e"));
    QCOMPARE(health->slow_log[2].command, std::string("KEYS ?[2J*?"));
    QCOMPARE(health->slow_log[3].command, std::string());
  }

  void theRequestAsksForBoth() {
    test::FakeRedisClient client;
    client.ask(redis::health_request(), [](const redis::Answer&) {});
    QCOMPARE(client.next(), std::string("INFO | SLOWLOG LEN | SLOWLOG GET 10"));
  }
};

QTEST_GUILESS_MAIN(HealthTest)
#include "health_test.moc"
