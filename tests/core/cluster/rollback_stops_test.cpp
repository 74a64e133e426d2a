// Abort and pause, at any place.
#include <QTest>

#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

class RollbackStopsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void abortAnywhere_data() {
    QTest::addColumn<QString>("during");
    for (const char* action : {"look b", "post a memory", "issue a", "check a", "post b memory", "check b",
                               "post c memory", "check c", "matrix"}) {
      QTest::newRow(action) << QString::fromLatin1(action);
    }
  }
  void abortAnywhere() {
    QFETCH(QString, during);
    Game game(memory);
    game.on[during] = [&] { game.runner.abort(); };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.restored);
    QVERIFY(outcome.reason.startsWith(QStringLiteral("Aborted")));
    QCOMPARE(game.modesNow(), allHybrid);
    QVERIFY(!game.runner.undoing());
  }
  void abortWhileItWaits() {
    Game game(memory);
    game.fail(QStringLiteral("check b"), Checked{false, QStringLiteral("refused")}, 1);
    game.on[QStringLiteral("wait 250")] = [&] { game.runner.abort(); };
    QCOMPARE(game.play().result, Result::Aborted);
    QCOMPARE(game.done.count(QStringLiteral("issue b")), 2);  // the second is the gate of what was put back
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void abortOfWhatIsBeingPutBackIsNothing() {
    Game game(memory);
    game.fail(QStringLiteral("check c"), Failed{refused(403, "invalid_token")}, 1);
    game.on[QStringLiteral("post b hybrid")] = [&] {
      QVERIFY(game.runner.undoing());
      game.runner.abort();
    };
    QVERIFY(game.play().restored);
    QCOMPARE(game.modesNow(), allHybrid);
  }

  void pauseBeforeTheNext() {
    Game game(memory);
    game.on[QStringLiteral("issue a")] = [&] { game.runner.pause(); };
    int waits = 0;
    std::function<void()> count = [&] {
      if (++waits == 5)
        game.runner.resume();
      else
        game.on[QStringLiteral("wait 20000")] = count;
    };
    game.on[QStringLiteral("wait 20000")] = count;
    const qint64 began = game.now;
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(waits, 5);
    QCOMPARE(game.now - began, 5 * RollbackRunner::renewMs);
    QCOMPARE(game.done.count(QStringLiteral("check a")), 1);            // the step under way was ended
    QCOMPARE(game.done.count(QStringLiteral("post a memory")), 1 + 4);  // and its hold renewed
  }
  void pausedBeforeAnythingAndAborted() {
    Game game(memory);
    game.runner.pause();
    QVERIFY(game.runner.paused());
    game.on[QStringLiteral("wait 20000")] = [&] { game.runner.abort(); };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QCOMPARE(outcome.reason, QStringLiteral("Aborted."));
    QCOMPARE(game.done.filter(QStringLiteral("post")).size(), 0);
  }
  void aLostHoldEndsAPause() {
    Game game(memory);
    game.on[QStringLiteral("issue a")] = [&] {
      game.runner.pause();
      game.fail(QStringLiteral("post a memory"), Failed{refused(409, "mode_held", "eve")});
    };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.reason.startsWith(QStringLiteral("The mode of a is held by an operation of eve")));
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void aRenewalWithoutAnswerIsBorne() {
    Game game(memory);
    game.on[QStringLiteral("issue a")] = [&] {
      game.runner.pause();
      game.fail(QStringLiteral("post a memory"), Failed{silent()}, 1);
      game.on[QStringLiteral("post a memory")] = [&] { game.runner.resume(); };
    };
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.modesNow(), allMemory);
  }
};

QTEST_GUILESS_MAIN(RollbackStopsTest)
#include "rollback_stops_test.moc"
