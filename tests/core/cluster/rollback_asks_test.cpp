// What an operation asks the operator: after a failure of every kind of step, and where something is done by hand.
// And the watch that looks for refusals.
#include <QTest>

#include "cluster/rollback_judgement.h"
#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

namespace {

RollbackSpec attended(RollbackSpec spec) {
  spec.attended = true;
  return spec;
}
const QString asks = QStringLiteral("wait 20000");

}  // namespace

Q_DECLARE_METATYPE(Event)
Q_DECLARE_METATYPE(Kind)

class RollbackAsksTest : public QObject {
  Q_OBJECT
  static void row(const char* action, const Event& event, Kind kind, int slot, bool restart = false) {
    QTest::newRow(action) << QString::fromLatin1(action) << event << kind << slot << restart;
  }

 private Q_SLOTS:
  void everyKindOfFailure_data() {
    QTest::addColumn<QString>("action");
    QTest::addColumn<Event>("event");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<int>("slot");
    QTest::addColumn<bool>("restart");
    const Failed no{refused(403, "forbidden"), {}};
    row("write", Failed{{}, QStringLiteral("No space.")}, Kind::Route, -1);
    row("run reload", Ran{2, {}}, Kind::Reload, -1);
    row("probe sticky", Probed{{}, QStringLiteral("Nobody answers.")}, Kind::Sticky, -1);
    row("post b memory", no, Kind::Switch, 1);
    row("issue b", no, Kind::Gate, 1);
    row("check b", Checked{false, QStringLiteral("refused")}, Kind::Gate, 1);
    row("matrix abc", MatrixTold{matrixOf(false, false)}, Kind::Matrix, -1);
    row("drain b", no, Kind::Stop, 1, true);
    row("run restart b", Ran{3, {QStringLiteral("broken")}}, Kind::Start, 1, true);
  }
  void everyKindOfFailure() {
    QFETCH(QString, action);
    QFETCH(Event, event);
    QFETCH(Kind, kind);
    QFETCH(int, slot);
    QFETCH(bool, restart);
    const RollbackSpec spec = attended(restart ? restartSpec() : fullSpec(memory));
    for (const QString& said : {QStringLiteral("retry"), QStringLiteral("skip"), QStringLiteral("abort")}) {
      Game game(spec);
      game.fail(action, event);
      bool asked = false;
      std::function<void()> more = [&] {  // a balancer that wasn't reloaded isn't sticky either
        game.runner.skip(QStringLiteral("I know better"));
        game.on[asks] = more;
      };
      game.on[asks] = [&] {
        const RollbackStep step = game.step(kind, slot);
        if (kind == Kind::Reload) game.on[asks] = more;
        asked = step.state == State::Asking && step.failed && !step.detail.isEmpty();
        game.failures.clear();
        game.runner.confirm();  // nothing was asked to be done by hand
        QCOMPARE(game.step(kind, slot).state, State::Asking);
        if (said == QStringLiteral("retry")) game.runner.retry();
        if (said == QStringLiteral("skip")) game.runner.skip(QStringLiteral("I know better"));
        if (said == QStringLiteral("abort")) game.runner.abort();
      };
      const RollbackOutcome outcome = game.play();
      QVERIFY2(asked, qPrintable(action + u' ' + said + u'\n' + game.stepsNow()));
      if (said == QStringLiteral("abort")) {
        QVERIFY2(outcome.result == Result::Aborted && outcome.restored, qPrintable(outcome.reason));
        QCOMPARE(game.modesNow(), allHybrid);
        QCOMPARE(game.world.file, nginxText);
        continue;
      }
      QVERIFY2(outcome.result == Result::Done, qPrintable(said + u' ' + outcome.reason + game.done.join(u' ')));
      const RollbackStep& step = game.step(kind, slot);
      QCOMPARE(step.state, said == QStringLiteral("skip") ? State::Skipped : State::Done);
      QVERIFY(said != QStringLiteral("skip") || step.detail.endsWith(QStringLiteral("; skipped: I know better")));
      QVERIFY(!step.failed);
    }
    Game alone(restart ? restartSpec() : fullSpec(memory));
    alone.fail(action, event);
    QCOMPARE(alone.play().result, Result::Aborted);
    QVERIFY(!alone.done.contains(asks));
  }

  void aSkippedInstanceIsLeftOut() {
    Game game(attended(fullSpec(memory)));
    game.on[QStringLiteral("issue a")] = [&] { game.world.nodes[1].alive = false; };
    game.on[asks] = [&] { game.runner.skip(QStringLiteral("it is dead")); };
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(game.step(Kind::Gate, 1).state, State::Skipped);
    QVERIFY(game.done.contains(QStringLiteral("matrix ac")));
    QCOMPARE(game.done.filter(QStringLiteral("issue b")).size(), 0);
  }
  void oneThatDoesNotStartStaysOutOfTheUpstream() {
    Game game(attended(restartSpec()));
    game.fail(QStringLiteral("run restart b"), Ran{1, {}});
    game.on[asks] = [&] { game.runner.skip(QStringLiteral("later")); };
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(NginxFile::read(game.world.read)->servers().join(u' '), QStringLiteral("127.0.0.1:8001 [::1]:8003"));
    QCOMPARE(game.step(Kind::Gate, 1).state, State::Skipped);
    QVERIFY(game.done.contains(QStringLiteral("matrix ac")));
  }
  void oneThatDoesNotStopRunsOn() {
    Game game(attended(restartSpec()));
    game.fail(QStringLiteral("drain b"), Failed{refused(403, "forbidden")});
    game.on[asks] = [&] { game.runner.skip(QStringLiteral("later")); };
    QCOMPARE(game.play().result, Result::Done);
    QCOMPARE(game.world.file, nginxText);
    QVERIFY(game.done.filter(QStringLiteral("run restart b")).isEmpty());
    QCOMPARE(game.done.count(QStringLiteral("matrix abc")), 3);
  }
  void oneThatWillNotEnd() {
    Game game(restartSpec());
    game.on[QStringLiteral("drain b")] = [&] {
      game.on[QStringLiteral("wait 250")] = [&] { game.world.nodes[1].alive = true; };
    };
    const qint64 began = game.now;
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Aborted);
    QVERIFY2(outcome.reason.startsWith(QStringLiteral("b still answers 60 s after it was told to end;")),
             qPrintable(outcome.reason));
    QVERIFY(game.now - began >= 60'000);
  }
  void oneThatComesBackByItself() {
    Game game(restartSpec());
    game.on[QStringLiteral("drain b")] = [&] {
      game.on[QStringLiteral("wait 250")] = [&] {
        game.world.nodes[1].alive = true;
        game.world.nodes[1].bootMs = 500'000;
      };
    };
    game.world.boots = 600'000;
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(game.step(Kind::Stop, 1).detail, QStringLiteral("It ended, and runs again"));
    QCOMPARE(game.world.effects.count(QStringLiteral("restart b")), 1);  // it applies what it is for
  }
  void oneThatIsNotReady() {
    Game game(restartSpec());
    Alive starting{true, false, 500'000};
    game.on[QStringLiteral("run restart b")] = [&] { game.fail(QStringLiteral("alive b"), starting, 40); };
    QCOMPARE(game.play().result, Result::Done);
    Game never(restartSpec());
    never.on[QStringLiteral("run restart b")] = [&] { never.fail(QStringLiteral("alive b"), starting); };
    const RollbackOutcome outcome = never.play();
    QVERIFY(!outcome.restored);
    QVERIFY2(outcome.reason.contains(QStringLiteral("b isn't ready 60 s after its restart; not restored: b")),
             qPrintable(outcome.reason));
    QCOMPARE(never.world.file, nginxText);
  }

  void byHand() {
    RollbackSpec spec = attended(fullSpec(memory));
    spec.reloadCommand.clear();
    spec.restartCommand.clear();
    auto ground = groundOf(threeInstances());
    ground.instances[1].internalCalls = false;
    Game game(spec, ground);
    QStringList asked;
    std::function<void()> answer = [&] {
      for (const RollbackStep& step : game.runner.steps()) {
        if (step.state == State::Asking && !step.failed) asked << wordOf(step.kind) + step.instance;
      }
      game.world.read = game.world.file;
      game.runner.retry();  // it didn't fail
      game.runner.confirm();
      game.on[asks] = answer;
    };
    game.on[asks] = answer;
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
    QCOMPARE(asked.join(u' '), QStringLiteral("reload changeb"));
    QCOMPARE(game.step(Kind::Change, 1).detail, QStringLiteral("By hand"));
    QVERIFY(game.done.filter(QStringLiteral("run")).isEmpty());
  }
  void restartByHand() {
    RollbackSpec spec = attended(restartSpec());
    spec.restartCommand.clear();
    Game game(spec);
    std::function<void()> answer = [&] {
      for (auto& node : game.world.nodes) {
        if (!node.alive) node.bootMs = game.world.boots += 10'000;
        node.alive = true;
      }
      game.runner.confirm();
      game.on[asks] = answer;
    };
    game.on[asks] = answer;
    const RollbackOutcome outcome = game.play();
    QVERIFY2(outcome.result == Result::Done, qPrintable(outcome.reason));
  }
  void aHandIsAskedBackToo() {
    RollbackSpec spec = attended(fullSpec(memory));
    spec.reloadCommand.clear();
    Game game(spec);
    int asked = 0;
    std::function<void()> answer = [&] {
      ++asked;
      game.world.read = game.world.file;
      game.runner.confirm();
      game.on[asks] = answer;
    };
    game.on[asks] = answer;
    game.on[QStringLiteral("issue a")] = [&] { game.runner.abort(); };
    QVERIFY(game.play().restored);
    QCOMPARE(asked, 2);
    QCOMPARE(game.world.read, nginxText);
  }
  void nobodyPutsBackByHand() {
    RollbackSpec spec = fullSpec(single);
    spec.keep = QStringLiteral("a");
    spec.restartCommand.clear();
    Game game(spec);
    game.on[QStringLiteral("drain c")] = [&] { game.runner.abort(); };
    const RollbackOutcome outcome = game.play();
    QVERIFY(!outcome.restored);
    QVERIFY2(outcome.reason.endsWith(QStringLiteral("not restored: c and b.")), qPrintable(outcome.reason));
    QCOMPARE(game.modesNow(), allHybrid);
  }

  void watches_data() {
    QTest::addColumn<qint64>("checks");
    QTest::addColumn<qint64>("refused");
    QTest::addColumn<bool>("fails");
    QTest::newRow("quiet") << qint64{0} << qint64{0} << false;
    QTest::newRow("four") << qint64{10} << qint64{4} << false;
    QTest::newRow("five of many") << qint64{1000} << qint64{5} << false;
    QTest::newRow("five of few") << qint64{100} << qint64{5} << true;
    QTest::newRow("one per cent") << qint64{1000} << qint64{10} << false;
    QTest::newRow("more") << qint64{1000} << qint64{11} << true;
  }
  void watches() {
    QFETCH(qint64, checks);
    QFETCH(qint64, refused);
    QFETCH(bool, fails);
    Game game(fullSpec(memory));
    game.on[QStringLiteral("count")] = [&] {
      game.on[QStringLiteral("count")] = [&] {  // the watch begins
        game.on[QStringLiteral("count")] = [&] {
          game.world.nodes[2].counters.checks += checks;
          game.world.nodes[2].counters.refused += refused;
        };
      };
    };
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, fails ? Result::Aborted : Result::Done);
    QVERIFY(!fails || outcome.reason.startsWith(QStringLiteral("c refuses ")));
  }
  void watchJudges() {
    using Each = QHash<int, Counters>;
    const auto name = [](int slot) { return testing::nameOf(slot); };
    const auto tooMany = [&](const Each& before, const Each& since, const Each& now) {
      return RefusalWatch(before, since, now).tooMany(name);
    };
    // Twice its own level before is borne.
    QVERIFY(tooMany({{0, {1000, 50}}}, {{0, {1000, 50}}}, {{0, {1100, 60}}}).isEmpty());
    QVERIFY(!tooMany({{0, {1000, 50}}}, {{0, {1000, 50}}}, {{0, {1100, 61}}}).isEmpty());
    // Each instance bears it, all together don't.
    QCOMPARE(tooMany({}, {}, {{0, {100, 4}}, {1, {100, 4}}}),
             QStringLiteral("4.0 % of all checks are refused, before it were 0.0 %"));
    // One that was restarted counts from nought.
    QVERIFY(tooMany({}, {{0, {1000, 100}}}, {{0, {100, 0}}}).isEmpty());
    QVERIFY(!tooMany({}, {{0, {1000, 100}}}, {{0, {100, 50}}}).isEmpty());
    QCOMPARE(RefusalWatch({}, {}, {}).text(), QStringLiteral("No instance tells its refusals"));
  }
};

QTEST_GUILESS_MAIN(RollbackAsksTest)
#include "rollback_asks_test.moc"
