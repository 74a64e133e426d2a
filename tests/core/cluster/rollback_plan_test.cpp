// What is refused before anything is changed.
#include <QTest>

#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

class RollbackPlanTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void planRefuses_data() {
    QTest::addColumn<QString>("to");
    QTest::addColumn<InstanceInfo>("second");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* to, const char* sentence, auto change) {
      InstanceInfo info = threeInstances()[1];
      change(info);
      QTest::newRow(name) << QString::fromLatin1(to) << info << QString::fromUtf8(sentence);
    };
    const auto inState = [](InstanceState state) { return [state](InstanceInfo& info) { info.state = state; }; };
    row("possible", "memory", "", [](InstanceInfo&) {});
    row("unreachable", "memory", "b doesn't answer, so nothing is begun.", inState(InstanceState::Unreachable));
    row("stopped", "memory", "b is stopped, so nothing is begun.", inState(InstanceState::Stopped));
    row("paused", "memory", "b is paused, so nothing is begun.", inState(InstanceState::Paused));
    row("draining", "memory", "b is draining: it is about to end.", inState(InstanceState::Draining));
    row("starting", "memory", "b is still starting.", inState(InstanceState::Starting));
    row("unknown yet", "memory", "", inState(InstanceState::Unknown));
    row("foreign", "memory", "b is a backend of others: there is no call to change its mode.",
        [](InstanceInfo& info) { info.internalCalls = false; });
    row("no mode", "single", "single is no mode.", [](InstanceInfo&) {});
    row("no Redis", "hybrid", "b has no Redis configured, which mode hybrid needs.",
        [](InstanceInfo& info) { info.redisConfigured = false; });
    row("no Redis for redis", "redis", "b has no Redis configured, which mode redis needs.",
        [](InstanceInfo& info) { info.redisConfigured = false; });
    row("no Redis, none needed", "memory", "", [](InstanceInfo& info) { info.redisConfigured = false; });
    const auto redisDown = [](InstanceInfo& info) {
      info.state = InstanceState::Degraded;
      info.reason = QStringLiteral("redis_down");
    };
    row("Redis down", "redis", "b doesn't reach its Redis, which mode redis needs.", redisDown);
    row("Redis down, and left", "memory", "", redisDown);
  }
  void planRefuses() {
    QFETCH(QString, to);
    QFETCH(InstanceInfo, second);
    auto instances = threeInstances();
    instances[1] = second;
    const RollbackPlan plan = planRollback(instances, to);
    QTEST(plan.refusal, "sentence");
    QCOMPARE(plan.steps.size(), 9);
    if (plan.refusal.isEmpty()) return;
    RollbackRunner runner(plan, {}, {});
    const Action action = runner.begin(0);
    QCOMPARE(std::get<Finish>(action).outcome.result, Result::Refused);
    QCOMPARE(std::get<Finish>(action).outcome.reason, plan.refusal);
  }
  void nothingToChange() { QVERIFY(!planRollback({}, memory).refusal.isEmpty()); }

  void heldByAnother() {
    Game game(memory);
    game.modes[2].operationId = QStringLiteral("op-9");
    game.modes[2].owner = QStringLiteral("eve@host");
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Refused);
    QVERIFY2(outcome.reason.contains(QStringLiteral("c is held by an operation of eve@host")),
             qPrintable(outcome.reason));
    QCOMPARE(game.done.filter(QStringLiteral("post")).size(), 0);
    QCOMPARE(game.stepsNow().left(14), QStringLiteral("look- switchas"));
  }

  /// Its name is no proof that it has ended: two terminals of one person have the same.
  void evenWhenItsOwnerHasOurName() {
    Game game(memory);
    for (auto& mode : game.modes) {
      mode.operationId = QStringLiteral("op-0");
      mode.owner = QStringLiteral("me");
    }
    const RollbackOutcome outcome = game.play();
    QCOMPARE(outcome.result, Result::Refused);
    QVERIFY2(outcome.reason.contains(QStringLiteral("a is held by an operation of me")), qPrintable(outcome.reason));
    QCOMPARE(game.modesNow(), allHybrid);
  }
};

QTEST_GUILESS_MAIN(RollbackPlanTest)
#include "rollback_plan_test.moc"
