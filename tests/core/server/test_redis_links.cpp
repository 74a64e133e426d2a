// What the connections of all loops tell, put together: up, failovers, refusals, and what is written back.
#include <QTest>
#include <string>

#include "server/redis_links.h"
#include "store/shared_store.h"

using namespace vx11;
using namespace std::chrono_literals;
using redis::Fault;
using redis::Topology;
using Purpose = server::RedisLinks::Purpose;

namespace {

struct Fixture {
  explicit Fixture(Topology topology)
      : log(clock, "links-1", [this](std::string_view line) { said += line; }),
        table(clock, random, {100, "links-1"}),
        denylist(clock),
        modes(clock, store::Mode::hybrid, {.redis = true}, 300s),
        shared(clock, random, table, denylist, modes),
        links(clock, log, shared, topology) {
    links.when_failed_over([this] { ++failovers; });
    links.when_replaced([this] { ++replaced; });
    links.when_moved([this] { ++moved; });
  }
  redis::LinkObserver* add(const char* name, Purpose purpose = Purpose::commands) {
    return links.add(name, purpose, [this](bool) { ++changes; });
  }
  [[nodiscard]] int lines(const char* event) const {
    return int(QByteArray::fromStdString(said).count("\"event\":\"" + QByteArray(event) + '"'));
  }

  ManualClock clock;
  SystemRandom random;
  std::string said;
  observe::Log log;
  store::TokenTable table;
  store::Denylist denylist;
  store::ModeSwitch modes;
  store::SharedStore shared;
  int changes = 0, failovers = 0, replaced = 0, moved = 0;
  server::RedisLinks links;
};

[[nodiscard]] redis::ServerFacts facts(const char* address, const char* id) {
  redis::ServerFacts one;
  one.address = address;
  one.run_id = std::string("run of ") + id;
  one.replication_id = std::string("data of ") + id;
  one.role = "master";
  return one;
}

const char* const nopermission = "NOPERM this user has no permissions to run the 'xread' command";

}  // namespace
Q_DECLARE_METATYPE(redis::Topology)

class TestRedisLinks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theWorstConnectionCounts() {
    Fixture all(Topology::single);
    redis::LinkObserver* one = all.add("loop0");
    redis::LinkObserver* two = all.add("loop0-wait", Purpose::confirming);
    redis::LinkObserver* feed = all.add("feed", Purpose::feed);
    one->on_up(facts("a:1", "a"));
    QVERIFY(!all.links.state().up && !all.links.first_attempts_over());
    two->on_up(facts("a:1", "a"));
    QVERIFY(all.links.state().up && all.links.first_attempts_over());
    feed->on_down(Fault::connection_lost, "the connection to a:1 ended");
    QVERIFY(all.links.state().up);
    two->on_down(Fault::connection_lost, "the connection to a:1 ended");
    QVERIFY(!all.links.state().up);
    QCOMPARE(all.links.state().breaker, redis::BreakerState::open);
    QCOMPARE(all.links.state().last_error, std::string("the connection to a:1 ended"));
  }

  void whoMeetsAGroupForTheFirstTimeDoesNotTakeWhatIsMissingForDeleted() {
    for (const Topology topology : {Topology::single, Topology::sentinel, Topology::cluster}) {
      Fixture all(topology);
      redis::LinkObserver* one = all.add("loop0");
      redis::LinkObserver* two = all.add("loop1");
      one->on_up(facts("a:1", "a"));
      QCOMPARE(all.shared.recovery.marks_may_be_lost(all.clock.now(), 0), topology != Topology::single);
      all.clock.advance(5s);
      two->on_up(facts("a:1", "a"));
      QVERIFY(!all.shared.recovery.under_way(all.clock.now(), 0));
      QVERIFY(!all.shared.recovery.take());
    }
  }

  void whoFindsTheMasterElsewhereSaysSo() {
    for (const Topology topology : {Topology::sentinel, Topology::single}) {
      const int once = topology == Topology::sentinel ? 1 : 0;
      Fixture all(topology);
      redis::LinkObserver* one = all.add("loop0");
      redis::LinkObserver* feed = all.add("feed", Purpose::feed);
      one->on_up(facts("a:1", "a"));
      feed->on_up(facts("a:1", "a"));
      one->on_up(facts("a:1", "a"));
      QCOMPARE(all.moved, 0);
      feed->on_up(facts("b:2", "b"));
      QCOMPARE(all.moved, once);
      one->on_up(facts("b:2", "b"));
      QCOMPARE(all.moved, 2 * once);
      feed->on_up(facts("b:2", "b"));
      QCOMPARE(all.moved, 2 * once);
    }
  }

  void aFailoverIsToldOnceAndWrittenBack() {
    Fixture all(Topology::sentinel);
    redis::LinkObserver* one = all.add("loop0");
    redis::LinkObserver* two = all.add("loop1");
    redis::LinkObserver* feed = all.add("feed", Purpose::feed);
    QCOMPARE(all.links.state().address, std::string());
    for (redis::LinkObserver* each : {one, two, feed}) each->on_up(facts("a:1", "a"));
    QCOMPARE(all.links.state().address, std::string("a:1"));
    QVERIFY(!all.shared.recovery.take());
    for (redis::LinkObserver* each : {one, two, feed}) each->on_down(Fault::connection_lost, "a:1 is gone");
    const WallTime at = all.clock.wall();
    for (redis::LinkObserver* each : {one, two, feed}) each->on_up(facts("b:2", "b"));
    const auto state = all.links.state();
    QCOMPARE(state.failovers, 1U);
    QCOMPARE(state.last_failover, std::string("a:1 to b:2"));
    QVERIFY(state.last_failover_at == at);
    QCOMPARE(state.address, std::string("b:2"));
    QCOMPARE(all.failovers, 1);
    QCOMPARE(all.lines("redis_failover"), 1);
    const auto owed = all.shared.recovery.take();
    QVERIFY(owed && owed->all());
  }

  void whatALateConnectionWroteToTheOldMasterIsWrittenBackToo() {
    Fixture all(Topology::sentinel);
    redis::LinkObserver* early = all.add("loop0");
    redis::LinkObserver* late = all.add("loop1");
    for (redis::LinkObserver* each : {early, late}) each->on_up(facts("a:1", "a"));
    early->on_down(Fault::connection_lost, "a:1 is gone");
    early->on_up(facts("b:2", "b"));
    QCOMPARE(all.replaced, 1);
    QVERIFY(all.shared.recovery.take());
    all.shared.recovery.written_back({});
    all.clock.advance(5s);  // the old one was still there for the other connection
    QVERIFY(!all.shared.recovery.under_way(all.clock.now(), 0));
    late->on_down(Fault::read_only, "the sentinels name another master");
    late->on_up(facts("b:2", "b"));
    QCOMPARE(all.replaced, 2);
    QVERIFY(all.shared.recovery.take());
    QVERIFY(all.shared.recovery.marks_may_be_lost(all.clock.now(), 0));
    QCOMPARE(all.links.state().failovers, 1U);
    QCOMPARE(all.lines("redis_replaced"), 0);
    all.shared.recovery.written_back({});
    late->on_down(Fault::connection_lost, "b:2 closed the connection");
    late->on_up(facts("b:2", "b"));  // the same server
    QCOMPARE(all.replaced, 2);
    QVERIFY(!all.shared.recovery.take());
  }

  void aRestartIsWrittenBackAndNoFailover() {
    Fixture all(Topology::single);
    redis::LinkObserver* one = all.add("loop0");
    one->on_up(facts("a:1", "a"));
    one->on_down(Fault::connection_lost, "gone");
    one->on_up(facts("a:1", "another"));
    QCOMPARE(all.links.state().failovers, 0U);
    QCOMPARE(all.lines("redis_replaced"), 1);
    QVERIFY(all.shared.recovery.take());
  }

  void ofAClusterItsClientsTell() {
    Fixture all(Topology::cluster);
    redis::LinkObserver* one = all.add("loop0");
    redis::LinkObserver* two = all.add("loop1");
    for (redis::LinkObserver* each : {one, two}) each->on_up(facts("a:1", "a"));
    // The clock's slot moved to another master: nothing is lost.
    for (redis::LinkObserver* each : {one, two}) each->on_up(facts("c:3", "c"));
    QCOMPARE(all.links.state().failovers, 0U);
    QVERIFY(!all.shared.recovery.take());
    redis::Replacement replacement;
    replacement.slots.set(7).set(8);
    replacement.from = "a:1";
    replacement.to = "b:2";
    replacement.to_run_id = "run of b";
    for (redis::LinkObserver* each : {one, two}) each->on_replaced(replacement);
    QCOMPARE(all.links.state().failovers, 1U);
    QCOMPARE(all.links.state().last_failover, std::string("a:1 to b:2"));
    QCOMPARE(all.failovers, 1);
    const auto owed = all.shared.recovery.take();
    QVERIFY(owed && *owed == replacement.slots);
    all.shared.recovery.written_back({});
    QVERIFY(!all.shared.recovery.take());
    two->on_replaced(replacement);  // who heard of it late may have written to the old one until now
    QVERIFY(all.shared.recovery.take());
    QCOMPARE(all.links.state().failovers, 1U);
  }

  void whatOnlyAPageLacksIsNoTrouble_data() {
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<bool>("harmless");
    for (const char* command : {"slowlog|get", "slowlog|len", "slowlog", "client|setname", "cluster|nodes"}) {
      QTest::newRow(command) << QByteArray(command) << true;
    }
    for (const char* command : {"info", "xread", "cluster|slots", "cluster", "clientele", "eval"}) {
      QTest::newRow(command) << QByteArray(command) << false;
    }
  }
  void whatOnlyAPageLacksIsNoTrouble() {
    QFETCH(QByteArray, command);
    QFETCH(bool, harmless);
    Fixture all(Topology::single);
    redis::LinkObserver* one = all.add("loop0");
    one->on_up(facts("a:1", "a"));
    // Of Redis 7.0, and of later ones.
    for (const char* begin : {"NOPERM this user has no", "NOPERM User vx11 has no"}) {
      const std::string words = begin + std::string(" permissions to run the '") + command.constData() + "' command";
      for (int i = 0; i < 3; ++i) {
        one->on_refused(Fault::no_permission, words);
        const auto state = all.links.state();
        QCOMPARE(state.unavailable, harmless ? words : std::string());
        QCOMPARE(state.refused, harmless ? std::string() : words);
        QCOMPARE(state.last_error, harmless ? std::string() : words);
        all.clock.advance(5s);
      }
    }
    QCOMPARE(all.lines("redis_refused"), harmless ? 2 : 6);
    QVERIFY(all.links.state().unavailable.empty());
    all.clock.advance(1h);
    one->on_refused(Fault::no_permission, nopermission);
    QVERIFY(all.links.state().unavailable.empty());
  }

  void writesThatAreRefusedUntilSomebodySeesToItAreShown_data() {
    QTest::addColumn<Topology>("topology");
    QTest::addColumn<QByteArray>("words");
    QTest::addColumn<bool>("shown");
    const QByteArray few("NOREPLICAS Not enough good replicas to write."),
        disk("MISCONF Errors writing to the AOF file");
    const QByteArray replica("READONLY You can't write against a read only replica.");
    QTest::newRow("too few replicas") << Topology::sentinel << few << true;
    QTest::newRow("a full disk") << Topology::sentinel << disk << true;
    QTest::newRow("a full disk of a cluster's") << Topology::cluster << disk << true;
    QTest::newRow("a replica by its address") << Topology::single << replica << true;
    QTest::newRow("a replica in a group") << Topology::sentinel << replica << false;
    QTest::newRow("a replica in a cluster") << Topology::cluster << replica << false;
  }
  void writesThatAreRefusedUntilSomebodySeesToItAreShown() {
    QFETCH(Topology, topology);
    QFETCH(QByteArray, words);
    QFETCH(bool, shown);
    Fixture all(topology);
    redis::LinkObserver* one = all.add("loop0");
    one->on_up(facts("a:1", "a"));
    one->on_refused(redis::fault_of(words.toStdString()), words.toStdString());
    QCOMPARE(all.links.state().refused, shown ? words.toStdString() : std::string());
    QCOMPARE(all.links.state().last_error, words.toStdString());
    QVERIFY(all.links.state().up);
  }

  void aRefusalIsShownForAWhileAndSaidNowAndThen() {
    Fixture all(Topology::single);
    redis::LinkObserver* one = all.add("loop0");
    redis::LinkObserver* feed = all.add("feed", Purpose::feed);
    one->on_up(facts("a:1", "a"));
    QCOMPARE(all.links.state().refused, std::string());
    for (int i = 0; i < 10; ++i) feed->on_refused(Fault::no_permission, nopermission);
    one->on_refused(Fault::out_of_memory, "OOM command not allowed");
    QCOMPARE(all.lines("redis_refused"), 2);
    QVERIFY(QByteArray::fromStdString(all.said).contains("'xread'"));
    QVERIFY(all.links.state().up);
    QCOMPARE(all.links.state().refused, std::string("OOM command not allowed"));
    one->on_refused(Fault::cluster_down, "CLUSTERDOWN The cluster is down");  // said, but none of its own
    QCOMPARE(all.lines("redis_refused"), 3);
    QCOMPARE(all.links.state().refused, std::string("OOM command not allowed"));
    all.clock.advance(2s);
    feed->on_refused(Fault::no_permission, nopermission);
    QCOMPARE(all.links.state().refused, std::string(nopermission));
    QCOMPARE(all.links.state().last_error, std::string(nopermission));
    QCOMPARE(all.lines("redis_refused"), 3);
    all.clock.advance(3s);
    QCOMPARE(all.links.state().refused, std::string());
    QCOMPARE(all.links.state().last_error, std::string(nopermission));
    feed->on_refused(Fault::no_permission, nopermission);
    QCOMPARE(all.lines("redis_refused"), 4);
  }
};

QTEST_GUILESS_MAIN(TestRedisLinks)
#include "test_redis_links.moc"
