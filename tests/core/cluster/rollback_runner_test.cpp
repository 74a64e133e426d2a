// What the runner does in which order, and what is put back when something fails, at any place.
#include <QTest>

#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

class RollbackRunnerTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void oneAfterTheOther() {
    Game game(memory);
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Done);
    QVERIFY(outcome.restored && outcome.reason.isEmpty());
    QCOMPARE(game.done.join(QStringLiteral(", ")),
             QStringLiteral("look a, look b, look c, post a memory, issue a, check a, post b memory, issue b, check b, "
                            "post c memory, issue c, check c, matrix, look a, look b, look c, release a memory, "
                            "release b memory, release c memory, finish"));
    QCOMPARE(game.stepsNow(), QStringLiteral("look+ switcha+ gatea+ switchb+ gateb+ switchc+ gatec+ matrix+ drain>"));
    QCOMPARE(game.runner.steps()[1].from, hybrid);
    QCOMPARE(game.runner.steps()[1].to, memory);
    QCOMPARE(game.runner.steps().last().remainingMs, 60'000);
    QVERIFY(game.runner.countDown(game.now + 59'000));
    QCOMPARE(game.runner.steps().last().remainingMs, 1000);
    QVERIFY(!game.runner.countDown(game.now + 60'000));
    QCOMPARE(game.runner.steps().last().state, State::Done);
    QVERIFY(!game.runner.countDown(game.now + 61'000));
  }

  void backwards() {
    Game game(hybrid, memory);
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.modesNow(), allHybrid);
  }

  void alreadyThere() {
    Game game(memory, memory);
    QCOMPARE(game.play().result, Result::Done);
    QVERIFY(game.done.contains(QStringLiteral("post a memory")));  // it is held all the same
    QCOMPARE(game.runner.steps()[1].detail, QStringLiteral("Was in mode memory already"));
    QCOMPARE(game.runner.steps().last().state, State::Done);  // nothing to drain
    QVERIFY(!game.runner.countDown(game.now));
  }

  void alreadyThereAndFailing() {
    Game game(memory, memory);
    game.fail(QStringLiteral("issue b"), Failed{refused(403, "invalid_token")});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.restored);
    QCOMPARE(game.done.filter(QStringLiteral("hybrid")).size(), 0);
  }

  void dryRunOnlyLooks() {
    Game game(memory, hybrid, true);
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.done.join(QStringLiteral(", ")), QStringLiteral("look a, look b, look c, finish"));
    QCOMPARE(game.stepsNow(), QStringLiteral("look+ switchas gateas switchbs gatebs switchcs gatecs matrixs drains"));
  }

  /// Every action that may fail, with each way to fail that ends it at once or after patience.
  void failsAnywhere_data() {
    QTest::addColumn<QString>("action");
    QTest::addColumn<bool>("final");
    QTest::addColumn<Result>("result");
    QTest::addColumn<QString>("undone");
    const auto both = [](const char* action, Result final, const char* undoneIfFinal, const char* undoneIfSilent,
                         Result silentResult) {
      QTest::addRow("%s says no", action)
          << QString::fromLatin1(action) << true << final << QString::fromLatin1(undoneIfFinal);
      QTest::addRow("%s is silent", action)
          << QString::fromLatin1(action) << false << silentResult << QString::fromLatin1(undoneIfSilent);
    };
    using enum RollbackOutcome::Result;
    for (const char* look : {"look a", "look b", "look c"}) both(look, Refused, "", "", Refused);
    both("post a memory", Refused, "", "a", Aborted);  // silent: it may have changed all the same
    both("issue a", Aborted, "a", "a", Aborted);
    both("check a", Aborted, "a", "a", Aborted);
    both("post b memory", Aborted, "a", "b a", Aborted);
    both("issue b", Aborted, "b a", "b a", Aborted);
    both("check b", Aborted, "b a", "b a", Aborted);
    both("post c memory", Aborted, "b a", "c b a", Aborted);
    both("issue c", Aborted, "c b a", "c b a", Aborted);
    both("check c", Aborted, "c b a", "c b a", Aborted);
  }
  void failsAnywhere() {
    QFETCH(QString, action);
    QFETCH(bool, final);
    QFETCH(QString, undone);
    Game game(memory);
    // The look at the end asks the same: only the first must fail, and all while patience lasts.
    game.fail(action, Failed{final ? refused(403, "invalid_token") : silent()}, final ? 1 : 12);
    const RollbackOutcome outcome = game.play();
    QTEST(outcome.result, "result");
    QVERIFY(outcome.restored);
    QVERIFY(!outcome.reason.isEmpty());
    QVERIFY(outcome.failure);
    QCOMPARE(game.modesNow(), allHybrid);
    QStringList restored;
    for (const QString& did : std::as_const(game.done)) {
      if (did.startsWith(QStringLiteral("post")) && did.endsWith(hybrid)) restored << did.mid(5, 1);
    }
    QCOMPARE(restored.join(u' '), undone);
    for (const RollbackStep& step : game.runner.steps()) {
      QVERIFY(step.state != State::Waiting && step.state != State::Running);
      if (step.kind == Kind::Restore) QCOMPARE(step.state, State::Done);
    }
  }

  void patienceHelps() {
    Game game(memory);
    game.fail(QStringLiteral("check b"), Checked{false, QStringLiteral("can't tell")}, 3);
    game.fail(QStringLiteral("post c memory"), Failed{refused(503, "starting")}, 2);
    game.fail(QStringLiteral("look a"), Failed{silent()}, 2);
    game.fail(QStringLiteral("matrix"), MatrixTold{matrixOf(false, false)}, 1);
    const qint64 began = game.now;
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.now - began, 8 * RollbackRunner::retryMs);
    QCOMPARE(game.done.count(QStringLiteral("issue b")), 4);  // each attempt with a token of its own
  }
  void patienceEnds() {
    Game game(memory);
    game.fail(QStringLiteral("check b"), Checked{false, QStringLiteral("refused")});
    const qint64 began = game.now;
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(game.now - began <= 2 * RollbackRunner::patienceMs);  // of the gate, and of its gate when it is put back
    QVERIFY(!outcome.restored);                                   // that gate fails, too
    QVERIFY2(outcome.reason.endsWith(QStringLiteral("not restored: b.")), qPrintable(outcome.reason));
    QCOMPARE(game.modesNow(), allHybrid);
  }

  void theMatrixDecides_data() {
    QTest::addColumn<QString>("to");
    QTest::addColumn<bool>("whole");
    QTest::addColumn<bool>("diagonal");
    QTest::addColumn<Result>("result");
    QTest::newRow("memory, diagonal") << memory << false << true << Result::Done;
    QTest::newRow("memory, whole") << memory << true << true << Result::Done;
    QTest::newRow("memory, not its own") << memory << true << false << Result::Aborted;
    QTest::newRow("hybrid, whole") << hybrid << true << true << Result::Done;
    QTest::newRow("hybrid, diagonal") << hybrid << false << true << Result::Aborted;
    QTest::newRow("redis, diagonal") << QStringLiteral("redis") << false << true << Result::Aborted;
    QTest::newRow("redis, whole") << QStringLiteral("redis") << true << true << Result::Done;
  }
  void theMatrixDecides() {
    QFETCH(QString, to);
    QFETCH(bool, whole);
    QFETCH(bool, diagonal);
    const QString from = to == hybrid ? memory : hybrid;
    Game game(to, from);
    game.fail(QStringLiteral("matrix"), MatrixTold{matrixOf(whole, diagonal)});
    const RollbackOutcome outcome = game.play();
    QTEST(outcome.result, "result");
    if (outcome.result == Result::Done) return;
    QCOMPARE(outcome.reason, QStringLiteral("As it is; every instance is back in the mode it had."));
    QCOMPARE(game.modesNow(), QStringList({from, from, from}).join(u' '));
  }
  void aMatrixWithoutCellsPromisesNothing() {
    Game game(memory);
    game.fail(QStringLiteral("matrix"), MatrixTold{});
    QCOMPARE(game.play().result, Result::Aborted);
  }

  void somebodyElseChangesItMeanwhile() {
    Game game(memory);
    game.on[QStringLiteral("matrix")] = [&] { game.modes[1].mode = QStringLiteral("redis"); };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.reason.startsWith(QStringLiteral("b says that it is in mode redis;")));
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void whatReachedNobodyNeedsNoUndoing() {
    Failure failure;
    failure.kind = Failure::Kind::Network;
    failure.code = QStringLiteral("connection_refused");
    Game game(memory);
    game.fail(QStringLiteral("post b memory"), Failed{failure});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QCOMPARE(outcome.reason,
             QStringLiteral("b doesn't answer (connection refused); every instance is back in the mode it had."));
    QCOMPARE(game.done.filter(QStringLiteral("hybrid")).join(u' '), QStringLiteral("post a hybrid release a hybrid"));
  }
  void oneLostAnswerIsEnoughToUndo() {
    Game game(memory);
    game.fail(QStringLiteral("post b memory"), Failed{silent()}, 1);
    game.on[QStringLiteral("wait 250")] = [&] {
      game.fail(QStringLiteral("post b memory"), Failed{refused(409, "mode_held", "eve")});
    };
    QCOMPARE(game.play().result, Result::Aborted);
    QVERIFY(game.done.contains(QStringLiteral("post b hybrid")));
  }
  void itSaysYesAndDoesNot() {
    Game game(memory);
    game.fail(QStringLiteral("post b memory"), ModeTold{{hybrid, hybrid, {}, 0, {}, {}}});
    QCOMPARE(game.play().result, Result::Aborted);
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void heldMeanwhile() {
    Game game(memory);
    game.fail(QStringLiteral("post b memory"), Failed{refused(409, "mode_held", "eve@host")});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QCOMPARE(outcome.reason, QStringLiteral("The mode of b is held by an operation of eve@host; every instance is back "
                                            "in the mode it had."));
    QCOMPARE(game.done.filter(QStringLiteral("post b")).size(), 1);
  }
  void impossibleThere() {
    Game game(QStringLiteral("signed"));
    game.fail(QStringLiteral("post a signed"),
              Failed{refused(409, "mode_unavailable", "no signing keys are configured")});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Refused);
    QCOMPARE(outcome.reason, QStringLiteral("a can't take this mode: no signing keys are configured."));
  }

  void whatCantBePutBackIsNamed() {
    Game game(memory);
    game.fail(QStringLiteral("check c"), Failed{refused(403, "invalid_token")}, 1);
    game.fail(QStringLiteral("post b hybrid"), Failed{silent()});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(!outcome.restored);
    QCOMPARE(outcome.reason, QStringLiteral("c refuses (403 invalid_token); not restored: b."));
    QCOMPARE(game.modesNow(), QStringLiteral("hybrid memory hybrid"));  // the others are put back all the same
  }

  void readOnly() {
    RollbackRunner runner(planRollback(threeInstances(), memory), {}, {});
    Failure failure;
    failure.kind = Failure::Kind::ReadOnly;
    const auto outcome = std::get<Finish>(runner.refuse(failure)).outcome;
    QCOMPARE(outcome.result, Result::Refused);
    QCOMPARE(outcome.reason, QStringLiteral("This cluster is read-only."));
    QCOMPARE(outcome.failure.kind, Failure::Kind::ReadOnly);
  }

  void tellsWhatChanged() {
    RollbackRunner runner(planRollback(threeInstances(), memory), {}, {});
    (void)runner.begin(0);
    QCOMPARE(runner.takeChanged(), std::set<int>{0});
    QVERIFY(runner.takeChanged().empty());
  }
};

QTEST_GUILESS_MAIN(RollbackRunnerTest)
#include "rollback_runner_test.moc"
