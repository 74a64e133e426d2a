// What the store does with --redis-wait.
#include <QTest>

#include "loop_store_fixture.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::IssueStatus;
using store::Mode;

namespace {

/// A store that waits for one replica.
struct WaitingStore : StoreUnderTest {
  explicit WaitingStore(Mode mode) : StoreUnderTest(mode) {
    shared.redis_wait = 1;
    made.emplace(shared, store::StoreConnections{&redis, &confirming}, &heard);
    made->keep_redis_up_to_date();
  }
  FakeRedisClient confirming;
};

}  // namespace

class LoopStoreReplicas : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_issue_waits_for_its_replica();
  void fewer_replicas_make_it_degraded();
  void what_is_not_written_is_no_shortfall();
  void a_revocation_waits_too();
  void without_its_connection_it_is_written_all_the_same();
  void another_draw_has_what_is_left_of_the_time();
  void reading_waits_for_nobody();
};

void LoopStoreReplicas::an_issue_waits_for_its_replica() {
  WaitingStore t(Mode::redis);
  QVERIFY(!t.issue());
  QVERIFY(t.redis.asked.empty() && t.confirming.next().ends_with(" NX | WAIT 1 50"));
  t.confirming.answer({Value::status("OK"), 1});
  QVERIFY(t.issued->status == IssueStatus::issued && !t.issued->degraded);
  QCOMPARE(t.shared.wait_shortfalls.load(), std::uint64_t{0});
}

void LoopStoreReplicas::fewer_replicas_make_it_degraded() {
  for (const Mode mode : {Mode::redis, Mode::hybrid}) {
    WaitingStore t(mode);
    t.issue();
    t.confirming.answer({Value::status("OK"), 0});
    QVERIFY(t.issued->status == IssueStatus::issued && t.issued->degraded);
    QCOMPARE(t.shared.wait_shortfalls.load(), std::uint64_t{1});
    QCOMPARE(t.table.unwritten(), std::size_t{0});  // Redis has it
  }
}

void LoopStoreReplicas::what_is_not_written_is_no_shortfall() {
  WaitingStore t(Mode::hybrid);
  t.issue();
  t.confirming.fail(redis::Fault::timed_out);
  QVERIFY(t.issued->status == IssueStatus::issued && t.issued->degraded);
  QCOMPARE(t.table.unwritten(), std::size_t{1});
  t.modes.set(Mode::redis, std::nullopt, {});
  t.issue();
  t.confirming.answer({Value::error("OOM command not allowed"), 1});
  QVERIFY(t.issued->status == IssueStatus::unavailable);
  QCOMPARE(t.shared.wait_shortfalls.load(), std::uint64_t{0});
}

void LoopStoreReplicas::a_revocation_waits_too() {
  WaitingStore t(Mode::redis);
  t.issue();
  t.confirming.answer({Value::status("OK"), 1});
  const TokenText token = t.issued->token;
  t.revoke(token);
  QCOMPARE(t.confirming.next(), "TELL token " + t.issued->id.text() +
                                    " | DEL vx11:ephemeral_token:" + std::string(token.reveal()) + " | WAIT 1 50");
  t.confirming.answer({"1-1", 1, 0});
  QVERIFY(t.revocation->revoked == 1 && !t.revocation->unavailable);
  QCOMPARE(t.shared.wait_shortfalls.load(), std::uint64_t{1});
  t.revoke(token);
  t.confirming.fail(redis::Fault::connection_lost);
  QVERIFY(t.revocation->unavailable);
}

void LoopStoreReplicas::without_its_connection_it_is_written_all_the_same() {
  WaitingStore t(Mode::redis);
  t.confirming.go_down();
  t.issue();
  QVERIFY(t.redis.next().starts_with("SET ") && t.redis.next().find("WAIT") == std::string::npos);
  t.redis.answer({Value::status("OK")});
  QVERIFY(t.issued->status == IssueStatus::issued && t.issued->degraded);
  QCOMPARE(t.shared.wait_shortfalls.load(), std::uint64_t{1});
}

void LoopStoreReplicas::another_draw_has_what_is_left_of_the_time() {
  WaitingStore t(Mode::redis);
  t.shared.sharded = true;
  t.issue();
  t.clock.advance(150ms);
  t.confirming.fail(redis::Fault::timed_out);
  QCOMPARE(t.confirming.asked.front().deadline, 60ms);
  t.confirming.answer({Value::status("OK"), 1});
  QVERIFY(t.issued->status == IssueStatus::issued && !t.issued->degraded);
}

void LoopStoreReplicas::reading_waits_for_nobody() {
  WaitingStore t(Mode::redis);
  t.check(foreign);
  t.list();
  QVERIFY(t.confirming.log.empty());
  QCOMPARE(t.redis.asked.size(), std::size_t{2});
}

QTEST_GUILESS_MAIN(LoopStoreReplicas)
#include "loop_store_replicas_test.moc"
