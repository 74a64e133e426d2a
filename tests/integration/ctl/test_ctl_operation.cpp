#include <QJsonArray>
#include <QtTest>

#include "ctl/commands/rollback_json.h"

using namespace vx11;
using namespace vx11::ctl;
using cluster::RollbackOutcome;
using cluster::RollbackStep;
using Kind = RollbackStep::Kind;
using State = RollbackStep::State;

namespace {

RollbackStep step(Kind kind, State state, const QString& instance = {}) {
  RollbackStep made;
  made.kind = kind;
  made.state = state;
  made.slot = instance.isEmpty() ? -1 : 0;
  made.instance = instance;
  made.from = QStringLiteral("hybrid");
  made.to = QStringLiteral("memory");
  return made;
}

}  // namespace

class TestCtlOperation : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aStepInJson() {
    const QJsonObject switched = toJson(step(Kind::Switch, State::Done, QStringLiteral("a")));
    QCOMPARE(switched.value(QStringLiteral("step")).toString(), QStringLiteral("switch"));
    QCOMPARE(switched.value(QStringLiteral("instance")).toString(), QStringLiteral("a"));
    QCOMPARE(switched.value(QStringLiteral("state")).toString(), QStringLiteral("done"));
    QCOMPARE(switched.value(QStringLiteral("from")).toString(), QStringLiteral("hybrid"));
    const QJsonObject matrix = toJson(step(Kind::Matrix, State::Running));
    QVERIFY(matrix.value(QStringLiteral("instance")).isNull());
    QVERIFY(!matrix.contains(QStringLiteral("from")));
    RollbackStep route = step(Kind::Route, State::Done);
    route.servers = QStringList{QStringLiteral("127.0.0.1:8011")};
    route.sticky = true;
    QCOMPARE(toJson(route).value(QStringLiteral("servers")).toArray().size(), 1);
    QVERIFY(toJson(route).value(QStringLiteral("sticky")).toBool());
  }

  void aPlannedStep_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("word");
    QTest::newRow("not begun") << static_cast<int>(State::Waiting) << "planned";
    QTest::newRow("left out by a dry run") << static_cast<int>(State::Skipped) << "planned";
    QTest::newRow("done by a dry run") << static_cast<int>(State::Done) << "done";
    QTest::newRow("failed in a dry run") << static_cast<int>(State::Failed) << "failed";
  }
  void aPlannedStep() {
    QFETCH(int, state);
    QFETCH(QString, word);
    const QJsonObject object = planned(step(Kind::Gate, static_cast<State>(state), QStringLiteral("a")));
    QCOMPARE(object.value(QStringLiteral("state")).toString(), word);
    QVERIFY(!object.value(QStringLiteral("effect")).toString().isEmpty());
  }

  void theEndInJson() {
    RollbackOutcome outcome;
    outcome.result = RollbackOutcome::Result::Aborted;
    outcome.reason = QStringLiteral("why");
    const QJsonObject object = toJson(outcome, {QStringLiteral("mind this")});
    QCOMPARE(object.value(QStringLiteral("result")).toString(), QStringLiteral("aborted"));
    QCOMPARE(object.value(QStringLiteral("reason")).toString(), QStringLiteral("why"));
    QCOMPARE(object.value(QStringLiteral("warnings")).toArray().first().toString(), QStringLiteral("mind this"));
  }

  void whatIsSaidOfAStep() {
    RollbackStep one = step(Kind::Switch, State::Done, QStringLiteral("a"));
    QCOMPARE(sentence(one), QStringLiteral("done     Switch a to memory"));
    one.detail = QStringLiteral("Was in mode memory already");
    QVERIFY(sentence(one).endsWith(QStringLiteral("Switch a to memory: Was in mode memory already")));
    RollbackStep asked = step(Kind::Reload, State::Asking);
    QVERIFY(sentence(asked).startsWith(QStringLiteral("asking")));
    asked.failed = true;
    QVERIFY(sentence(asked).startsWith(QStringLiteral("failed")));
  }

  void whatIsLeftOfAStep() {
    RollbackStep drain = step(Kind::Drain, State::Running);
    QVERIFY(!running(drain).contains(u','));
    drain.remainingMs = 42'000;
    QVERIFY(running(drain).endsWith(QStringLiteral(", 42 s left")));
  }

  void whatWasAchieved() {
    QList<RollbackStep> steps{step(Kind::Gate, State::Done, QStringLiteral("a")),
                              step(Kind::Gate, State::Skipped, QStringLiteral("b")),
                              step(Kind::Gate, State::Done, QStringLiteral("c"))};
    cluster::RollbackSpec spec;
    QCOMPARE(achieved(spec, steps), QStringLiteral("every instance is in mode memory: a, c"));
    spec.to = QStringLiteral("single");
    QCOMPARE(achieved(spec, {steps.first()}), QStringLiteral("a is left, in mode memory"));
    spec.plan = cluster::RollbackSpec::Plan::Restart;
    QVERIFY(achieved(spec, steps).contains(QStringLiteral("restarted: a, c")));
  }

  void howItIsResumed() {
    cluster::UnfinishedRollback left;
    left.id = QStringLiteral("7d9f2f6e-1c9b-4c7a");
    QCOMPARE(resumeLine(left), QStringLiteral("rollback --resume 7d9f2f6e"));
    left.spec.plan = cluster::RollbackSpec::Plan::Restart;
    QCOMPARE(resumeLine(left), QStringLiteral("restart --resume 7d9f2f6e"));
  }

  void onlyYesIsYes_data() {
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("yes");
    QTest::newRow("y") << "y" << true;
    QTest::newRow("YES") << "YES" << true;
    QTest::newRow("nothing") << "" << false;
    QTest::newRow("n") << "n" << false;
    QTest::newRow("yesterday") << "yesterday" << false;
  }
  void onlyYesIsYes() {
    QFETCH(QString, answer);
    QFETCH(bool, yes);
    QCOMPARE(isYes(answer), yes);
  }
};

QTEST_GUILESS_MAIN(TestCtlOperation)
#include "test_ctl_operation.moc"
