// What the runner does in which order, and what is put back when something fails, at any place.
#include <QTest>

#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

class RollbackRunnerTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void quick() {
    Game game(memory);
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Done);
    QVERIFY(outcome.restored && outcome.reason.isEmpty());
    QCOMPARE(
        game.done.join(QStringLiteral(", ")),
        QStringLiteral("look a, look b, look c, sign abc, look a, post a memory, sign a, issue a, check a, sign a, "
                       "look b, post b memory, sign b, issue b, check b, sign b, look c, post c memory, sign c, "
                       "issue c, check c, sign c, matrix abc, sign abc, look a, look b, look c, release abc, "
                       "finish"));
    QCOMPARE(game.stepsNow(),
             QStringLiteral("look+ lock+ switcha+ gatea+ switchb+ gateb+ switchc+ gatec+ matrix+ drain> release+"));
    const RollbackStep& drain = game.step(Kind::Drain);
    QCOMPARE(drain.remainingMs, 60'000);
    QVERIFY(game.runner.countDown(game.now + 59'000));
    QCOMPARE(drain.remainingMs, 1000);
    QVERIFY(!game.runner.countDown(game.now + 60'000));
    QCOMPARE(drain.state, State::Done);
    QVERIFY(!game.runner.countDown(game.now + 61'000));
  }

  void down() {
    Game game(fullSpec(memory));
    const qint64 began = game.now;
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(game.deeds(),
             QStringLiteral("write, run reload, probe sticky, post a memory, issue a, check a, post b memory, "
                            "issue b, check b, post c memory, issue c, check c, matrix abc, release abc, "
                            "finish"));
    QCOMPARE(game.now - began, RollbackRunner::settleMs + 70'000);  // the reload, the window and the watch
    QCOMPARE(game.done.count(QStringLiteral("count")), 1 + 3);
    QVERIFY(NginxFile::read(game.world.read)->sticky());
    QCOMPARE(game.step(Kind::Sticky).detail, QStringLiteral("5 of 5 answers from a"));
    QCOMPARE(game.step(Kind::Reload).detail, QStringLiteral("exit 0: well"));
    QCOMPARE(game.step(Kind::Watch).detail, QStringLiteral("0 of 0 checks refused (0.0 %), before 0.1 %"));
    QVERIFY(game.audit.contains(QStringLiteral("Switch b to memory: done")));
    QVERIFY(game.audit.contains(QStringLiteral("Reload nginx: done, exit 0: well")));
  }
  /// A token of memory mode is known to its issuer alone: sticky routing ends after their window.
  void up() {
    RollbackSpec spec = fullSpec(hybrid);
    spec.watchSec = 0;
    Game game(spec, groundOf(threeInstances(memory)));
    game.world.file = game.world.read = NginxFile::read(nginxText)->with(NginxFile::read(nginxText)->servers(), true);
    RollbackGround ground = groundOf(threeInstances(memory));
    ground.nginx = game.world.file;
    game.runner = RollbackRunner(planRollback(ground, spec), spec, {QStringLiteral("op-1"), QStringLiteral("me")});
    qint64 written = 0, switched = 0;
    game.on[QStringLiteral("post c hybrid")] = [&] { switched = game.now; };
    game.on[QStringLiteral("write")] = [&] { written = game.now; };
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(written - switched, 60'000);
    QVERIFY(game.deeds().endsWith(QStringLiteral("matrix abc, write, run reload, probe, release abc, finish")));
    QVERIFY(!NginxFile::read(game.world.read)->sticky());
    QCOMPARE(game.step(Kind::Sticky).detail, QStringLiteral("15 answers, from a, b and c"));
  }
  void oneAlone() {
    RollbackSpec spec = fullSpec(single);
    spec.keep = QStringLiteral("b");
    spec.watchSec = 0;
    Game game(spec);
    qint64 stopped = 0;
    const qint64 began = game.now;
    game.on[QStringLiteral("drain a")] = [&] { stopped = game.now; };
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(game.deeds(), QStringLiteral("write, run reload, probe sticky, post b memory, issue b, check b, drain a, "
                                          "drain c, release b, finish"));
    QVERIFY(stopped - began >= 60'000);  // what the others issued is read until then
    QCOMPARE(NginxFile::read(game.world.read)->servers(), QStringList{QStringLiteral("localhost:8002")});
  }
  void rollingRestart() {
    Game game(restartSpec());
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    const QString one = QStringLiteral(
        "write, run reload, drain %1, run restart %1, issue %1, check %1, matrix abc, write, "
        "run reload, ");
    QCOMPARE(game.deeds(), one.arg(testing::nameOf(0)) + one.arg(testing::nameOf(1)) + one.arg(testing::nameOf(2)) +
                               QStringLiteral("release abc, finish"));
    QCOMPARE(game.world.file, nginxText);  // byte for byte
    QCOMPARE(game.step(Kind::Start, 1).detail, QStringLiteral("Ready, in mode hybrid"));
  }

  void alreadyThere() {
    Game game(memory, memory);
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.done.filter(QStringLiteral("post")).size(), 0);
    QVERIFY(game.done.contains(QStringLiteral("sign abc")));  // it is held all the same
    QCOMPARE(game.step(Kind::Switch, 0).detail, QStringLiteral("Was in mode memory already"));
    QCOMPARE(game.step(Kind::Drain).state, State::Done);  // nothing to drain
    QVERIFY(!game.runner.countDown(game.now));
  }
  void alreadyThereAndFailing() {
    Game game(memory, memory);
    game.fail(QStringLiteral("issue b"), Failed{refused(403, "invalid_token")});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.restored);
    QCOMPARE(game.effects(), QString());
  }

  void dryRunOnlyLooks() {
    RollbackSpec spec = fullSpec(memory);
    spec.dryRun = true;
    Game game(spec);
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.done.join(QStringLiteral(", ")), QStringLiteral("look a, look b, look c, finish"));
    QVERIFY2(game.stepsNow().startsWith(QStringLiteral("look+ locks routes reloads stickys switchas gateas")),
             qPrintable(game.stepsNow()));
    QVERIFY(game.stepsNow().endsWith(QStringLiteral("watchs releases")));
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
    both("post a memory", Refused, "", "", Aborted);
    both("issue a", Aborted, "a", "a", Aborted);
    both("check a", Aborted, "a", "a", Aborted);
    both("post b memory", Aborted, "a", "a", Aborted);
    both("issue b", Aborted, "b a", "b a", Aborted);
    both("check b", Aborted, "b a", "b a", Aborted);
    both("post c memory", Aborted, "b a", "b a", Aborted);
    both("issue c", Aborted, "c b a", "c b a", Aborted);
    both("check c", Aborted, "c b a", "c b a", Aborted);
    both("matrix abc", Aborted, "c b a", "c b a", Aborted);
  }
  void failsAnywhere() {
    QFETCH(QString, action);
    QFETCH(bool, final);
    QFETCH(QString, undone);
    Game game(memory);
    // What puts back asks the same: only the first must fail, and all while patience lasts.
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

  /// The answer is lost, and the mode is changed all the same: reality is asked, and nothing is told twice.
  void aLostAnswerIsNoFailure() {
    Game game(memory);
    game.on[QStringLiteral("post b memory")] = [&] { game.world.nodes[1].mode.mode = memory; };
    game.fail(QStringLiteral("post b memory"), Failed{silent()}, 1);
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.done.count(QStringLiteral("post b memory")), 1);
    QCOMPARE(game.step(Kind::Switch, 1).detail, QString());
  }
  void whatMayHaveSwitchedIsPutBack() {
    Game game(memory);
    game.on[QStringLiteral("post b memory")] = [&] { game.world.nodes[1].mode.mode = memory; };
    game.fail(QStringLiteral("post b memory"), Failed{silent()});
    game.on[QStringLiteral("wait 250")] = [&] { game.fail(QStringLiteral("look b"), Failed{silent()}, 12); };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY2(outcome.restored, qPrintable(outcome.reason));
    QVERIFY(game.done.contains(QStringLiteral("post b hybrid")));
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void whatReachedNobodyNeedsNoUndoing() {
    Game game(memory);
    game.fail(QStringLiteral("post b memory"), Failed{World::gone()});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QCOMPARE(outcome.reason,
             QStringLiteral("b doesn't answer (connection refused); every instance is back in the mode it had."));
    QCOMPARE(game.runner.steps().last().instance, QStringLiteral("a"));
  }
  void oneLostAnswerIsEnoughToUndo() {
    Game game(memory);
    game.fail(QStringLiteral("post b memory"), Failed{silent()}, 1);
    game.on[QStringLiteral("wait 250")] = [&] {
      game.fail(QStringLiteral("post b memory"), Failed{refused(409, "mode_held", "eve")});
    };
    QCOMPARE(game.play().result, Result::Aborted);
    QVERIFY(game.stepsNow().contains(QStringLiteral("restoreb+ restorea+")));
  }
  void itSaysYesAndDoesNot() {
    Game game(memory);
    wire::ModeState same;
    same.mode = hybrid;
    game.fail(QStringLiteral("post b memory"), ModeTold{same});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.reason.startsWith(QStringLiteral("b says that it is in mode hybrid")));
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
    QVERIFY(game.done.contains(QStringLiteral("release abc")));
  }

  void patienceHelps() {
    Game game(memory);
    game.fail(QStringLiteral("check b"), Checked{false, QStringLiteral("can't tell")}, 3);
    game.fail(QStringLiteral("post c memory"), Failed{refused(503, "starting")}, 2);
    game.fail(QStringLiteral("look a"), Failed{silent()}, 2);
    game.fail(QStringLiteral("matrix abc"), MatrixTold{matrixOf(false, false)}, 1);
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
  void aGateCannotPassWithRedisDead() {
    auto ground = groundOf(threeInstances(QStringLiteral("redis")));
    ground.redisUp = false;
    Game game(specTo(memory), ground);
    game.fail(QStringLiteral("matrix abc"), MatrixTold{});
    game.on[QStringLiteral("matrix abc")] = [&] { game.fail(QStringLiteral("issue a"), Failed{silent()}); };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.restored);  // its mode is what it was, and so is its trouble
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
    game.fail(QStringLiteral("matrix abc"), MatrixTold{matrixOf(whole, diagonal)});
    const RollbackOutcome outcome = game.play();
    QTEST(outcome.result, "result");
    QCOMPARE(outcome.matrix.cells.size(), 9);
    if (outcome.result == Result::Done) return;
    QCOMPARE(outcome.reason, QStringLiteral("As it is; every instance is back in the mode it had."));
    QCOMPARE(game.modesNow(), QStringList({from, from, from}).join(u' '));
  }
  void aMatrixWithoutCellsPromisesNothing() {
    Game game(memory);
    game.fail(QStringLiteral("matrix abc"), MatrixTold{});
    QCOMPARE(game.play().result, Result::Aborted);
  }
  void theMatrixLeavesOutWhoIsSkipped() {
    RollbackSpec spec = specTo(memory);
    spec.skip = QStringList{QStringLiteral("b")};
    Game game(spec);
    game.world.nodes[1].alive = false;
    QCOMPARE(game.play().result, Result::Done);
    QVERIFY(game.done.contains(QStringLiteral("matrix ac")));
    QCOMPARE(game.modesNow(), QStringLiteral("memory hybrid memory"));
  }

  /// It has public calls only: nobody asks it for its mode, and its gate and the matrix see what it is.
  void aBackendThatCannotSwitch() {
    auto ground = groundOf(threeInstances());
    ground.instances[1].internalCalls = false;
    RollbackSpec spec = fullSpec(memory);
    spec.watchSec = 0;
    Game game(spec, ground);
    game.fail(QStringLiteral("issue b"), Failed{World::gone()}, 20);  // it is starting
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(game.done.count(QStringLiteral("run restart b")), 1);
    QVERIFY(!game.done.contains(QStringLiteral("look b")) && game.done.contains(QStringLiteral("matrix abc")));
    QVERIFY(!game.done.contains(QStringLiteral("sign abc")) && game.done.contains(QStringLiteral("sign ac")));

    Game failing(spec, ground);
    failing.fail(QStringLiteral("check c"), Failed{refused(403, "invalid_token")}, 1);
    const RollbackOutcome failed = failing.play();
    QCOMPARE(failed.result, Result::Aborted);
    QVERIFY(!failed.restored);
    QVERIFY2(failed.reason.contains(QStringLiteral("b, which was changed by hand or by the restart command")),
             qPrintable(failed.reason));
    QCOMPARE(failing.world.file, nginxText);
  }

  void somebodyElseChangesItMeanwhile() {
    Game game(memory);
    game.on[QStringLiteral("matrix abc")] = [&] { game.world.nodes[1].mode.mode = QStringLiteral("redis"); };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.reason.startsWith(QStringLiteral("b says that it is in mode redis;")));
    QCOMPARE(game.modesNow(), allHybrid);
  }
  void oneThatComesBackInItsOwnModeIsSeenAtTheEnd() {
    Game game(fullSpec(memory));
    game.on[QStringLiteral("count")] = [&] {  // of the look
      game.on[QStringLiteral("count")] = [&] { game.world.nodes[2].mode.mode = hybrid; };
    };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(outcome.reason.startsWith(QStringLiteral("c says that it is in mode hybrid;")));
  }
  /// Undoing the rest wouldn't help it.
  void oneThatDiesLateIsNamed() {
    Game game(fullSpec(memory));
    game.on[QStringLiteral("matrix abc")] = [&] {
      game.on[QStringLiteral("wait 1000")] = [&] { game.world.nodes[1].alive = false; };
    };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Done);
    QCOMPARE(game.step(Kind::Release).detail, QStringLiteral("b doesn't answer"));
  }
  void oneThatDiesInTheMiddle() {
    Game game(fullSpec(memory));
    game.on[QStringLiteral("issue b")] = [&] { game.world.nodes[0].alive = game.world.nodes[1].alive = false; };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY2(outcome.reason.endsWith(QStringLiteral("; not restored: b and a.")), qPrintable(outcome.reason));
    QCOMPARE(game.world.file, nginxText);
    QCOMPARE(game.world.read, nginxText);
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
    RollbackRunner runner(planRollback(groundOf(threeInstances()), specTo(memory)), {}, {});
    Failure failure;
    failure.kind = Failure::Kind::ReadOnly;
    const auto outcome = std::get<Finish>(runner.refuse(failure)).outcome;
    QCOMPARE(outcome.result, Result::Refused);
    QCOMPARE(outcome.reason, QStringLiteral("This cluster is read-only."));
    QCOMPARE(outcome.failure.kind, Failure::Kind::ReadOnly);
  }

  void tellsWhatChanged() {
    RollbackRunner runner(planRollback(groundOf(threeInstances()), specTo(memory)), {}, {});
    (void)runner.begin(0);
    QCOMPARE(runner.takeChanged(), std::set<int>{0});
    QVERIFY(runner.takeChanged().empty());
  }
};

QTEST_GUILESS_MAIN(RollbackRunnerTest)
#include "rollback_runner_test.moc"
