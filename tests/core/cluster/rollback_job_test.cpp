// An operation over a LiveCluster whose instances are scripted: what they are sent, and that nobody changes them
// against the operator's will.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/cluster/rollback_fleet.h"

using namespace vx11::cluster;
using testing::Fleet;
using testing::Node;
using testing::Operation;
using Kind = RollbackStep::Kind;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;

class RollbackJobTest : public QObject {
  Q_OBJECT
  QTemporaryDir state_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<Operation> operation_;

  [[nodiscard]] static RollbackSpec toMode(const QString& to = QStringLiteral("memory")) {
    RollbackSpec spec;
    spec.to = to;
    spec.owner = QStringLiteral("me@here");
    return spec;
  }
  void start(const RollbackSpec& spec = toMode()) {
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(spec));
  }
  [[nodiscard]] RollbackJob& job() const { return *operation_->job; }
  [[nodiscard]] const std::optional<RollbackOutcome>& outcome() const { return operation_->outcome; }

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_STATE_HOME", state_.path().toLocal8Bit()); }
  void init() {
    fleet_ = std::make_unique<Fleet>();
    QVERIFY(fleet_->open());
  }
  void cleanup() {
    fleet_.reset();
    operation_.reset();
  }

  void thereAndBack() {
    start();
    QSignalSpy replanned(&job(), &RollbackJob::stepsChanged), changed(&job(), &RollbackJob::stepChanged);
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Done);
    QCOMPARE(fleet_->modes(), "memory memory memory");
    QCOMPARE(outcome()->matrix.verdict, MatrixVerdict::Diagonal);
    QVERIFY(replanned.size() >= 1);
    QVERIFY(changed.size() >= 9);
    const QString id = fleet_->nodes[0].posts[0].value(u"operation_id").toString();
    QCOMPARE(id.size(), 36);
    for (const Node& node : fleet_->nodes) {
      QCOMPARE(node.posts.size(), 1);
      QVERIFY(node.signs.size() >= 2);
      for (const QJsonObject& call : node.posts + node.signs) {
        QCOMPARE(call.value(u"operation_id").toString(), id);
        QCOMPARE(call.value(u"owner").toString(), QStringLiteral("me@here"));
      }
      QVERIFY(node.signs.last().value(u"release").toBool());
      QVERIFY(node.operation.isEmpty());
    }
    QCOMPARE(fleet_->logged().count(QStringLiteral("rollback_begun")), 1);
    QCOMPARE(fleet_->logged().count(QStringLiteral("rollback_ended")), 1);
    QTRY_VERIFY(!operation_->job);
    start(toMode(QStringLiteral("hybrid")));
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Done);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    QCOMPARE(outcome()->matrix.verdict, MatrixVerdict::Whole);
  }

  void eachInstanceHearsOfItsSteps() {
    start();
    QTRY_VERIFY(outcome());
    for (const Node& node : fleet_->nodes) {
      QStringList heard;
      for (const QJsonObject& sign : node.signs) {
        if (sign.contains(u"step")) heard << sign.value(u"step").toString();
      }
      const QString name = QString::fromLatin1(node.name);
      QVERIFY(std::any_of(heard.begin(), heard.end(), [&](const QString& text) {
        return text.contains(QStringLiteral("Switch %1 to memory").arg(name));
      }));
      QVERIFY(std::none_of(heard.begin(), heard.end(), [&](const QString& text) {
        return text.startsWith(QStringLiteral("Switch ")) && !text.contains(u' ' + name + u' ');
      }));
    }
  }

  void theDrainWindowCountsDownAfterTheEnd() {
    fleet_->nodes[1].drainMs = 1500;
    start();
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Done);
    QVERIFY(operation_->job);
    const int drain = Operation::indexOf(job().steps(), Kind::Drain);
    QCOMPARE(job().steps()[drain].state, State::Running);
    QVERIFY(job().steps()[drain].remainingMs > 1000);
    QVERIFY(job().done() < job().total());
    QSignalSpy ends(&job(), &QObject::destroyed);
    State last = State::Waiting;
    connect(&job(), &RollbackJob::stepChanged, this, [&](int index) { last = job().steps()[index].state; });
    QVERIFY(ends.wait(5000));
    QCOMPARE(last, State::Done);
  }
  void theCountCanBeEnded() {
    fleet_->nodes[1].drainMs = 60'000;
    start();
    QTRY_VERIFY(outcome());
    job().cancel();
    QTRY_VERIFY(!operation_->job);
    QCOMPARE(fleet_->modes(), "memory memory memory");
  }

  void dryRunChangesNothing() {
    fleet_->cluster->setCanChange(false);  // it may look all the same
    RollbackSpec spec = toMode();
    spec.dryRun = true;
    start(spec);
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Done);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    for (std::size_t i = 0; i < 3; ++i) {
      QCOMPARE(fleet_->server(i).count("/operator/api/events/sse-token"), 0);
      QVERIFY(fleet_->nodes[i].posts.isEmpty() && fleet_->nodes[i].signs.isEmpty());
    }
    const int switching = Operation::indexOf(operation_->steps, Kind::Switch, QStringLiteral("a"));
    QCOMPARE(operation_->steps[switching].from, QStringLiteral("hybrid"));
    QVERIFY(!fleet_->logged().contains(QStringLiteral("rollback_begun")));
  }

  void theOutlookAsksNobody() {
    const int asked = fleet_->server(0).count("/operator/internal/mode");
    const RollbackOutlook outlook = fleet_->cluster->outlook(toMode());
    QCOMPARE(outlook.refusal, QString());
    QVERIFY(!outlook.summary.isEmpty());
    QVERIFY(Operation::indexOf(outlook.steps, Kind::Switch, QStringLiteral("c")) > 0);
    QCOMPARE(fleet_->server(0).count("/operator/internal/mode"), asked);
    QVERIFY(!fleet_->cluster->outlook(toMode(QStringLiteral("nonsense"))).refusal.isEmpty());
  }

  void readOnlyRefuses() {
    fleet_->cluster->setCanChange(false);
    start();
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Refused);
    QCOMPARE(outcome()->failure.kind, Failure::Kind::ReadOnly);
    for (std::size_t i = 0; i < 3; ++i) QCOMPARE(fleet_->server(i).count("/operator/internal/mode"), 0);
  }
  void readOnlyInTheMiddlePutsBack() {
    start();
    operation_->when(Kind::Switch, QStringLiteral("a"), State::Done, [this] { fleet_->cluster->setCanChange(false); });
    QTRY_VERIFY_WITH_TIMEOUT(outcome(), 15'000);
    QCOMPARE(outcome()->result, Result::Aborted);
    QCOMPARE(outcome()->failure.kind, Failure::Kind::ReadOnly);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    QVERIFY(fleet_->nodes[1].posts.isEmpty());
  }

  void aPermissionThatLapsesKeepsNothingFromItsEnd() {
    Profile production;
    production.environment = Environment::Production;
    QVERIFY(fleet_->open(production));
    start();
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->failure.kind, Failure::Kind::ReadOnly);

    fleet_->cluster->setCanChange(true);
    start();
    operation_->when(Kind::Switch, QStringLiteral("a"), State::Done,
                     [this] { fleet_->clock.leap(std::chrono::minutes(15)); });
    QTRY_VERIFY_WITH_TIMEOUT(outcome(), 15'000);
    QCOMPARE(outcome()->result, Result::Done);
    QCOMPARE(fleet_->modes(), "memory memory memory");
    QCOMPARE(outcome()->matrix.verdict, MatrixVerdict::Diagonal);  // it issues tokens, too
    QVERIFY(!fleet_->cluster->canChange());
    QCOMPARE(fleet_->logged().count(QStringLiteral("rollback_outlasts_permission")), 1);

    start(toMode(QStringLiteral("hybrid")));  // what has lapsed begins nothing
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Refused);
    QCOMPARE(fleet_->modes(), "memory memory memory");
  }
  void whatLapsedIsUndoneAndTakenBackByHand() {
    Profile production;
    production.environment = Environment::Production;
    QVERIFY(fleet_->open(production));
    fleet_->cluster->setCanChange(true);
    start();
    operation_->when(Kind::Switch, QStringLiteral("a"), State::Done, [this] {
      fleet_->clock.leap(std::chrono::minutes(15));
      fleet_->cluster->setCanChange(false);  // no longer lapsed: taken back
    });
    QTRY_VERIFY_WITH_TIMEOUT(outcome(), 15'000);
    QCOMPARE(outcome()->result, Result::Aborted);
    QCOMPARE(outcome()->failure.kind, Failure::Kind::ReadOnly);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
  }

  void heldByAnother_data() {
    QTest::addColumn<bool>("lapsed");
    QTest::addColumn<bool>("breakLock");
    QTest::addColumn<bool>("done");
    QTest::newRow("that lives") << false << false << false;
    QTest::newRow("that lives can't be broken") << false << true << false;
    QTest::newRow("that gives no sign") << true << false << false;
    QTest::newRow("broken") << true << true << true;
  }
  void heldByAnother() {
    QFETCH(bool, lapsed);
    QFETCH(bool, breakLock);
    fleet_->nodes[1].operation = QStringLiteral("another");
    fleet_->nodes[1].owner = QStringLiteral("eve@there");
    fleet_->nodes[1].lapsed = lapsed;
    RollbackSpec spec = toMode();
    spec.breakLock = breakLock;
    start(spec);
    QTRY_VERIFY(outcome());
    QTEST(outcome()->result == Result::Done, "done");
    if (outcome()->result == Result::Done) return;
    QCOMPARE(outcome()->result, Result::Refused);
    QVERIFY(outcome()->reason.contains(QStringLiteral("eve@there")));
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    QVERIFY(fleet_->nodes[0].operation.isEmpty());
  }

  void aGateThatFails() {
    fleet_->nodes[1].gateStatus = 403;
    start();
    QTRY_VERIFY_WITH_TIMEOUT(outcome(), 20'000);
    QCOMPARE(outcome()->result, Result::Aborted);
    QVERIFY(!outcome()->restored);  // its gate fails in its own mode, too
    QVERIFY(outcome()->reason.contains(QStringLiteral("403")));
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    QVERIFY(fleet_->nodes[2].posts.isEmpty());
  }
  void aGateThatFailsIsAsked() {
    fleet_->nodes[1].gateStatus = 403;
    RollbackSpec spec = toMode();
    spec.attended = true;
    start(spec);
    QTRY_COMPARE_WITH_TIMEOUT(operation_->stateOf(Kind::Gate, QStringLiteral("b")), State::Asking, 15'000);
    QVERIFY(!outcome());
    fleet_->nodes[1].gateStatus = 200;
    job().retry();
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Done);
  }
  void aGateThatFailsIsSkipped() {
    fleet_->nodes[1].gateStatus = 403;
    RollbackSpec spec = toMode();
    spec.attended = true;
    start(spec);
    operation_->when(Kind::Gate, QStringLiteral("b"), State::Asking, [this] {
      fleet_->nodes[1].gateStatus = 200;
      QTimer::singleShot(0, operation_->job, [this] { job().skip(QStringLiteral("known to be slow")); });
    });
    QTRY_VERIFY_WITH_TIMEOUT(outcome(), 20'000);
    QCOMPARE(outcome()->result, Result::Done);
    const int gate = Operation::indexOf(operation_->steps, Kind::Gate, QStringLiteral("b"));
    QCOMPARE(operation_->steps[gate].state, State::Skipped);
    QVERIFY(operation_->steps[gate].detail.contains(QStringLiteral("known to be slow")));
  }

  void abortInTheMiddle() {
    start();
    operation_->when(Kind::Switch, QStringLiteral("b"), State::Done, [this] { job().cancel(); });
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Aborted);
    QVERIFY(outcome()->restored);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    QCOMPARE(fleet_->nodes[1].posts.size(), 2);
    QVERIFY(fleet_->nodes[2].posts.isEmpty());
    for (const Node& node : fleet_->nodes) QVERIFY(node.operation.isEmpty());
    const int first = Operation::indexOf(operation_->steps, Kind::Restore, QStringLiteral("b"));
    QVERIFY(first > 0 && first < Operation::indexOf(operation_->steps, Kind::Restore, QStringLiteral("a")));
  }

  void pauseAndResume() {
    start();
    operation_->when(Kind::Switch, QStringLiteral("a"), State::Done, [this] { job().pause(); });
    QTRY_COMPARE(operation_->stateOf(Kind::Gate, QStringLiteral("a")), State::Done);
    QVERIFY(job().paused());
    QTest::qWait(50);
    QVERIFY(fleet_->nodes[1].posts.isEmpty() && !outcome());
    job().resume();
    QTRY_VERIFY(outcome());
    QCOMPARE(fleet_->modes(), "memory memory memory");
  }
  void pausedAndAborted() {
    start();
    job().pause();
    QTRY_COMPARE(operation_->stateOf(Kind::Look), State::Done);
    job().cancel();
    QTRY_VERIFY(outcome());
    QCOMPARE(outcome()->result, Result::Aborted);
    QVERIFY(fleet_->nodes[0].posts.isEmpty());
  }

  void whatMayHaveChangedIsPutBack() {
    fleet_->nodes[0].silentPost = true;  // it does what it is told, and its answer is lost
    start();
    connect(&job(), &RollbackJob::stepsChanged, this, [this] {
      if (Operation::indexOf(job().steps(), Kind::Restore) >= 0) fleet_->nodes[0].silentPost = false;
    });
    QTRY_VERIFY_WITH_TIMEOUT(outcome(), 20'000);
    QVERIFY(outcome()->restored);
    if (outcome()->result == Result::Aborted) QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
  }

  void goesWithItsCluster() {
    start();
    QSignalSpy ends(&job(), &RollbackJob::finished);
    QTRY_VERIFY(!fleet_->nodes[0].posts.isEmpty());
    fleet_->cluster.reset();
    QCOMPARE(ends.size(), 0);
    QVERIFY(!operation_->job);
  }
};

QTEST_GUILESS_MAIN(RollbackJobTest)
#include "rollback_job_test.moc"
