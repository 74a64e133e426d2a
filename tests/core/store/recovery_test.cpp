#include "store/recovery.h"

#include <QTest>

using namespace vx11;
using namespace std::chrono_literals;
using store::Recovery;

namespace {

const redis::SlotSet all = redis::SlotSet().set();

[[nodiscard]] redis::SlotSet only(redis::Slot slot) { return redis::SlotSet().set(slot); }

}  // namespace

class RecoveryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void redis_that_is_back_has_two_seconds();
  void of_another_server_its_slots_alone_count();
  void it_lasts_until_everything_is_written_back();
  void what_failed_is_owed_again();
  void a_server_replaced_meanwhile_is_owed_too();
  void who_joins_distrusts_what_is_missing_and_owes_nothing();
};

void RecoveryTest::who_joins_distrusts_what_is_missing_and_owes_nothing() {
  Recovery recovery;
  const Instant now{1h};
  recovery.join(now);
  QVERIFY(!recovery.take() && !recovery.take_news());
  QVERIFY(recovery.under_way(now + 3999ms, 7) && recovery.marks_may_be_lost(now + 3999ms, 7));
  QVERIFY(!recovery.under_way(now + 4s, 7));
  recovery.rewrite(now + 5s, only(9));
  recovery.join(now + 5s);
  QVERIFY(recovery.take() == only(9));
  QVERIFY(recovery.marks_may_be_lost(now + 1h, 9));  // what is owed stays so
}

void RecoveryTest::redis_that_is_back_has_two_seconds() {
  Recovery recovery;
  const Instant now{1h};
  QVERIFY(!recovery.under_way(now, 0));
  recovery.begin(now);
  QVERIFY(recovery.under_way(now + 1999ms, 7) && !recovery.under_way(now + 2s, 7));
  QVERIFY(!recovery.marks_may_be_lost(now, 7));
  QVERIFY(!recovery.take() && !recovery.take_news());
}

void RecoveryTest::of_another_server_its_slots_alone_count() {
  Recovery recovery;
  const Instant now{1h};
  recovery.rewrite(now, only(7));
  QVERIFY(recovery.take_news() && !recovery.take_news());
  QVERIFY(recovery.marks_may_be_lost(now, 7) && !recovery.marks_may_be_lost(now, 8));
  QVERIFY(recovery.under_way(now + 2s, 7) && !recovery.under_way(now + 2s, 8));
  QVERIFY(recovery.take() == only(7) && !recovery.take());
  recovery.written_back({});
  QVERIFY(recovery.under_way(now + 3999ms, 7) && !recovery.under_way(now + 4s, 7));
  recovery.rewrite(now + 5s, only(9));
  QVERIFY(!recovery.marks_may_be_lost(now + 5s, 7) && recovery.marks_may_be_lost(now + 5s, 9));
}

void RecoveryTest::it_lasts_until_everything_is_written_back() {
  Recovery recovery;
  const Instant now{1h};
  recovery.rewrite(now, all);
  QVERIFY(recovery.under_way(now + 1h, 3));  // nobody has begun
  QVERIFY(recovery.take());
  QVERIFY(recovery.under_way(now + 1h, 3));  // somebody is at it
  recovery.written_back({});
  QVERIFY(!recovery.under_way(now + 1h, 3));
}

void RecoveryTest::what_failed_is_owed_again() {
  Recovery recovery;
  const Instant now{1h};
  recovery.rewrite(now, only(3) | only(4));
  QVERIFY(recovery.take());
  recovery.written_back(only(4) | only(5));  // 5 was nobody's to write
  QVERIFY(!recovery.under_way(now + 1h, 3) && recovery.under_way(now + 1h, 4));
  QVERIFY(recovery.take() == only(4));
  QVERIFY(recovery.take_news());  // of the first time
}

void RecoveryTest::a_server_replaced_meanwhile_is_owed_too() {
  Recovery recovery;
  const Instant now{1h};
  recovery.rewrite(now, only(3));
  QVERIFY(recovery.take());
  recovery.rewrite(now, only(3) | only(4));  // what is being written may have gone to the one before
  recovery.written_back({});
  QVERIFY(recovery.under_way(now + 1h, 3) && recovery.under_way(now + 1h, 4));
  QVERIFY(recovery.take() == (only(3) | only(4)));
}

QTEST_GUILESS_MAIN(RecoveryTest)
#include "recovery_test.moc"
