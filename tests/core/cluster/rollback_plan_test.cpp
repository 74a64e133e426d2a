// What each target's plan is, what is refused before anything is changed, and what is warned of.
#include <QTest>

#include "core/cluster/rollback_game.h"

using namespace vx11::cluster;
using namespace vx11::cluster::testing;

namespace {

QString kindsOf(const RollbackPlan& plan) {
  QStringList all;
  for (const RollbackStep& step : plan.steps) all << wordOf(step.kind) + step.instance;
  return all.join(u' ');
}
const RollbackStep& stepIn(const RollbackPlan& plan, Kind kind, int slot = -1) {
  return plan.steps[plan.stepOf(kind, slot)];
}
void change(RollbackGround& ground, int slot, InstanceState state, const char* reason = "") {
  ground.instances[slot].state = state;
  ground.instances[slot].reason = QString::fromLatin1(reason);
}

}  // namespace

using Change = std::function<void(RollbackGround&, RollbackSpec&)>;
Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(RollbackSpec)

class RollbackPlanTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void steps_data() {
    QTest::addColumn<RollbackSpec>("spec");
    QTest::addColumn<QString>("steps");
    const auto row = [](const char* name, const RollbackSpec& spec, const char* steps) {
      QTest::newRow(name) << spec << QString::fromLatin1(steps);
    };
    const char* plainly = "look lock switcha gatea switchb gateb switchc gatec matrix drain release";
    row("memory, quick", specTo(memory), plainly);
    row("hybrid, quick", specTo(hybrid), plainly);
    RollbackSpec spec = fullSpec(memory);
    row("memory", spec,
        "look lock route reload sticky switcha gatea switchb gateb switchc gatec matrix drain watch release");
    for (const char* up : {"hybrid", "redis", "signed"}) {
      row(up, fullSpec(QString::fromLatin1(up)),
          "look lock switcha gatea switchb gateb switchc gatec matrix drain route reload sticky watch release");
    }
    spec = fullSpec(memory);
    spec.skip = QStringList{QStringLiteral("b")};
    row("without b", spec, "look lock route reload sticky switcha gatea switchc gatec matrix drain watch release");
    spec = fullSpec(single);
    spec.keep = QStringLiteral("a");
    row("single", spec, "look lock route reload sticky switcha gatea drain stopb stopc watch release");
    spec = restartSpec();
    row("restart", spec,
        "look lock route reload stopa starta gatea matrix route reload route reload stopb startb gateb matrix route "
        "reload route reload stopc startc gatec matrix route reload release");
    spec.nginxFile.clear();
    row("restart without a file", spec,
        "look lock stopa starta gatea matrix stickya stopb startb gateb matrix stickyb stopc startc gatec matrix "
        "stickyc release");
    spec = fullSpec(memory);
    spec.reloadCommand.clear();
    row("nobody reloads", spec, "look lock route switcha gatea switchb gateb switchc gatec matrix drain watch release");
    spec.attended = true;
    row("by hand", spec,
        "look lock route reload sticky switcha gatea switchb gateb switchc gatec matrix drain watch release");
  }
  void steps() {
    QFETCH(RollbackSpec, spec);
    QFETCH(QString, steps);
    const RollbackPlan plan = planRollback(groundOf(threeInstances()), spec);
    QCOMPARE(plan.refusal, QString());
    QCOMPARE(kindsOf(plan), steps);
    QVERIFY(!plan.summary.isEmpty());
  }

  void whatTheStepsSay() {
    RollbackPlan plan = planRollback(groundOf(threeInstances()), fullSpec(memory));
    QCOMPARE(stepIn(plan, Kind::Switch, 1).from, hybrid);
    QCOMPARE(stepIn(plan, Kind::Switch, 1).to, memory);
    QCOMPARE(stepIn(plan, Kind::Reload).command, QStringList{QStringLiteral("reload")});
    QVERIFY(stepIn(plan, Kind::Route).sticky && stepIn(plan, Kind::Sticky).sticky);
    QCOMPARE(stepIn(plan, Kind::Route).servers.join(u' '), QStringLiteral("127.0.0.1:8001 localhost:8002 [::1]:8003"));
    plan = planRollback(groundOf(threeInstances(memory)), fullSpec(hybrid));
    QVERIFY(!stepIn(plan, Kind::Route).sticky && !stepIn(plan, Kind::Sticky).sticky);

    RollbackSpec spec = fullSpec(memory);
    spec.skip = QStringList{QStringLiteral("http://127.0.0.1:8002")};
    plan = planRollback(groundOf(threeInstances()), spec);
    QCOMPARE(stepIn(plan, Kind::Route).servers.join(u' '), QStringLiteral("127.0.0.1:8001 [::1]:8003"));
    QCOMPARE(plan.outsiders, QStringList{QStringLiteral("b")});
    QVERIFY(plan.warnings.contains(QStringLiteral("b is left out, and taken out of the upstream.")));

    spec = fullSpec(single);
    spec.keep = QStringLiteral("b");
    plan = planRollback(groundOf(threeInstances()), spec);
    QCOMPARE(stepIn(plan, Kind::Route).servers, QStringList{QStringLiteral("localhost:8002")});
    QCOMPARE(stepIn(plan, Kind::Switch, 1).to, memory);

    plan = planRollback(groundOf(threeInstances()), restartSpec());
    QCOMPARE(plan.steps[2].servers.join(u' '), QStringLiteral("localhost:8002 [::1]:8003"));
    QCOMPARE(plan.steps[8].servers.size(), 3);
    QCOMPARE(stepIn(plan, Kind::Start, 2).command.join(u' '), QStringLiteral("restart c"));
  }

  void theWayUpPutsInWhatIsMissing() {
    RollbackGround ground = groundOf(threeInstances(memory));
    ground.nginx.replace("  server [::1]:8003;\n", "");
    ground.addressMap.insert(QStringLiteral("http://backend-c:9000"), QUrl(QStringLiteral("http://127.0.0.1:8003")));
    RollbackPlan plan = planRollback(ground, fullSpec(hybrid));
    QCOMPARE(stepIn(plan, Kind::Route).servers.last(), QStringLiteral("backend-c:9000"));
    QVERIFY(plan.warnings.contains(QStringLiteral("c isn't in the upstream yet: it is put there as backend-c:9000.")));
    plan = planRollback(ground, fullSpec(memory));
    QCOMPARE(stepIn(plan, Kind::Route).servers.size(), 2);
    QVERIFY(plan.warnings.contains(QStringLiteral("c isn't in the upstream, and isn't put there.")));
    ground.nginx.replace("127.0.0.1:8001", "backend-c:9000");
    QCOMPARE(planRollback(ground, restartSpec()).member(2)->servers, QStringList{QStringLiteral("backend-c:9000")});
  }

  void aServerOfNobodyKeepsItsPlace() {
    RollbackGround ground = groundOf(threeInstances());
    ground.nginx.replace("  server [::1]:8003;\n", "  server [::1]:8003;\n  server 10.0.0.9 weight=2;\n");
    RollbackSpec spec = fullSpec(memory);
    RollbackPlan plan = planRollback(ground, spec);
    QCOMPARE(stepIn(plan, Kind::Route).servers.last(), QStringLiteral("10.0.0.9"));
    QVERIFY(plan.warnings.join(u' ').contains(QStringLiteral("10.0.0.9 in the upstream is no instance")));
    spec.skip = QStringList{QStringLiteral("http://10.0.0.9")};  // dead, and forgotten by the registry
    plan = planRollback(ground, spec);
    QCOMPARE(plan.refusal, QString());
    QCOMPARE(stepIn(plan, Kind::Route).servers.size(), 3);
    spec = fullSpec(single);
    spec.keep = QStringLiteral("a");
    QCOMPARE(stepIn(planRollback(ground, spec), Kind::Route).servers, QStringList{QStringLiteral("127.0.0.1:8001")});
  }

  /// Names that only the balancer's machine understands.
  void serversByOtherNames() {
    RollbackGround ground = groundOf(threeInstances(memory));
    ground.nginx.replace("127.0.0.1:8001", "backend-a:80").replace("[::1]:8003", "backend-c:80");
    RollbackSpec spec = fullSpec(hybrid);
    spec.skip = QStringList{QStringLiteral("a")};
    RollbackPlan plan = planRollback(ground, spec);
    QCOMPARE(stepIn(plan, Kind::Route).servers.join(u' '), QStringLiteral("backend-a:80 localhost:8002 backend-c:80"));
    QVERIFY(plan.warnings.contains(QStringLiteral("a is left out; whether it is in the upstream can't be told.")));
    QVERIFY(plan.warnings.contains(QStringLiteral("c isn't in the upstream, and isn't put there.")));
    spec = fullSpec(single);
    spec.keep = QStringLiteral("a");
    plan = planRollback(ground, spec);
    QVERIFY2(plan.refusal.startsWith(QStringLiteral("Which server of nginx.conf a is can't be told: backend-a:80 and "
                                                    "backend-c:80 belong to no instance")),
             qPrintable(plan.refusal));
    ground.addressMap.insert(QStringLiteral("http://backend-a:80"), ground.instances[0].url);
    QCOMPARE(stepIn(planRollback(ground, spec), Kind::Route).servers, QStringList{QStringLiteral("backend-a:80")});
  }

  void withoutABalancerItIsNotTried() {
    RollbackGround ground = groundOf(threeInstances());
    ground.hasBalancer = false;
    const RollbackPlan plan = planRollback(ground, fullSpec(memory));
    QCOMPARE(stepIn(plan, Kind::Sticky).state, State::Skipped);
    QVERIFY(!stepIn(plan, Kind::Sticky).detail.isEmpty());
    QVERIFY(plan.warnings.join(u' ').contains(QStringLiteral("No balancer is known")));
  }

  void refuses_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* sentence, const Change& change) {
      QTest::newRow(name) << change << QString::fromUtf8(sentence);
    };
    using G = RollbackGround&;
    using S = RollbackSpec&;
    const auto inState = [](InstanceState state) { return [state](G g, S) { change(g, 1, state); }; };
    row("possible", "", [](G, S) {});
    row("unreachable", "b doesn't answer, so nothing is begun. Skip b to go on without it.",
        inState(InstanceState::Unreachable));
    row("stopped", "b is stopped, so nothing is begun. Skip b to go on without it.", inState(InstanceState::Stopped));
    row("paused", "b is paused, so nothing is begun. Skip b to go on without it.", inState(InstanceState::Paused));
    row("draining", "b is about to end, so nothing is begun. Skip b to go on without it.",
        inState(InstanceState::Draining));
    row("starting", "b is still starting, so nothing is begun. Skip b to go on without it.",
        inState(InstanceState::Starting));
    row("two of them", "b doesn't answer and c is stopped, so nothing is begun. Skip b and c to go on without it.",
        [](G g, S) {
          change(g, 1, InstanceState::Unreachable);
          change(g, 2, InstanceState::Stopped);
        });
    row("skipped", "", [](G g, S s) {
      change(g, 1, InstanceState::Unreachable);
      s.skip = QStringList{QStringLiteral("b")};
    });
    row("nobody", "No instance answers, so nothing can be changed from here.", [](G g, S) {
      for (int slot = 0; slot < 3; ++slot) change(g, slot, InstanceState::Unreachable);
    });
    row("nobody but the skipped", "No instance answers, so nothing can be changed from here.", [](G g, S s) {
      change(g, 1, InstanceState::Unreachable);
      change(g, 2, InstanceState::Unreachable);
      s.skip = QStringList{QStringLiteral("a")};
    });
    row("all skipped", "Every instance is skipped: nothing is left to change.", [](G, S s) {
      s.skip = QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("127.0.0.1:8003")};
    });
    row("unknown skip", "There is no instance x that could be skipped.",
        [](G, S s) { s.skip = QStringList{QStringLiteral("x")}; });
    row("none", "There is no instance to change.", [](G g, S) { g.instances.clear(); });
    row("unknown yet", "", inState(InstanceState::Unknown));
    row("no mode", "mem is no mode.", [](G, S s) { s.to = QStringLiteral("mem"); });
    row("nobody kept", "Say which instance stays: a, b and c.", [](G, S s) { s.to = single; });
    row("kept unknown", "There is no instance x that could stay.", [](G, S s) {
      s.to = single;
      s.keep = QStringLiteral("x");
    });
    row("kept and skipped", "a can't both stay and be skipped.", [](G, S s) {
      s.to = single;
      s.keep = QStringLiteral("a");
      s.skip = QStringList{QStringLiteral("a")};
    });
    row("single with another dead", "c doesn't answer, so nothing is begun. Skip c to go on without it.", [](G g, S s) {
      s.to = single;
      s.keep = QStringLiteral("a");
      change(g, 2, InstanceState::Unreachable);
    });
    const auto to = [](const char* mode, const std::function<void(G)>& change) {
      return [=](G g, S s) {
        s.to = QString::fromLatin1(mode);
        change(g);
      };
    };
    const auto noRedis = [](G g) { g.instances[1].redisConfigured = false; };
    row("no Redis", "b has no Redis configured, which mode hybrid needs.", to("hybrid", noRedis));
    row("no Redis for redis", "b has no Redis configured, which mode redis needs.", to("redis", noRedis));
    row("no Redis, none needed", "", to("memory", noRedis));
    const auto down = [](G g) { change(g, 1, InstanceState::Degraded, "redis_down"); };
    row("Redis down", "b doesn't reach its Redis, which mode redis needs.", to("redis", down));
    row("Redis down, and left", "", to("memory", down));
    const auto dead = [](G g) { g.redisUp = false; };
    row("Redis dead", "Redis doesn't answer, which mode hybrid needs.", to("hybrid", dead));
    row("Redis dead, and left", "", to("memory", dead));
    row("Redis dead, to one alone", "", [](G g, S s) {
      g.redisUp = false;
      s.to = single;
      s.keep = QStringLiteral("a");
    });
    const auto foreign = [](G g) { g.instances[1].internalCalls = false; };
    row("foreign",
        "b is a backend of others: there is no call to change its mode. Give the command that restarts it, "
        "or do this where you can be asked to change it by hand.",
        to("memory", foreign));
    row("foreign, asked", "", [=](G g, S s) {
      foreign(g);
      s.attended = true;
    });
    row("foreign, dry", "", [=](G g, S s) {
      foreign(g);
      s.dryRun = true;
    });
    row("foreign, command", "", [=](G g, S s) {
      foreign(g);
      s.restartCommand = QStringList{QStringLiteral("x")};
    });
    row("restart without hands",
        "Give the command that restarts an instance, or do this where you can be asked to "
        "restart it.",
        [](G, S s) { s.plan = RollbackSpec::Plan::Restart; });
    row("file unreadable", "It can't be read.", [](G g, S s) {
      s.nginxFile = QStringLiteral("f");
      g.nginxProblem = QStringLiteral("It can't be read.");
    });
    row("no server left", "No server would be left in the upstream of f.", [](G g, S s) {
      s.nginxFile = QStringLiteral("f");
      g.nginx.replace("server localhost:8002 max_fails=2;", "").replace("server [::1]:8003;", "");
      s.skip = QStringList{QStringLiteral("a")};
    });
  }
  void refuses() {
    QFETCH(Change, change);
    RollbackGround ground = groundOf(threeInstances());
    RollbackSpec spec = specTo(memory);
    change(ground, spec);
    const RollbackPlan plan = planRollback(ground, spec);
    QTEST(plan.refusal, "sentence");
    QVERIFY(!plan.steps.isEmpty());
    if (plan.refusal.isEmpty()) return;
    RollbackRunner runner(plan, spec, {});
    const Action action = runner.begin(0);
    QCOMPARE(std::get<Finish>(action).outcome.result, Result::Refused);
    QCOMPARE(std::get<Finish>(action).outcome.reason, plan.refusal);
  }
  void aFileWithoutMarksSaysHow() {
    RollbackGround ground = groundOf(threeInstances());
    ground.nginx = "http {\n}\n";
    const RollbackPlan plan = planRollback(ground, fullSpec(memory));
    QVERIFY2(plan.refusal.contains(NginxFile::howToMark()), qPrintable(plan.refusal));
  }

  void warns_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const char* words, const Change& change) {
      QTest::newRow(name) << change << QString::fromUtf8(words);
    };
    using G = RollbackGround&;
    using S = RollbackSpec&;
    row("Redis dead", "can't be told there until it expires; none is refused", [](G g, S) { g.redisUp = false; });
    row("Redis down", "can't be told there until it expires; none is refused",
        [](G g, S) { change(g, 0, InstanceState::Degraded, "redis_down"); });
    row("no file", "No nginx file is given", [](G, S s) { s.nginxFile.clear(); });
    row("no file up", "where it is sticky, it stays so", [](G, S s) {
      s.nginxFile.clear();
      s.to = hybrid;
    });
    row("no reload", "nginx reads it only when it is reloaded", [](G, S s) { s.reloadCommand.clear(); });
    row("no locations", "no marks for the two locations",
        [](G g, S) { g.nginx.replace("server {\n  # vx11 begin\n  # vx11 end\n}\n", ""); });
    row("degraded", "b is degraded (feed stale).", [](G g, S) { change(g, 1, InstanceState::Degraded, "feed_stale"); });
    row("by command", "b can't switch its mode: it is changed by the restart command.",
        [](G g, S) { g.instances[1].internalCalls = false; });
    row("by hand", "b can't switch its mode: you are asked to change it by hand.", [](G g, S s) {
      g.instances[1].internalCalls = false;
      s.restartCommand.clear();
      s.attended = true;
    });
    row("alone from memory", "Tokens that b and c issued in memory mode are known nowhere else.", [](G g, S s) {
      g.instances = threeInstances(memory);
      s.to = single;
      s.keep = QStringLiteral("a");
    });
    row("restart without a file", "each is waited for until it is sent to again", [](G, S s) {
      s.plan = RollbackSpec::Plan::Restart;
      s.nginxFile.clear();
    });
    row("restart unseen", "No balancer is known to see when it is back", [](G g, S s) {
      s.plan = RollbackSpec::Plan::Restart;
      s.nginxFile.clear();
      g.hasBalancer = false;
    });
    row("restart in memory", "Tokens that a, b and c issued in memory mode end with the process.", [](G g, S s) {
      g.instances = threeInstances(memory);
      s.plan = RollbackSpec::Plan::Restart;
    });
    row("foreign other", "c can't be stopped from here: stop it yourself.", [](G g, S s) {
      g.instances[2].internalCalls = false;
      s.to = single;
      s.keep = QStringLiteral("a");
    });
  }
  void warns() {
    QFETCH(Change, change);
    QFETCH(QString, words);
    RollbackGround ground = groundOf(threeInstances());
    RollbackSpec spec = fullSpec(memory);
    QVERIFY(planRollback(ground, spec).warnings.isEmpty());
    change(ground, spec);
    const RollbackPlan plan = planRollback(ground, spec);
    QCOMPARE(plan.refusal, QString());
    QVERIFY2(plan.warnings.join(u'\n').contains(words), qPrintable(plan.warnings.join(u'\n')));
  }

  void holds_data() {
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("lapsed");
    QTest::addColumn<bool>("breakLock");
    QTest::addColumn<QString>("words");
    QTest::newRow("live") << "op-9" << false << false << ", last sign 12 s ago.";
    QTest::newRow("live, to be broken") << "op-9" << false << true << "its place can be taken in 48 s";
    QTest::newRow("lapsed") << "op-9" << true << false << "which gave no sign for 12 s: --break-lock takes its place";
    QTest::newRow("lapsed and broken") << "op-9" << true << true << "";
    QTest::newRow("our own") << "op-1" << false << false << "";
    QTest::newRow("nobody's") << "" << false << false << "";
  }
  void holds() {
    QFETCH(QString, id);
    QFETCH(bool, lapsed);
    QFETCH(bool, breakLock);
    QFETCH(QString, words);
    RollbackSpec spec = specTo(memory);
    spec.breakLock = breakLock;
    Game game(spec);
    wire::ModeState& mode = game.world.nodes[2].mode;
    mode.operationId = id;
    mode.owner = QStringLiteral("me");  // its name is no proof that it has ended: two terminals have the same
    mode.since = 1'700'000'000;
    mode.lastSign = 1'700'000'100;
    mode.silentMs = 12'000;
    mode.lapsed = lapsed;
    const RollbackOutcome outcome = game.play();
    if (words.isEmpty()) {
      QCOMPARE(outcome.result, Result::Done);
      return;
    }
    QCOMPARE(outcome.result, Result::Refused);
    const QString since = QDateTime::fromSecsSinceEpoch(mode.since).toString(QStringLiteral("HH:mm:ss"));
    QVERIFY2(outcome.reason.startsWith(QStringLiteral("The mode of c is held by an operation of me since ") + since),
             qPrintable(outcome.reason));
    QVERIFY2(outcome.reason.contains(words), qPrintable(outcome.reason));
    QCOMPARE(game.effects(), QString());
    QCOMPARE(game.done.filter(QStringLiteral("sign")).size(), 0);
    QVERIFY(outcome.heldBy);
    QCOMPARE(outcome.heldBy->lastSign, QDateTime::fromSecsSinceEpoch(mode.lastSign));
    QCOMPARE(outcome.heldBy->lapsed, lapsed);
    QCOMPARE(game.stepsNow().left(12), QStringLiteral("look- locks "));
  }

  void theNextOneWaitsUntilTheBalancerSendsToThisOne() {
    RollbackSpec spec = restartSpec();
    spec.nginxFile.clear();
    Game game(spec);
    Probed others;
    others.answers = {{QStringLiteral("b"), 8}, {QStringLiteral("c"), 7}};
    game.fail(QStringLiteral("probe"), others, 20);
    QCOMPARE(game.play().result, RollbackOutcome::Result::Done);
    const QStringList upToB = game.done.first(game.done.indexOf(QStringLiteral("run restart b")));
    QCOMPARE(upToB.count(QStringLiteral("probe")), 21);
    QCOMPARE(game.step(Kind::Sticky, 0).detail, QStringLiteral("It answers through the balancer again"));
  }

  void oneThatTheBalancerNeverSendsUsToIsGivenItsTime() {
    RollbackSpec spec = restartSpec();
    spec.nginxFile.clear();
    Game game(spec);
    Failed broken;
    broken.sentence = QStringLiteral("502 through the balancer.");
    game.fail(QStringLiteral("probe"), broken);
    const qint64 begun = game.now;
    QCOMPARE(game.play().result, RollbackOutcome::Result::Done);
    QVERIFY2(game.now - begun >= 3 * 14'000, QByteArray::number(game.now - begun).constData());
    QVERIFY(game.step(Kind::Sticky, 2).detail.startsWith(QStringLiteral("Not seen through the balancer")));
  }

  void comesBackInAnotherMode() {
    Game game(restartSpec());
    game.world.nodes[1].mode.mode = memory;
    (void)game.play();
    QVERIFY(game.runner.warnings().contains(
        QStringLiteral("b is in mode memory and comes back in hybrid, which it is configured to.")));
  }
};

QTEST_GUILESS_MAIN(RollbackPlanTest)
#include "rollback_plan_test.moc"
