// Abort, pause, questions and a lock that is lost, at any place.
#include <QTest>

#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

namespace {

RollbackSpec attended(RollbackSpec spec) {
  spec.attended = true;
  return spec;
}

}  // namespace

class RollbackStopsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// At every action of every plan: all is as it was.
  void abortAnywhere_data() {
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("from");
    QTest::newRow("down") << memory << hybrid;
    QTest::newRow("up") << hybrid << memory;
    QTest::newRow("one alone") << single << hybrid;
    QTest::newRow("restart") << QStringLiteral("restart") << hybrid;
  }
  void abortAnywhere() {
    QFETCH(QString, to);
    QFETCH(QString, from);
    int tried = 0;
    for (int number = 0;; ++number) {
      Game game(specOf(to), groundOf(threeInstances(from)));
      Action action = game.runner.begin(game.now);
      bool ended = false;
      for (int at = 0; at < number && !ended; ++at) {
        ended = std::holds_alternative<Finish>(action);
        if (!ended) action = game.runner.next(game.eventFor(action, textOf(action, game.now)), game.now);
      }
      if (ended || game.step(Kind::Release).state == State::Done) break;
      ++tried;
      game.runner.abort();
      int actions = 0;
      while (!std::holds_alternative<Finish>(action) && ++actions < 2000) {
        action = game.runner.next(game.eventFor(action, textOf(action, game.now)), game.now);
      }
      const auto* end = std::get_if<Finish>(&action);
      const QString where = QStringLiteral("%1: %2\n%3").arg(number).arg(game.stepsNow(), game.effects());
      QVERIFY2(end != nullptr && end->outcome.result == Result::Aborted && end->outcome.restored, qPrintable(where));
      QVERIFY2(end->outcome.reason.startsWith(QStringLiteral("Aborted")), qPrintable(end->outcome.reason));
      QVERIFY2(game.world.file == nginxText && game.world.read == nginxText && !game.world.copied, qPrintable(where));
      QCOMPARE(game.modesNow(), QStringList({from, from, from}).join(u' '));
      for (const auto& node : game.world.nodes) QVERIFY2(node.alive, qPrintable(where));
      QVERIFY(!game.runner.undoing());
    }
    QVERIFY(tried > 40);
  }
  void abortWhileItWaits() {
    Game game(memory);
    game.fail(QStringLiteral("check b"), Checked{false, QStringLiteral("refused")}, 1);
    game.on[QStringLiteral("wait 250")] = [&] { game.runner.abort(); };
    QCOMPARE(game.play().result, Result::Aborted);
    QCOMPARE(game.done.count(QStringLiteral("issue b")), 2);  // the second is the gate of what was put back
    QCOMPARE(game.modesNow(), allHybrid);
  }
  /// The routing goes back once the tokens of memory mode have run out; a second abort doesn't wait for them.
  void puttingBackWaitsForTokens_data() {
    QTest::addColumn<bool>("impatient");
    QTest::newRow("patient") << false;
    QTest::newRow("impatient") << true;
  }
  void puttingBackWaitsForTokens() {
    QFETCH(bool, impatient);
    Game game(fullSpec(memory));
    qint64 aborted = 0, back = 0;
    game.on[QStringLiteral("check c")] = [&] {
      game.runner.abort();
      aborted = game.now;
      if (impatient) game.on[QStringLiteral("wait 1000")] = [&] { game.runner.abort(); };
    };
    game.on[QStringLiteral("putback")] = [&] { back = game.now; };
    const RollbackOutcome outcome = game.play();
    QVERIFY(outcome.restored);
    QCOMPARE(outcome.reason,
             QStringLiteral("Aborted; every instance is back in the mode it had and the nginx file is as it was."));
    QCOMPARE(back - aborted, impatient ? 1000 : 60'000);
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

  void reloadThatFails() {
    Game game(fullSpec(memory));
    game.fail(QStringLiteral("run reload"), Ran{1, {QStringLiteral("no such thing")}});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY2(outcome.restored, qPrintable(outcome.reason));  // it never read the new file
    QCOMPARE(outcome.reason,
             QStringLiteral("reload ended with exit code 1: no such thing; the nginx file is as it was."));
    QCOMPARE(game.world.file, nginxText);
    QCOMPARE(game.effects(), QStringLiteral("written, put back"));
    QCOMPARE(game.done.count(QStringLiteral("run reload")), 2);
  }
  void reloadThatHangs() {
    Game game(fullSpec(memory));
    game.fail(QStringLiteral("run reload"), TimeCame{}, 1);
    game.fail(QStringLiteral("await"), TimeCame{}, 2);
    Ran hung;
    hung.problem = QStringLiteral("It took longer than 60 s and was ended.");
    game.on[QStringLiteral("await")] = [&] { game.now += 20'000; };
    game.on[QStringLiteral("sign abc")] = [&] {
      game.on[QStringLiteral("sign abc")] = [&] { game.fail(QStringLiteral("await"), hung, 1); };
    };
    game.on[QStringLiteral("write")] = [&] { game.now += 19'000; };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY2(outcome.restored, qPrintable(outcome.reason));  // and the next reload went well
    QVERIFY2(outcome.reason.startsWith(QStringLiteral("reload: It took longer than 60 s and was ended; ")),
             qPrintable(outcome.reason));
    QCOMPARE(game.world.read, nginxText);
  }
  void reloadThatHangsAndThenFails() {
    Game game(fullSpec(memory));
    game.fail(QStringLiteral("run reload"), Ran{-1, {}, QStringLiteral("It hung.")});
    const RollbackOutcome outcome = game.play();
    QVERIFY(!outcome.restored);  // nobody knows what nginx reads
    QVERIFY2(outcome.reason.endsWith(QStringLiteral("not restored: the routing.")), qPrintable(outcome.reason));
    QCOMPARE(game.world.file, nginxText);
  }
  void noSuchCommand() {
    Game game(fullSpec(memory));
    game.fail(QStringLiteral("run reload"), Ran{-1, {}, QStringLiteral("There is no program reload."), false});
    QVERIFY(game.play().restored);
  }
  void aFileOfSomebodyElse() {
    Game game(fullSpec(memory));
    game.on[QStringLiteral("sign abc")] = [&] { game.world.file = "another"; };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QCOMPARE(outcome.reason, QStringLiteral("Somebody else wrote; the nginx file is as it was."));
    QCOMPARE(game.world.file, QByteArray("another"));
    QVERIFY(!game.done.contains(QStringLiteral("run reload")));
  }
  void aFileThatSomebodyWroteMeanwhile() {
    Game game(fullSpec(memory));
    game.fail(QStringLiteral("check a"), Failed{refused(403, "x")}, 1);
    game.on[QStringLiteral("check a")] = [&] { game.world.file = "another"; };
    const RollbackOutcome outcome = game.play();
    QVERIFY(!outcome.restored);
    QCOMPARE(game.world.file, QByteArray("another"));
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void routingThatIsNotSticky() {
    Game game(fullSpec(memory));
    Probed both;
    both.answers = {{QStringLiteral("b"), 8}, {QStringLiteral("a"), 7}};
    game.fail(QStringLiteral("probe sticky"), both);
    const qint64 began = game.now;
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QCOMPARE(outcome.reason,
             QStringLiteral("the requests of one client went to a and b; the nginx file is as it was."));
    QVERIFY(game.now - began > 9000);  // old workers of nginx have their time
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void routingThatStillLeadsToTheSkipped() {
    RollbackSpec spec = fullSpec(memory);
    spec.skip = QStringList{QStringLiteral("b")};
    Game game(spec);
    Probed stale;
    stale.answers = {{QStringLiteral("b"), 15}};
    game.fail(QStringLiteral("probe sticky"), stale);
    const RollbackOutcome outcome = game.play();
    QVERIFY(outcome.reason.startsWith(QStringLiteral("b still answers through the balancer;")));
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
    QCOMPARE(game.done.count(QStringLiteral("check a")), 1);        // the step under way was ended
    QVERIFY(game.done.count(QStringLiteral("sign abc")) >= 1 + 4);  // and the hold renewed
    QCOMPARE(game.done.count(QStringLiteral("post a memory")), 1);
  }
  void pausedBeforeAnythingAndAborted() {
    Game game(memory);
    game.runner.pause();
    QVERIFY(game.runner.paused());
    game.on[QStringLiteral("wait 20000")] = [&] { game.runner.abort(); };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QCOMPARE(outcome.reason, QStringLiteral("Aborted."));
    QVERIFY(game.stepsNow().startsWith(QStringLiteral("look+ locks")));
    QCOMPARE(game.done.filter(QStringLiteral("sign")).size(), 0);
  }
  void resumedWhileASignIsUnderWay() {
    Game game(memory);
    game.on[QStringLiteral("issue a")] = [&] {
      game.runner.pause();
      game.on[QStringLiteral("sign a")] = [&] { game.runner.resume(); };
    };
    const qint64 began = game.now;
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.now, began);
  }
  void theHoldIsRenewedWhileItWaits() {
    RollbackSpec spec = fullSpec(memory);
    spec.watchSec = 120;
    Game game(spec);
    qint64 last = game.now, longest = 0;
    const std::function<void()> again = [&] {
      longest = std::max(longest, game.now - last);
      last = game.now;
      game.on[QStringLiteral("sign abc")] = again;
    };
    game.on[QStringLiteral("sign abc")] = again;
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(longest, RollbackRunner::renewMs);
  }

  void aLostHoldEnds_data() {
    QTest::addColumn<QString>("during");
    for (const char* during : {"issue a", "matrix abc", "wait 1000", "run reload"}) {
      QTest::newRow(during) << QString::fromLatin1(during);
    }
  }
  void aLostHoldEnds() {
    QFETCH(QString, during);
    Game game(attended(fullSpec(memory)));  // and nobody is asked
    Failure held = refused(409, "mode_held", "eve");
    held.holder.owner = QStringLiteral("eve");
    game.on[during] = [&] {
      game.fail(QStringLiteral("sign a"), Signed{{{0, held}}}, 1);
      game.fail(QStringLiteral("sign abc"), Signed{{{0, held}}}, 1);
    };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY2(outcome.reason.startsWith(QStringLiteral("The mode of a is held by an operation of eve")),
             qPrintable(outcome.reason));
    QCOMPARE(game.modesNow(), allHybrid);
    QCOMPARE(game.world.file, nginxText);
  }
  void aHoldThatIsNotHad() {
    Game game(memory);
    Failure held = refused(409, "mode_held", "eve");
    held.holder = {QStringLiteral("op-9"), QStringLiteral("eve"), 100, 200, 0, false};
    game.fail(QStringLiteral("sign abc"), Signed{{{1, held}}});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Refused);
    const QString since = QDateTime::fromSecsSinceEpoch(100).toString(QStringLiteral("HH:mm:ss"));
    QCOMPARE(outcome.reason, QStringLiteral("The mode of b is held by an operation of eve since %1.").arg(since));
    QVERIFY(outcome.heldBy && outcome.heldBy->owner == QStringLiteral("eve"));
    QCOMPARE(game.done.last(2).first(), QStringLiteral("release ac"));
  }
  void aSignWithoutAnswerIsBorne() {
    Game game(fullSpec(memory));
    const auto none = [&] {
      for (const char* sign : {"sign a", "sign b", "sign c", "sign abc", "release abc"}) {
        game.fail(QString::fromLatin1(sign), Signed{{{0, silent()}, {1, silent()}, {2, silent()}}});
      }
    };
    game.on[QStringLiteral("write")] = none;
    QCOMPARE(game.play().result, Result::Done);
    Game failed(fullSpec(memory));
    failed.on[QStringLiteral("write")] = [&] { failed.fail(QStringLiteral("sign abc"), Failed{silent()}); };
    QCOMPARE(failed.play().result, Result::Done);
  }
  void aLockWithoutAnswerIsAFailure() {
    Game game(memory);
    game.fail(QStringLiteral("sign abc"), Signed{{{1, silent()}}});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Refused);
    QCOMPARE(outcome.reason, QStringLiteral("b doesn't answer (timed out)."));
    QVERIFY(game.done.contains(QStringLiteral("release abc")));  // it may have been taken all the same
  }
};

QTEST_GUILESS_MAIN(RollbackStopsTest)
#include "rollback_stops_test.moc"
