// What is a failover, what only another process, and what is no news at all.
#include <QTest>
#include <initializer_list>

#include "server/master_history.h"

using namespace vx11;
using server::MasterHistory;

namespace {

[[nodiscard]] redis::ServerFacts facts(const char* address, const char* run_id, const char* replication_id) {
  redis::ServerFacts one;
  one.address = address;
  one.run_id = run_id;
  one.replication_id = replication_id;
  return one;
}

[[nodiscard]] redis::Replacement replacement(redis::Slot first, redis::Slot last, const char* from, const char* to,
                                             const char* run_id) {
  redis::Replacement one;
  for (std::size_t slot = first; slot <= last; ++slot) one.slots.set(slot);
  one.from = from;
  one.to = to;
  one.to_run_id = run_id;
  return one;
}

/// "replaced", "a to b", both, or nothing.
[[nodiscard]] QString text_of(const MasterHistory::News& news) {
  QStringList words;
  if (news.replaced) words << "replaced";
  if (!news.failover.empty()) words << QString::fromStdString(news.failover);
  return words.join(' ');
}

}  // namespace

class TestMasterHistory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aConnectionThatIsMadeAnewIsNoNews() {
    MasterHistory history;
    QCOMPARE(text_of(history.greeted(facts("a:1", "run1", "rep1"), false)), QString());
    QCOMPARE(text_of(history.greeted(facts("a:1", "run1", "rep1"), false)), QString());  // another loop's
    QCOMPARE(text_of(history.greeted(facts("a:1", "run1", "rep1"), true)), QString());
  }

  void aRestartIsAReplacementOnce() {
    MasterHistory history;
    (void)history.greeted(facts("a:1", "run1", "rep1"), false);
    QCOMPARE(text_of(history.greeted(facts("a:1", "run2", "rep2"), true)), QString("replaced"));
    QCOMPARE(text_of(history.greeted(facts("a:1", "run2", "rep2"), true)), QString());
  }

  void aNewReplicationIdAloneMeansOtherData() {
    MasterHistory history;
    (void)history.greeted(facts("a:1", "run1", "rep1"), false);
    QCOMPARE(text_of(history.greeted(facts("a:1", "run1", "rep2"), true)), QString("replaced"));
  }

  void aFailoverIsCountedOnceForAllConnections() {
    MasterHistory history;
    (void)history.greeted(facts("a:1", "run1", "rep1"), false);
    (void)history.greeted(facts("a:1", "run1", "rep1"), false);
    QCOMPARE(text_of(history.greeted(facts("b:2", "run2", "rep2"), true)), QString("replaced a:1 to b:2"));
    QCOMPARE(text_of(history.greeted(facts("b:2", "run2", "rep2"), true)), QString());
    // Back again, by a promotion of its own.
    QCOMPARE(text_of(history.greeted(facts("a:1", "run3", "rep3"), true)), QString("replaced b:2 to a:1"));
  }

  void whoSeesTheOldMasterOnceMoreSeesNoFailover() {
    MasterHistory history;
    (void)history.greeted(facts("a:1", "run1", "rep1"), false);
    (void)history.greeted(facts("b:2", "run2", "rep2"), true);
    QCOMPARE(text_of(history.greeted(facts("a:1", "run1", "rep1"), true)), QString("replaced"));
    QCOMPARE(text_of(history.greeted(facts("b:2", "run2", "rep2"), true)), QString("replaced"));
  }

  void whereAskingIsForbiddenItMayAlwaysBeAnother() {
    MasterHistory history;
    QCOMPARE(text_of(history.greeted(facts("a:1", "", ""), false)), QString());
    QCOMPARE(text_of(history.greeted(facts("a:1", "", ""), true)), QString("replaced"));
    QCOMPARE(text_of(history.greeted(facts("b:2", "", ""), true)), QString("replaced a:1 to b:2"));
  }

  void ofAClusterTheLoopsTellTheSame() {
    MasterHistory history;
    const auto failover = replacement(0, 5460, "a:1", "b:2", "run2");
    QCOMPARE(text_of(history.replaced(failover)), QString("replaced a:1 to b:2"));
    QCOMPARE(text_of(history.replaced(failover)), QString());
    // The other shards are another matter.
    QCOMPARE(text_of(history.replaced(replacement(5461, 10922, "c:3", "d:4", "run4"))), QString("replaced c:3 to d:4"));
    // And back, by a process that has lived all the time.
    QCOMPARE(text_of(history.replaced(replacement(0, 5460, "b:2", "a:1", "run1"))), QString("replaced b:2 to a:1"));
    QCOMPARE(text_of(history.replaced(failover)), QString("replaced a:1 to b:2"));
  }

  void aClustersMasterMayRestart() {
    MasterHistory history;
    QCOMPARE(text_of(history.replaced(replacement(0, 100, "a:1", "a:1", "run2"))), QString("replaced"));
    QCOMPARE(text_of(history.replaced(replacement(0, 100, "a:1", "a:1", "run2"))), QString());
    QCOMPARE(text_of(history.replaced(replacement(0, 100, "a:1", "a:1", "run3"))), QString("replaced"));
    // Unnamed, each of them may be another one.
    QCOMPARE(text_of(history.replaced(replacement(0, 100, "a:1", "a:1", ""))), QString("replaced"));
    QCOMPARE(text_of(history.replaced(replacement(0, 100, "a:1", "a:1", ""))), QString("replaced"));
    // But a failover is none twice.
    QCOMPARE(text_of(history.replaced(replacement(0, 100, "a:1", "b:2", ""))), QString("replaced a:1 to b:2"));
    QCOMPARE(text_of(history.replaced(replacement(0, 100, "a:1", "b:2", ""))), QString());
  }
};

QTEST_GUILESS_MAIN(TestMasterHistory)
#include "test_master_history.moc"
