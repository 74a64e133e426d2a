// An operation that ends in the middle, at any place, and goes on elsewhere: it comes to the same end, and nothing has
// its effect twice.
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

namespace {

/// Plays until the action of this number: with its effect or without it, and never hears of it. Nothing: it ended
/// before.
std::optional<QJsonObject> cutOff(Game& game, int after, bool withEffect) {
  Action action = game.runner.begin(game.now);
  RollbackRunner saved = game.runner;
  for (int number = 0;; ++number) {
    if (std::holds_alternative<Finish>(action)) return std::nullopt;
    if (hasEffect(action)) saved = game.runner;  // as who carries it out does
    if (number == after) break;
    const QString text = textOf(action, game.now);
    if (game.on.contains(text)) game.on.take(text)();
    action = game.runner.next(game.eventFor(action, text), game.now);
  }
  if (withEffect) (void)game.eventFor(action, textOf(action, game.now));
  return saved.saved();
}

/// Through a file, as it would be.
RollbackRunner again(const QJsonObject& saved, bool attended = false) {
  const auto read = QJsonDocument::fromJson(QJsonDocument(saved).toJson()).object();
  return *RollbackRunner::from(read, sameSlot, attended);
}

/// Reloading nginx once more does nothing; all else happens once.
QStringList onlyEffects(const QStringList& effects) {
  QStringList all = effects;
  all.removeAll(QStringLiteral("reload"));
  return all;
}

}  // namespace

class RollbackAgainTest : public QObject {
  Q_OBJECT
  static void goOn(Game& game, const QJsonObject& saved, RollbackOutcome& outcome) {
    game.runner = again(saved);
    game.on.clear();
    outcome = game.play();
  }

 private Q_SLOTS:
  void afterEveryAction_data() {
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("from");
    QTest::newRow("down") << memory << hybrid;
    QTest::newRow("up") << hybrid << memory;
    QTest::newRow("one alone") << single << hybrid;
    QTest::newRow("restart") << QStringLiteral("restart") << hybrid;
  }
  void afterEveryAction() {
    QFETCH(QString, to);
    QFETCH(QString, from);
    Game whole(specOf(to), groundOf(threeInstances(from)));
    const RollbackOutcome end = whole.play();
    QVERIFY2(end.result == Result::Done, qPrintable(end.reason));
    QVERIFY(whole.world.effects.size() >= 4);
    int tried = 0;
    for (const bool withEffect : {false, true}) {
      for (int number = 0;; ++number) {
        Game game(specOf(to), groundOf(threeInstances(from)));
        const auto saved = cutOff(game, number, withEffect);
        if (!saved) break;
        ++tried;
        RollbackOutcome outcome;
        goOn(game, *saved, outcome);
        const QString where =
            QStringLiteral("%1 %2: %3; %4").arg(number).arg(withEffect).arg(outcome.reason, game.done.join(u' '));
        QVERIFY2(outcome.result == Result::Done, qPrintable(where));
        QVERIFY2(onlyEffects(game.world.effects) == onlyEffects(whole.world.effects),
                 qPrintable(where + u'\n' + game.effects()));
        QVERIFY2(game.world.modes() == whole.world.modes() && game.world.read == whole.world.read, qPrintable(where));
        QCOMPARE(game.runner.operation().id, QStringLiteral("op-1"));
        for (const RollbackStep& step : game.runner.steps())
          QVERIFY2(step.state == State::Done, qPrintable(where + game.stepsNow()));
      }
    }
    QVERIFY(tried > 60);
  }

  /// The same while things are put back.
  void whilePuttingBack_data() { afterEveryAction_data(); }
  void whilePuttingBack() {
    QFETCH(QString, to);
    QFETCH(QString, from);
    const QString late = to == single                      ? QStringLiteral("alive c")
                         : to == QStringLiteral("restart") ? QStringLiteral("run restart c")
                                                           : QStringLiteral("check c");
    const auto prepare = [&](Game& game) { game.on[late] = [&game] { game.runner.abort(); }; };
    Game whole(specOf(to), groundOf(threeInstances(from)));
    prepare(whole);
    const RollbackOutcome end = whole.play();
    QCOMPARE(end.result, Result::Aborted);
    QVERIFY2(end.restored, qPrintable(end.reason));
    int tried = 0;
    for (const bool withEffect : {false, true}) {
      for (int number = 0;; ++number) {
        Game game(specOf(to), groundOf(threeInstances(from)));
        prepare(game);
        const auto saved = cutOff(game, number, withEffect);
        if (!saved) break;
        if (!saved->value(u"undoing").toBool()) continue;
        ++tried;
        RollbackOutcome outcome;
        goOn(game, *saved, outcome);
        const QString where =
            QStringLiteral("%1 %2: %3; %4").arg(number).arg(withEffect).arg(outcome.reason, game.done.join(u' '));
        QVERIFY2(outcome.result == Result::Aborted && outcome.restored, qPrintable(where));
        QVERIFY2(onlyEffects(game.world.effects) == onlyEffects(whole.world.effects),
                 qPrintable(where + u'\n' + game.effects() + u'\n' + whole.effects()));
        QCOMPARE(game.world.file, nginxText);
        QCOMPARE(game.world.read, nginxText);
        QCOMPARE(game.world.modes(), whole.world.modes());
      }
    }
    QVERIFY(tried > 6);
  }

  void twiceInterrupted() {
    for (int first = 5; first < 60; first += 3) {
      Game game(fullSpec(memory));
      auto saved = cutOff(game, first, true);
      QVERIFY(saved);
      game.runner = again(*saved);
      if (const auto second = cutOff(game, 7, true)) saved = second;
      RollbackOutcome outcome;
      goOn(game, *saved, outcome);
      QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
      QCOMPARE(onlyEffects(game.world.effects).join(u','),
               QStringLiteral("written,a to memory,b to memory,c to memory"));
    }
  }

  void aTornFileIsWrittenWhole() {
    Game game(fullSpec(memory));
    std::optional<QJsonObject> saved;
    game.on[QStringLiteral("write")] = [&] { saved = game.runner.saved(); };
    (void)game.play();
    const QByteArray whole = game.world.file;
    Game torn(fullSpec(memory));
    torn.world.file = whole.first(40);
    torn.world.copied = true;
    RollbackOutcome outcome;
    goOn(torn, *saved, outcome);
    QCOMPARE(outcome.result, Result::Done);
    QCOMPARE(torn.world.file, whole);
  }

  void itsLockIsTakenByAnother() {
    Game game(fullSpec(memory));
    std::optional<QJsonObject> saved;
    game.on[QStringLiteral("issue b")] = [&] { saved = game.runner.saved(); };
    (void)cutOff(game, 30, false);
    QVERIFY(saved);
    game.world.nodes[2].mode.operationId = QStringLiteral("op-9");
    game.world.nodes[2].mode.owner = QStringLiteral("eve");
    const QString effects = game.effects();
    RollbackOutcome outcome;
    goOn(game, *saved, outcome);
    QCOMPARE(outcome.result, Result::Refused);
    QVERIFY(!outcome.restored && outcome.heldBy && outcome.reason.contains(QStringLiteral("eve")));
    QCOMPARE(game.effects(), effects);
    QVERIFY(!game.runner.saved().value(u"ended").toBool());  // and it can still be gone on with
    game.world.nodes[2].mode.operationId.clear();
    goOn(game, game.runner.saved(), outcome);
    QCOMPARE(outcome.result, Result::Done);
  }

  void otherSlots() {
    Game game(fullSpec(memory));
    std::optional<QJsonObject> saved;
    game.on[QStringLiteral("issue a")] = [&] { saved = game.runner.saved(); };
    (void)cutOff(game, 25, false);
    const auto moved = [](const QString& id, const QUrl&) {
      return id == QStringLiteral("c") ? -1 : id == QStringLiteral("a") ? 5 : 2;
    };
    const auto runner = RollbackRunner::from(*saved, moved, true);
    QVERIFY(runner && runner->spec().attended);
    QCOMPARE(runner->steps()[runner->plan().stepOf(Kind::Switch, 5)].instance, QStringLiteral("a"));
    QCOMPARE(runner->steps()[runner->plan().stepOf(Kind::Gate, 2)].instance, QStringLiteral("b"));
    QVERIFY(runner->plan().members[2].slot > 1000);  // nobody's
  }

  void whatCouldNotBePutBackIsTriedOnceMore() {
    Game game(fullSpec(memory));
    game.fail(QStringLiteral("check c"), Failed{refused(403, "invalid_token")}, 1);
    game.fail(QStringLiteral("post b hybrid"), Failed{silent()});
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY(!outcome.restored);
    QCOMPARE(game.modesNow(), QStringLiteral("hybrid memory hybrid"));
    game.failures.clear();
    RollbackOutcome second;
    goOn(game, game.runner.saved(), second);
    QCOMPARE(second.result, Result::Aborted);
    QVERIFY2(second.restored, qPrintable(second.reason));
    QCOMPARE(game.modesNow(), allHybrid);
    QCOMPARE(game.world.effects.count(QStringLiteral("a to hybrid")), 1);
    QCOMPARE(game.world.effects.count(QStringLiteral("put back")), 1);
  }

  /// It isn't known whether the command ran: it isn't run again unasked.
  void aChangeByCommand_data() {
    QTest::addColumn<bool>("attended");
    QTest::addColumn<bool>("again");
    QTest::newRow("nobody there") << false << false;
    QTest::newRow("skipped") << true << false;
    QTest::newRow("once more") << true << true;
  }
  void aChangeByCommand() {
    QFETCH(bool, attended);
    QFETCH(bool, again);
    auto ground = groundOf(threeInstances());
    ground.instances[1].internalCalls = false;
    Game game(fullSpec(memory), ground);
    std::optional<QJsonObject> saved;
    Game resumed(fullSpec(memory), ground);
    game.on[QStringLiteral("run restart b")] = [&] {
      saved = game.runner.saved();
      resumed.world = game.world;
      game.runner.abort();
    };
    (void)game.play();
    resumed.runner = testingAgain(*saved, attended);
    resumed.on[QStringLiteral("wait 20000")] = [&] {
      if (again)
        resumed.runner.retry();
      else
        resumed.runner.skip(QStringLiteral("it ran"));
    };
    const RollbackOutcome outcome = resumed.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(resumed.world.effects.count(QStringLiteral("restart b")), again ? 1 : 0);
    QCOMPARE(resumed.done.contains(QStringLiteral("issue b")), !attended || again);
  }
  static RollbackRunner testingAgain(const QJsonObject& saved, bool attended) { return ::again(saved, attended); }

  void notItsOwn_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("version") << QStringLiteral("version") << QJsonValue(2);
    QTest::newRow("operation") << QStringLiteral("operation") << QJsonValue(QString());
    QTest::newRow("members") << QStringLiteral("members") << QJsonValue(QJsonArray());
    QTest::newRow("at") << QStringLiteral("at") << QJsonValue(99);
    QTest::newRow("planned") << QStringLiteral("planned") << QJsonValue(0);
    QTest::newRow("a step") << QStringLiteral("steps") << QJsonValue(QJsonArray{QJsonObject()});
  }
  void notItsOwn() {
    QFETCH(QString, name);
    QFETCH(QJsonValue, value);
    QJsonObject saved = Game(fullSpec(memory)).runner.saved();
    QVERIFY(RollbackRunner::from(saved, sameSlot, false));
    saved.insert(name, value);
    QVERIFY(!RollbackRunner::from(saved, sameSlot, false));
    QVERIFY(!RollbackRunner::from({}, sameSlot, false));
  }

  void everyFieldSurvives() {
    Game game(fullSpec(single));
    RollbackSpec spec = fullSpec(single);
    spec.keep = QStringLiteral("a");
    Game other(spec);
    for (int number = 0;; ++number) {
      Game each(spec);
      const auto saved = cutOff(each, number, true);
      if (!saved) break;
      QCOMPARE(QJsonDocument(again(*saved).saved()).toJson(), QJsonDocument(*saved).toJson());
    }
  }
};

QTEST_GUILESS_MAIN(RollbackAgainTest)
#include "rollback_again_test.moc"
