// What one server, or each master of a cluster, answered: sums, the worst of them, and who is there.
#include <QTest>
#include <deque>

#include "server/server_answers.h"
#include "support/fake_redis_client.h"

using namespace vx11;
using namespace vx11::test;
using redis::Topology;
using server::read_answers;

namespace {

const std::string id_a(40, 'a'), id_b(40, 'b'), id_r(40, 'c');

[[nodiscard]] std::string info(const std::string& more) {
  return "# Server\r\nredis_version:7.0.15\r\nrun_id:1\r\nuptime_in_seconds:100\r\nrole:master\r\n" + more;
}

[[nodiscard]] std::string nodes_text(const std::string& myself, const std::string& state_of_b) {
  const auto me = [&myself](const std::string& id) { return id == myself ? "myself," : ""; };
  return id_a + " 127.0.0.1:7000@17000 " + me(id_a) + "master - 0 0 1 connected 0-8191\n" +  //
         id_b + " 127.0.0.1:7001@17001 " + me(id_b) + "master" + state_of_b + " - 0 0 2 connected 8192-16383\n" + id_r +
         " 127.0.0.1:7002@17002 slave " + id_a + " 0 0 1 connected\n";
}

/// The answers of several servers, kept for as long as they are looked at.
class Answers {
 public:
  void add(const std::string& address, const std::vector<Value>& replies, redis::Fault fault = redis::Fault::none,
           const char* error = "") {
    values_.push_back(replies);
    addresses_.push_back(address);
    redis::Answer answer;
    answer.fault = fault;
    answer.error = error;
    if (!replies.empty()) answer.replies = Value::replies(values_.back(), pool_);
    answers_.push_back({addresses_.back(), answer});
  }
  [[nodiscard]] std::span<const redis::NodeAnswer> all() const { return answers_; }

 private:
  std::deque<std::vector<Value>> values_;
  std::deque<std::string> addresses_;
  std::deque<std::vector<redis::Reply>> pool_;
  std::vector<redis::NodeAnswer> answers_;
};

[[nodiscard]] Value slow(int id, int at) {
  return Value::array({id, at, 5, Value::array({"GET", "k"}), "127.0.0.1:1", "name"});
}

/// Two masters, the first with a replica that lags.
[[nodiscard]] Answers two_shards(const std::string& policy_of_b = "noeviction") {
  Answers answers;
  answers.add("127.0.0.1:7000",
              {info("used_memory:1000\r\nmaxmemory:5000\r\nmaxmemory_policy:noeviction\r\nconnected_clients:3\r\n"
                    "instantaneous_ops_per_sec:10\r\nused_cpu_sys:1.5\r\nkeyspace_hits:7\r\nconnected_slaves:1\r\n"
                    "slave0:ip=127.0.0.1,port=7002,state=online,offset=90,lag=1\r\nmaster_repl_offset:100\r\n"
                    "aof_enabled:1\r\ndb0:keys=11,expires=10,avg_ttl=0\r\n"),
               1, Value::array({slow(1, 50)}), nodes_text(id_a, ""),
               "cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:16384\r\n"
               "cluster_known_nodes:3\r\ncluster_size:2\r\ncluster_current_epoch:4\r\n"});
  answers.add("127.0.0.1:7001",
              {info("used_memory:200\r\nmaxmemory:7000\r\nmaxmemory_policy:" + policy_of_b +
                    "\r\nconnected_clients:4\r\ninstantaneous_ops_per_sec:5\r\nused_cpu_sys:0.5\r\nkeyspace_hits:1\r\n"
                    "connected_slaves:0\r\naof_enabled:0\r\nuptime_in_seconds:60\r\n"
                    "db0:keys=4,expires=4,avg_ttl=0\r\n"),
               2, Value::array({slow(9, 70), slow(8, 40)}), nodes_text(id_b, ""),
               "cluster_state:fail\r\ncluster_slots_ok:8192\r\ncluster_slots_fail:8192\r\n"});
  return answers;
}

}  // namespace

class TestServerAnswers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void onlyAClusterIsAskedForItself() {
    const auto plain = server::survey_request(Topology::sentinel);
    QCOMPARE(plain.commands(), redis::health_request().commands());
    QCOMPARE(server::survey_request(Topology::single).bytes(), plain.bytes());
    const auto cluster = server::survey_request(Topology::cluster);
    QVERIFY(QByteArray::fromStdString(cluster.bytes()).contains("CLUSTER\r\n$5\r\nNODES"));
  }

  void oneServerAndItsReplicas() {
    Answers answers;
    answers.add("127.0.0.1:6380",
                {info("used_memory:1000\r\nconnected_slaves:1\r\nmaster_repl_offset:100\r\n"
                      "slave0:ip=127.0.0.1,port=6381,state=online,offset=90,lag=1\r\ndb3:keys=11,expires=10\r\n"),
                 Value(0), Value::array({})});
    const auto read = read_answers(answers.all(), Topology::sentinel, 3);
    QVERIFY(read && read->health);
    QCOMPARE(read->health->keys, 11);
    QCOMPARE(read->fewest_replicas.value_or(-1), 1);
    QVERIFY(!read->cluster);
    QCOMPARE(read->nodes.size(), std::size_t{2});
    QCOMPARE(read->nodes[0].address, std::string("127.0.0.1:6380"));
    QCOMPARE(read->nodes[0].role, std::string("master"));
    QCOMPARE(read->nodes[0].used_memory.value_or(0), 1000);
    QCOMPARE(read->nodes[1].address, std::string("127.0.0.1:6381"));
    QCOMPARE(read->nodes[1].lag_bytes.value_or(-1), 10);
  }

  void nobodyAnswers() {
    Answers answers;
    QVERIFY(!read_answers(answers.all(), Topology::single, 0));
    answers.add("127.0.0.1:6379", {}, redis::Fault::timed_out, "127.0.0.1:6379 doesn't answer");
    QVERIFY(!read_answers(answers.all(), Topology::single, 0));
    QCOMPARE(server::refusals_in(answers.all()).refused, std::string());
  }

  void whatIsForbiddenIsNamed() {
    Answers answers;
    const char* words = "NOPERM this user has no permissions to run the 'info' command";
    answers.add("127.0.0.1:6379", {Value::error(words), Value(0), Value::array({})}, redis::Fault::no_permission,
                words);
    const auto read = read_answers(answers.all(), Topology::single, 0);
    QVERIFY(read && !read->health && read->nodes.empty() && !read->fewest_replicas);
    QCOMPARE(server::refusals_in(answers.all()).refused, std::string(words));
    QCOMPARE(server::refusals_in(answers.all()).unavailable, std::string());
  }

  void aRedisWithoutASlowLogIsWell() {
    for (const char* words : {"ERR unknown command 'SLOWLOG', with args beginning with: 'LEN' ",
                              "NOPERM this user has no permissions to run the 'slowlog|len' command"}) {
      Answers answers;
      answers.add("127.0.0.1:6379", {info("used_memory:5\r\n"), Value::error(words), Value::error(words)});
      const auto read = read_answers(answers.all(), Topology::single, 0);
      QVERIFY(read && read->health && !read->health->slow_log_length);
      QCOMPARE(read->health->slow_log_refused, std::string(words));
      QCOMPARE(server::refusals_in(answers.all()).refused, std::string());
      QCOMPARE(server::refusals_in(answers.all()).unavailable, std::string(words));
    }
    const char* loading = "LOADING Redis is loading the dataset in memory";
    Answers answers;
    answers.add("127.0.0.1:6379", {Value::error(loading), Value::error(loading), Value::error(loading)},
                redis::Fault::loading, loading);
    QCOMPARE(server::refusals_in(answers.all()).refused, std::string());
    QCOMPARE(server::refusals_in(answers.all()).unavailable, std::string());
  }

  void aClusterIsTheSumOfItsMasters() {
    const auto read = read_answers(two_shards().all(), Topology::cluster, 0);
    QVERIFY(read && read->health);
    const redis::Health& sum = *read->health;
    QCOMPARE(sum.used_memory, 1200);
    QCOMPARE(sum.maxmemory, 12'000);
    QCOMPARE(sum.connected_clients, 7);
    QCOMPARE(sum.ops_per_sec, 15);
    QCOMPARE(sum.used_cpu_s, 2.0);
    QCOMPARE(sum.keyspace_hits, 8);
    QCOMPARE(sum.keys, 15);
    QCOMPARE(sum.expiring_keys, 14);
    QCOMPARE(sum.connected_replicas, 1);
    QCOMPARE(sum.uptime_s, 60);
    QCOMPARE(sum.replication_lag_bytes, 10);
    QVERIFY(!sum.aof_enabled);  // not at all of them
    QCOMPARE(sum.maxmemory_policy, std::string("noeviction"));
    QCOMPARE(sum.slow_log_length.value_or(0), 3);
    QCOMPARE(sum.slow_log.size(), std::size_t{3});
    QCOMPARE(sum.slow_log[0].at, 70);
    QCOMPARE(sum.slow_log[1].at, 50);
    QCOMPARE(read->fewest_replicas.value_or(-1), 0);
  }

  void oneThatEvictsCounts() {
    const auto read = read_answers(two_shards("allkeys-lru").all(), Topology::cluster, 0);
    QVERIFY(read && read->health && read->health->may_evict());
    QCOMPARE(read->health->maxmemory_policy, std::string("allkeys-lru"));
  }

  void theClusterIsSeenByWhoSeesMostOfItWell() {
    const auto read = read_answers(two_shards().all(), Topology::cluster, 0);
    QVERIFY(read && read->cluster);
    QCOMPARE(read->cluster->state, std::string("ok"));
    QCOMPARE(read->cluster->slots_ok, 16'384);
    QCOMPARE(read->nodes.size(), std::size_t{3});
    const redis::DataNode& a = read->nodes[0];
    QCOMPARE(a.id, id_a);
    QCOMPARE(a.slots, (std::vector<redis::SlotRange>{{0, 8191}}));
    QCOMPARE(a.used_memory.value_or(0), 1000);
    QCOMPARE(a.keys.value_or(0), 11);
    QCOMPARE(read->nodes[1].used_memory.value_or(0), 200);
    const redis::DataNode& replica = read->nodes[2];
    QCOMPARE(replica.role, std::string("replica"));
    QCOMPARE(replica.master, std::string("127.0.0.1:7000"));
    QVERIFY(replica.link_up);
    QCOMPARE(replica.lag_bytes.value_or(-1), 10);
    QVERIFY(!replica.used_memory);
  }

  void aMasterIsKnownByItsOwnLineWhateverItsName() {
    Answers answers;
    answers.add("redis-1.example:7000", {info("used_memory:5\r\n"), 0, Value::array({}), nodes_text(id_a, ""),
                                         "cluster_state:ok\r\ncluster_slots_ok:16384\r\n"});
    const auto read = read_answers(answers.all(), Topology::cluster, 0);
    QVERIFY(read && read->nodes.size() == 3);
    QCOMPARE(read->nodes[0].used_memory.value_or(0), 5);
    QVERIFY(!read->nodes[1].used_memory);
  }

  void aShardThatDoesNotAnswerLeavesTheOthers() {
    Answers answers;
    answers.add("127.0.0.1:7001", {}, redis::Fault::not_connected, "connection refused");
    answers.add("127.0.0.1:7000",
                {info("used_memory:1000\r\nconnected_slaves:0\r\n"), 0, Value::array({}), nodes_text(id_a, ",fail"),
                 "cluster_state:fail\r\ncluster_slots_ok:8192\r\ncluster_slots_fail:8192\r\n"});
    const auto read = read_answers(answers.all(), Topology::cluster, 0);
    QVERIFY(read && read->health);
    QCOMPARE(read->health->used_memory, 1000);
    QCOMPARE(read->cluster->slots_failing, 8192);
    QCOMPARE(read->nodes[1].state, std::string("failed"));
    QVERIFY(!read->nodes[1].used_memory);
    QVERIFY(!read->nodes[2].link_up);  // its master doesn't know it
  }
};

QTEST_GUILESS_MAIN(TestServerAnswers)
#include "test_server_answers.moc"
