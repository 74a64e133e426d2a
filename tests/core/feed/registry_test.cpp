// Who is there, as an instance writes and reads it.
#include <QTest>

#include "feed/registry.h"
#include "support/fake_redis_client.h"

using namespace std::chrono_literals;
using namespace vx11;
using namespace vx11::test;

namespace {

struct Fixture {
  ManualClock clock;
  FakeRedisClient redis;
  feed::InstanceRecord mine{"a", "boot-a", "http://a", "hybrid", "1.0.0", 1.5, 300, 2};
  feed::Roster roster{300};
  feed::Registry registry{redis, clock, feed::Keys("vx11:"), roster, [this] { return mine; }};

  Fixture() { redis.set_time(WallTime(100'000s), clock.now()); }
  void pass(std::chrono::milliseconds time) {
    clock.advance(time);
    registry.tick();
  }
  /// Writes, having found `before` under its key.
  void write_over(const Value& before) {
    redis.asked.clear();
    registry.hurry();
    registry.tick();
    redis.answer({before, Value::status("OK"), 1, 0});
    redis.answer({Value::array({})});
  }
  /// "b silent 5000 ms" for one that is.
  std::vector<std::string> ids() const {
    std::vector<std::string> found;
    for (const auto& [record, silent] : roster.listing(clock.now(), false).value_or(feed::Listing()).instances) {
      found.push_back(silent.count() == 0 ? record.id
                                          : record.id + " silent " + std::to_string(silent.count()) + " ms");
    }
    return found;
  }
};

const std::string own =
    R"({"id":"a","boot":"boot-a","url":"http://a","mode":"hybrid","version":"1.0.0","started_at":1.5E0,)"
    R"("max_ttl_sec":300,"redis_db":2})";
using Ids = std::vector<std::string>;

}  // namespace

class RegistryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void writesAndReads() {
    Fixture f;
    QVERIFY(!f.roster.listing(f.clock.now(), false));
    QVERIFY(!f.registry.has_tried());
    QCOMPARE(f.roster.longest_ttl_sec(), 300);
    f.registry.tick();
    QCOMPARE(f.redis.next(), "GET vx11:operator:instance:a | SET vx11:operator:instance:a " + own +
                                 " EX 10 | ZADD vx11:operator:instances 100000000 a | "
                                 "ZREMRANGEBYSCORE vx11:operator:instances -inf (99400000");
    f.registry.tick();
    QCOMPARE(f.redis.asked.size(), 2U);
    f.redis.answer({Value::nil(), Value::status("OK"), 1, 0});
    QVERIFY(f.registry.has_tried());
    QCOMPARE(f.redis.next(), std::string("ZRANGE vx11:operator:instances 0 -1 WITHSCORES"));
    f.redis.answer({Value::array({"gone", "99985000", "b", "100000000", "a", "100000000"})});
    QCOMPARE(f.redis.next(), std::string("GET vx11:operator:instance:gone | GET vx11:operator:instance:b | "
                                         "GET vx11:operator:instance:a"));
    f.redis.answer({Value::nil(), R"({"max_ttl_sec":600,"new":[],"url":7})", own});
    QCOMPARE(f.ids(), (Ids{"a", "b", "gone silent 15000 ms"}));
    const auto listing = f.roster.listing(f.clock.now(), false);
    std::vector<feed::InstanceRecord> instances;
    for (const auto& one : listing->instances) instances.push_back(one.record);
    QCOMPARE(instances[0].boot, std::string("boot-a"));
    QCOMPARE(instances[0].url, std::string("http://a"));
    QCOMPARE(instances[0].mode, std::string("hybrid"));
    QCOMPARE(instances[0].version, std::string("1.0.0"));
    QCOMPARE(instances[0].started_at, 1.5);
    QCOMPARE(instances[0].max_ttl_sec, 300);
    QCOMPARE(instances[0].redis_db, 2);
    QCOMPARE(instances[1].url, std::string());
    QCOMPARE(f.roster.longest_ttl_sec(), 600);
  }

  void keepsItsRhythm() {
    Fixture f;
    f.registry.tick();
    f.redis.answer({Value::nil(), Value::status("OK"), 1, 0});
    f.redis.answer({Value::array({})});
    f.pass(1999ms);
    QVERIFY(f.redis.asked.empty());
    f.pass(1ms);
    QVERIFY(f.redis.next().starts_with("ZRANGE"));
    f.redis.answer({Value::array({})});
    f.mine.mode = "redis";
    f.pass(1000ms);
    QVERIFY(f.redis.next().find(R"("mode":"redis")") != std::string::npos);
  }

  void leavesOutWhatItCantRead_data() {
    QTest::addColumn<QString>("record");
    QTest::newRow("no JSON") << "{";
    QTest::newRow("empty") << "";
    QTest::newRow("a list") << "[1]";
    QTest::newRow("a number") << "1";
  }
  void leavesOutWhatItCantRead() {
    QFETCH(QString, record);
    Fixture f;
    f.registry.tick();
    f.redis.asked.pop_front();
    f.redis.answer({Value::array({"x", "1", "a", "1"})});
    f.redis.answer({record.toStdString(), own});
    QCOMPARE(f.ids(), (Ids{"a"}));
  }

  void keepsWhatItKnowsWhileRedisFails() {
    Fixture f;
    f.registry.tick();
    f.redis.answer({Value::nil(), Value::status("OK"), 1, 0});
    f.redis.answer({Value::array({"a", "1"})});
    f.redis.answer({own});
    f.pass(3s);
    f.redis.fail(redis::Fault::timed_out);
    f.redis.fail(redis::Fault::timed_out);
    QCOMPARE(f.ids(), (Ids{"a"}));
    f.pass(499ms);
    QVERIFY(f.redis.asked.empty());
    f.pass(1ms);
    QCOMPARE(f.redis.asked.size(), 2U);
    f.redis.go_down();
    f.pass(10s);
    QVERIFY(f.redis.asked.empty());
  }

  void aSilentOneIsMissed() {
    Fixture f;
    f.registry.tick();
    f.redis.answer({Value::nil(), Value::status("OK"), 1, 0});
    f.redis.answer({Value::array({"a", "100000000", "b", "100000000"})});
    f.redis.answer({own, R"({"version":"2"})"});
    f.pass(12s);
    f.redis.answer({Value::nil(), Value::status("OK"), 1, 0});
    f.redis.answer({Value::array({"b", "100000000", "a", "100012000"})});
    f.redis.answer({Value::nil(), own});
    QCOMPARE(f.ids(), (Ids{"a", "b silent 12000 ms"}));
    QCOMPARE(f.roster.listing(f.clock.now(), false)->instances[1].record.version, std::string("2"));
    f.pass(2s);
    f.redis.answer({Value::array({"a", "100012000"})});  // it left
    f.redis.answer({own});
    QCOMPARE(f.ids(), (Ids{"a"}));
  }

  void waitsForRedisClock() {
    FakeRedisClient redis;
    ManualClock clock;
    feed::Roster roster(300);
    feed::Registry registry(redis, clock, feed::Keys("vx11:"), roster, [] { return feed::InstanceRecord(); });
    registry.tick();
    QVERIFY(redis.next().starts_with("ZRANGE"));
    redis.set_time(WallTime(5s), clock.now());
    registry.tick();
    QCOMPARE(redis.asked.size(), 2U);
  }

  void whatACrashLeftBehindIsNotAnotherProcess() {
    Fixture f;
    f.write_over(R"({"boot":"old"})");
    QVERIFY(!f.registry.id_taken());
    f.write_over(Value(own));
    QVERIFY(!f.registry.id_taken());
  }

  void anotherProcessWithTheSameId() {
    Fixture f;
    f.write_over(Value::nil());
    f.clock.advance(3s);
    f.write_over(R"({"boot":"boot-b"})");
    QVERIFY(f.registry.id_taken());
    f.clock.advance(3s);
    f.write_over(Value(own));
    QVERIFY(f.registry.id_taken());
    f.clock.advance(7s);
    QVERIFY(!f.registry.id_taken());
  }

  void leaves() {
    Fixture f;
    f.write_over(Value::nil());
    f.registry.leave();
    f.registry.leave();
    QCOMPARE(f.redis.next(), std::string("DEL vx11:operator:instance:a | ZREM vx11:operator:instances a"));
    QCOMPARE(f.redis.asked.size(), 1U);
    f.redis.answer({1, 1});
    f.pass(60s);
    QVERIFY(f.redis.asked.empty());
  }

  void leavesAnothersRecordAlone() {
    Fixture f;
    f.write_over(Value::nil());
    f.write_over(R"({"boot":"boot-b"})");
    f.registry.leave();
    QVERIFY(f.redis.asked.empty());
  }

  void tokensOfOneThatLeftCountToTheirEnd() {
    Fixture f;
    const auto read = [&f](const std::vector<Value>& ids, const std::vector<Value>& records) {
      f.registry.hurry();
      f.registry.tick();
      f.redis.answer({Value(own), Value::status("OK"), 1, 0});
      std::vector<Value> scored;
      for (const Value& id : ids) scored.insert(scored.end(), {id, "1"});
      f.redis.answer({Value::array(scored)});
      f.redis.answer(records);
    };
    read({"a", "b"}, {own, R"({"max_ttl_sec":600})"});
    f.clock.advance(599s);
    read({"a"}, {own});
    QCOMPARE(f.roster.longest_ttl_sec(), 600);
    f.clock.advance(1s);
    read({"a"}, {own});
    QCOMPARE(f.roster.longest_ttl_sec(), 300);
  }
};

QTEST_GUILESS_MAIN(RegistryTest)
#include "registry_test.moc"
