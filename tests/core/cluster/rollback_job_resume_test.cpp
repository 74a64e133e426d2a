// What of an operation outlives its process: the file while it is under way, and that another goes on with it and does
// nothing twice.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/rollback_store.h"
#include "core/cluster/rollback_fleet.h"

using namespace vx11::cluster;
using testing::Fleet;
using testing::Node;
using testing::Operation;
using Kind = RollbackStep::Kind;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;

namespace {

struct Stop {
  Kind kind;
  const char* instance;
};

}  // namespace

Q_DECLARE_METATYPE(Stop)

class RollbackJobResumeTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> state_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<Operation> operation_;

  void start(const RollbackSpec& spec = {}) {
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(spec));
  }
  /// As far as the end of this step, and then the console is gone.
  [[nodiscard]] bool startAndLeaveAfter(const Stop& stop) {
    start();
    bool there = false;
    operation_->when(stop.kind, QString::fromLatin1(stop.instance), State::Done, [&] { there = true; });
    // Within the signal: nothing that comes after the step has begun.
    connect(operation_->job, &RollbackJob::stepChanged, this, [&, this] {
      if (there && operation_->job) delete operation_->job;
    });
    return QTest::qWaitFor([&] { return there; }, 15'000) && !operation_->outcome;
  }
  [[nodiscard]] QStringList files() const {
    return QDir(RollbackStore::defaultFolder()).entryList({QStringLiteral("*.json")}, QDir::Files);
  }
  [[nodiscard]] LiveCluster& cluster() const { return *fleet_->cluster; }

 private Q_SLOTS:
  void init() {
    state_ = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", state_->path().toLocal8Bit());
    fleet_ = std::make_unique<Fleet>();
    QVERIFY(fleet_->open());
  }
  void cleanup() {
    fleet_.reset();
    operation_.reset();
  }

  void itsFileIsThereWhileItRuns() {
    start();
    operation_->when(Kind::Switch, QStringLiteral("a"), State::Done, [this] {
      QCOMPARE(files(), QStringList{operation_->job->operationId() + QStringLiteral(".json")});
      const auto unfinished = cluster().unfinishedRollbacks();
      QCOMPARE(unfinished.size(), 1);
      QVERIFY(unfinished[0].running);
      QCOMPARE(unfinished[0].processId, QCoreApplication::applicationPid());
      QVERIFY(cluster().resumeRollback(unfinished[0].id, false) == nullptr);
      cluster().forgetRollback(unfinished[0].id);
      QCOMPARE(files().size(), 1);
    });
    QTRY_VERIFY(operation_->outcome);
    QCOMPARE(operation_->outcome->result, Result::Done);
    QVERIFY(files().isEmpty());
    QVERIFY(cluster().unfinishedRollbacks().isEmpty());
  }
  void noFileIsLeftOfOneThatWasPutBack() {
    start();
    operation_->when(Kind::Switch, QStringLiteral("b"), State::Done, [this] { operation_->job->cancel(); });
    QTRY_VERIFY(operation_->outcome);
    QVERIFY(operation_->outcome->restored);
    QVERIFY(files().isEmpty());
  }
  void norOfOneThatWasNeverBegun() {
    fleet_->nodes[1].operation = fleet_->nodes[1].owner = QStringLiteral("another");
    start();
    QTRY_VERIFY(operation_->outcome);
    QCOMPARE(operation_->outcome->result, Result::Refused);
    QVERIFY(files().isEmpty());
    RollbackSpec look;
    look.dryRun = true;
    start(look);
    QTRY_VERIFY(operation_->outcome);
    QVERIFY(files().isEmpty());
  }
  void whatIsNotAsItWasStays() {
    fleet_->nodes[1].gateStatus = 403;
    start();
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 20'000);
    QVERIFY(!operation_->outcome->restored);
    const auto unfinished = cluster().unfinishedRollbacks();
    QCOMPARE(unfinished.size(), 1);
    QVERIFY(!unfinished[0].running);
    QVERIFY(!unfinished[0].spec.owner.isEmpty());
    cluster().setCanChange(false);
    cluster().forgetRollback(unfinished[0].id);
    QCOMPARE(files().size(), 1);
    cluster().setCanChange(true);
    cluster().forgetRollback(unfinished[0].id);
    QVERIFY(files().isEmpty());
  }

  void anotherGoesOnWithIt_data() {
    QTest::addColumn<Stop>("stop");
    QTest::newRow("lock") << Stop{Kind::Lock, ""};
    QTest::newRow("switch a") << Stop{Kind::Switch, "a"};
    QTest::newRow("gate a") << Stop{Kind::Gate, "a"};
    QTest::newRow("switch b") << Stop{Kind::Switch, "b"};
    QTest::newRow("gate b") << Stop{Kind::Gate, "b"};
    QTest::newRow("switch c") << Stop{Kind::Switch, "c"};
    QTest::newRow("gate c") << Stop{Kind::Gate, "c"};
    QTest::newRow("matrix") << Stop{Kind::Matrix, ""};
  }
  void anotherGoesOnWithIt() {
    QFETCH(Stop, stop);
    QVERIFY(startAndLeaveAfter(stop));
    QVERIFY(fleet_->open());
    const auto unfinished = cluster().unfinishedRollbacks();
    QCOMPARE(unfinished.size(), 1);
    QVERIFY(!unfinished[0].running);
    QVERIFY(unfinished[0].begun.isValid() && unfinished[0].lastSaved >= unfinished[0].begun);
    QCOMPARE(unfinished[0].spec.to, QStringLiteral("memory"));
    QCOMPARE(unfinished[0].steps[Operation::indexOf(unfinished[0].steps, stop.kind, QLatin1String(stop.instance))].state,
             State::Done);
    RollbackJob* resumed = cluster().resumeRollback(unfinished[0].id, false);
    QVERIFY(resumed != nullptr);
    QCOMPARE(resumed->operationId(), unfinished[0].id);
    QVERIFY(cluster().unfinishedRollbacks()[0].running);
    operation_ = std::make_unique<Operation>();
    operation_->follow(resumed);
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 15'000);
    QCOMPARE(operation_->outcome->reason, QString());
    QCOMPARE(operation_->outcome->result, Result::Done);
    QCOMPARE(fleet_->modes(), "memory memory memory");
    for (const Node& node : fleet_->nodes) {
      QCOMPARE(node.posts.size(), 1);  // nothing twice
      QCOMPARE(node.posts[0].value(u"operation_id").toString(), unfinished[0].id);
      QVERIFY(node.operation.isEmpty());
    }
    QVERIFY(files().isEmpty());
    QVERIFY(fleet_->logged().contains(QStringLiteral("rollback_resumed")));
  }

  void whatWasSentButNotAnsweredIsntSentAgain() {
    fleet_->nodes[1].silentPost = true;  // it does what it is told
    start();
    QTRY_COMPARE(fleet_->nodes[1].posts.size(), 1);
    delete operation_->job;
    fleet_->nodes[1].silentPost = false;
    QVERIFY(fleet_->open());
    operation_ = std::make_unique<Operation>();
    operation_->follow(cluster().resumeRollback(cluster().unfinishedRollbacks()[0].id, false));
    QTRY_VERIFY(operation_->outcome);
    QCOMPARE(operation_->outcome->result, Result::Done);
    for (const Node& node : fleet_->nodes) QCOMPARE(node.posts.size(), 1);
  }

  void anotherCanPutItBack() {
    QVERIFY(startAndLeaveAfter({Kind::Gate, "b"}));
    QVERIFY(fleet_->open());
    operation_ = std::make_unique<Operation>();
    operation_->follow(cluster().resumeRollback(cluster().unfinishedRollbacks()[0].id, false));
    operation_->job->cancel();
    QTRY_VERIFY(operation_->outcome);
    QCOMPARE(operation_->outcome->result, Result::Aborted);
    QVERIFY(operation_->outcome->restored);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    QVERIFY(files().isEmpty());
  }

  void whoHoldsItMeanwhileKeepsIt() {
    QVERIFY(startAndLeaveAfter({Kind::Gate, "a"}));
    for (Node& node : fleet_->nodes) node.operation = node.owner = QStringLiteral("another");
    QVERIFY(fleet_->open());
    operation_ = std::make_unique<Operation>();
    operation_->follow(cluster().resumeRollback(cluster().unfinishedRollbacks()[0].id, false));
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 20'000);
    QVERIFY(operation_->outcome->result != Result::Done);
    QCOMPARE(fleet_->nodes[0].operation, QStringLiteral("another"));
    QVERIFY(fleet_->nodes[1].posts.isEmpty());
    QCOMPARE(cluster().unfinishedRollbacks().size(), 1);  // still to be resumed
    QVERIFY(!cluster().unfinishedRollbacks()[0].running);
  }

  void whereThereIsNone() {
    QVERIFY(cluster().unfinishedRollbacks().isEmpty());
    QVERIFY(cluster().resumeRollback(QStringLiteral("0f9a2c1e-1111-4222-8333-444455556666"), false) == nullptr);
    QVERIFY(cluster().resumeRollback(QStringLiteral("../x"), false) == nullptr);
  }
  void anotherClustersIsNotOurs() {
    QVERIFY(startAndLeaveAfter({Kind::Gate, "a"}));
    Fleet other;
    QVERIFY(other.open());
    QVERIFY(other.cluster->unfinishedRollbacks().isEmpty());
    QVERIFY(fleet_->open());
    QCOMPARE(cluster().unfinishedRollbacks().size(), 1);
  }

  void withoutRoomForTheFileItWarnsAndGoesOn() {
    QFile inTheWay(state_->filePath(QStringLiteral("vx11")));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    start();
    QStringList warnings;
    operation_->when(Kind::Switch, QStringLiteral("a"), State::Done, [&] { warnings = operation_->job->warnings(); });
    QTRY_VERIFY(operation_->outcome);
    QCOMPARE(operation_->outcome->result, Result::Done);
    QVERIFY(warnings.last().contains(state_->path()));
    QCOMPARE(fleet_->logged().count(QStringLiteral("rollback_not_saved")), 1);
  }
};

QTEST_GUILESS_MAIN(RollbackJobResumeTest)
#include "rollback_job_resume_test.moc"
