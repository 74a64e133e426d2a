#include "store/replica_writer.h"

#include <QTest>

#include <string>
#include <vector>

#include "support/fake_redis_client.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;

namespace {

struct Written {
  redis::Fault fault = redis::Fault::none;
  std::size_t replies = 0;
  bool confirmed = false;
  bool operator==(const Written&) const = default;
};
constexpr Written well{redis::Fault::none, 1, true};
constexpr Written unconfirmed{redis::Fault::none, 1, false};

struct WriterUnderTest {
  void write(std::initializer_list<std::string_view> words) {
    writer.write(
        clock.now(), [&](redis::Request& request) { request.add(words); },
        [this](const redis::Answer& answer, bool confirmed) {
          told.push_back({answer.fault, answer.replies.size(), confirmed});
        });
  }

  ManualClock clock;
  FakeRedisClient confirming, otherwise;
  std::atomic<std::uint64_t> shortfalls{0};
  std::vector<Written> told;
  store::ReplicaWriter writer{confirming, otherwise, clock, 2, shortfalls};
};

}  // namespace

class ReplicaWriterTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_batch_waits_once_for_all_that_came_meanwhile();
  void fewer_replicas_are_a_shortfall_of_each_write();
  void an_error_is_its_own_writes_alone();
  void no_answer_is_told_to_all();
  void of_a_cluster_a_part_may_fail();
  void of_a_cluster_each_master_has_its_own_replicas();
  void without_its_connection_nobody_waits();
  void the_time_in_the_queue_counts();
  void the_queue_is_bounded();
  void a_handler_may_write();
  void nobody_is_told_after_its_end();
};

void ReplicaWriterTest::a_batch_waits_once_for_all_that_came_meanwhile() {
  WriterUnderTest t;
  t.write({"SET", "a", "1"});
  QCOMPARE(t.confirming.next(), std::string("SET a 1 | WAIT 2 50"));
  QCOMPARE(t.confirming.asked.front().deadline, 150ms);
  for (int i = 0; i < 100; ++i) t.write({"SET", "b", "1"});
  QCOMPARE(t.confirming.asked.size(), std::size_t{1});
  t.confirming.answer({Value::status("OK"), 2});
  QCOMPARE(t.told, std::vector<Written>{well});
  QCOMPARE(t.confirming.asked.size(), std::size_t{1});
  QCOMPARE(t.confirming.asked.front().commands.size(), std::size_t{101});  // all of them in one batch
  std::vector<Value> replies(100, Value::status("OK"));
  replies.emplace_back(3);
  t.confirming.answer(replies);
  QCOMPARE(t.told, std::vector<Written>(101, well));
  QVERIFY(t.confirming.asked.empty() && t.otherwise.log.empty());
  QCOMPARE(t.shortfalls.load(), std::uint64_t{0});
}

void ReplicaWriterTest::fewer_replicas_are_a_shortfall_of_each_write() {
  WriterUnderTest t;
  t.write({"SET", "a", "1"});
  t.write({"SET", "b", "1"});
  t.write({"SET", "c", "1"});
  t.confirming.answer({Value::status("OK"), 1});
  t.confirming.answer(
      {Value::status("OK"), Value::status("OK"), Value::error("ERR WAIT cannot be used with replicas")});
  QCOMPARE(t.told, std::vector<Written>(3, unconfirmed));
  QCOMPARE(t.shortfalls.load(), std::uint64_t{3});
}

void ReplicaWriterTest::an_error_is_its_own_writes_alone() {
  WriterUnderTest t;
  t.write({"SET", "a", "1"});
  t.write({"SET", "b", "1"});
  t.writer.write(
      t.clock.now(),
      [](redis::Request& request) {
        request.add({"XADD", "c"}).add({"DEL", "d"});
      },
      [&t](const redis::Answer& answer, bool confirmed) {
        t.told.push_back({answer.fault, answer.replies.size(), confirmed});
      });
  t.confirming.answer({Value::status("OK"), 2});
  t.confirming.answer({Value::error("OOM command not allowed"), "1-1", 1, 2});
  QCOMPARE(t.told,
           (std::vector<Written>{well, {redis::Fault::out_of_memory, 1, false}, {redis::Fault::none, 2, true}}));
  QCOMPARE(t.shortfalls.load(), std::uint64_t{0});  // what isn't written is nobody's shortfall
}

void ReplicaWriterTest::no_answer_is_told_to_all() {
  WriterUnderTest t;
  t.write({"SET", "a", "1"});
  t.write({"SET", "b", "1"});
  t.confirming.fail(redis::Fault::timed_out);
  t.confirming.fail(redis::Fault::connection_lost);
  QCOMPARE(t.told,
           (std::vector<Written>{{redis::Fault::timed_out, 0, false}, {redis::Fault::connection_lost, 0, false}}));
  QCOMPARE(t.shortfalls.load(), std::uint64_t{0});
}

void ReplicaWriterTest::of_a_cluster_a_part_may_fail() {
  WriterUnderTest t;
  t.write({"SET", "a", "1"});
  t.write({"SET", "b", "1"});
  t.write({"SET", "c", "1"});
  t.confirming.answer({Value::status("OK"), 2});
  t.confirming.answer({Value::status("OK"), Value::error("NOANSWER 127.0.0.1:7001 times out"), 2});
  QCOMPARE(t.told, (std::vector<Written>{well, well, {redis::Fault::none, 1, false}}));
}

void ReplicaWriterTest::of_a_cluster_each_master_has_its_own_replicas() {
  WriterUnderTest t;
  t.write({"SET", "a", "1"});
  t.write({"SET", "b", "1"});
  t.write({"SET", "c", "1"});
  t.write({"SET", "d", "1"});
  t.confirming.answer({Value::status("OK"), 2});
  const Value each = Value::array({2, 1, Value::nil(), Value::nil()});
  t.confirming.answer({Value::status("OK"), Value::status("OK"), Value::status("OK"), each});
  QCOMPARE(t.told, (std::vector<Written>{well, well, unconfirmed, unconfirmed}));
  QCOMPARE(t.shortfalls.load(), std::uint64_t{2});
}

void ReplicaWriterTest::without_its_connection_nobody_waits() {
  WriterUnderTest t;
  t.confirming.up = false;
  t.write({"SET", "a", "1"});
  QCOMPARE(t.otherwise.next(), std::string("SET a 1"));
  t.otherwise.answer({Value::status("OK")});
  QCOMPARE(t.told, std::vector<Written>{unconfirmed});
  QCOMPARE(t.shortfalls.load(), std::uint64_t{1});
  t.otherwise.up = false;
  t.write({"SET", "b", "1"});
  QCOMPARE(t.told.back(), (Written{redis::Fault::not_connected, 0, false}));
}

void ReplicaWriterTest::the_time_in_the_queue_counts() {
  WriterUnderTest t;
  t.write({"SET", "a", "1"});
  t.write({"SET", "b", "1"});
  t.clock.advance(150ms);
  t.confirming.fail(redis::Fault::timed_out);
  QCOMPARE(t.confirming.asked.front().deadline, 60ms);  // 210 ms in all
  QCOMPARE(t.confirming.next(), std::string("SET b 1 | WAIT 2 30"));
}

void ReplicaWriterTest::the_queue_is_bounded() {
  WriterUnderTest t;
  for (int i = 0; i < 10'001; ++i) t.write({"SET", "a", "1"});
  QVERIFY(t.told.empty());
  t.write({"SET", "a", "1"});
  QCOMPARE(t.told, (std::vector<Written>{{redis::Fault::queue_full, 0, false}}));
  t.confirming.answer({Value::status("OK"), 2});
  t.write({"SET", "a", "1"});
  QCOMPARE(t.told.back(), well);
  QCOMPARE(t.confirming.asked.front().commands.size(), std::size_t{10'001});  // with the WAIT
}

void ReplicaWriterTest::a_handler_may_write() {
  WriterUnderTest t;
  t.writer.write(
      t.clock.now(),
      [](redis::Request& request) {
        request.add({"SET", "a", "1"});
      },
      [&t](const redis::Answer&, bool) {
        t.write({"SET", "b", "1"});
      });
  t.confirming.answer({Value::status("OK"), 2});
  QCOMPARE(t.confirming.next(), std::string("SET b 1 | WAIT 2 50"));
  t.confirming.answer({Value::status("OK"), 2});
  QCOMPARE(t.told, std::vector<Written>{well});
}

void ReplicaWriterTest::nobody_is_told_after_its_end() {
  ManualClock clock;
  FakeRedisClient confirming, otherwise;
  std::atomic<std::uint64_t> shortfalls{0};
  bool told = false;
  {
    store::ReplicaWriter writer(confirming, otherwise, clock, 1, shortfalls);
    writer.write(
        clock.now(),
        [](redis::Request& request) {
          request.add({"SET", "a", "1"});
        },
        [&told](const redis::Answer&, bool) { told = true; });
  }
  QVERIFY(confirming.answer({Value::status("OK"), 0}));
  QVERIFY(!told && shortfalls == 0);
}

QTEST_GUILESS_MAIN(ReplicaWriterTest)
#include "replica_writer_test.moc"
