// An operation over backends that can't switch, which a command or the operator changes, and the watch of refusals
// after it.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/rollback_store.h"
#include "core/cluster/rollback_fleet.h"

using namespace vx11::cluster;
using testing::Fleet;
using testing::Operation;
using Kind = RollbackStep::Kind;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;

class RollbackBackendsJobTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<Operation> operation_;

  [[nodiscard]] QString path(const QString& name) const { return folder_->filePath(name); }
  [[nodiscard]] static QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
  }
  void run(const RollbackSpec& wanted) {
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(wanted));
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 25'000);
  }
  [[nodiscard]] const RollbackOutcome& outcome() const { return *operation_->outcome; }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", path(QStringLiteral("state")).toLocal8Bit());
    fleet_ = std::make_unique<Fleet>();
    QVERIFY(fleet_->open());
  }
  void cleanup() {
    fleet_.reset();
    operation_.reset();
  }

  void backendsThatCantSwitchAreChangedByACommand() {
    fleet_->nodes[1].foreign = true;
    QVERIFY(fleet_->open());
    QTRY_VERIFY(!fleet_->cluster->instances()[1].internalCalls);
    RollbackSpec wanted;
    wanted.restartCommand = {QStringLiteral("sh"),
                             QStringLiteral("-c"),
                             QStringLiteral("echo \"$1 $2\" >> '%1'").arg(path(QStringLiteral("restarted"))),
                             QStringLiteral("sh"),
                             QStringLiteral("{url}"),
                             QStringLiteral("{port}")};
    connect(fleet_->cluster.get(), &Cluster::instanceChanged, this, [this] {
      if (QFile::exists(path(QStringLiteral("restarted")))) fleet_->nodes[1].mode = "memory";
    });
    run(wanted);
    QCOMPARE(outcome().reason, QString());
    QCOMPARE(outcome().result, Result::Done);
    const QString url = fleet_->cluster->instances()[1].url.toString();
    QCOMPARE(QString::fromUtf8(contentOf(path(QStringLiteral("restarted")))),
             QStringLiteral("%1 %2\n").arg(url).arg(fleet_->server(1).port()));
    QCOMPARE(operation_->stateOf(Kind::Change), State::Done);
  }
  void orByHand() {
    fleet_->nodes[1].foreign = true;
    QVERIFY(fleet_->open());
    QTRY_VERIFY(!fleet_->cluster->instances()[1].internalCalls);
    RollbackSpec wanted;
    run(wanted);
    QCOMPARE(outcome().result, Result::Refused);  // nobody is there to do it
    wanted.attended = true;
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(wanted));
    QTRY_COMPARE(operation_->stateOf(Kind::Change), State::Asking);
    QTest::qWait(50);
    QVERIFY(!operation_->outcome);
    fleet_->nodes[1].mode = "memory";
    operation_->job->confirm();
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 15'000);
    QCOMPARE(outcome().result, Result::Done);
  }

  void whatItChecksItselfIsCountedOut() {
    // In memory mode the test across instances is refused everywhere but on the diagonal: six refusals of its own.
    RollbackSpec wanted;
    wanted.watchSec = 1;
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(wanted));
    QJsonObject own;
    operation_->when(Kind::Matrix, {}, State::Done, [&, this] {
      own = RollbackStore().load(operation_->job->operationId())->state.value(u"own_checks").toObject();
    });
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 20'000);
    QCOMPARE(outcome().result, Result::Done);
    QCOMPARE(operation_->stateOf(Kind::Watch), State::Done);
    for (const testing::Node& node : fleet_->nodes) {
      const QJsonObject counted = own.value(QString::fromLatin1(node.name)).toObject();
      QCOMPARE(node.refused, 2);  // nobody else was there
      QCOMPARE(counted.value(u"refused").toInt(), node.refused);
      QCOMPARE(counted.value(u"checks").toInt(), node.refused + node.accepted);
    }
  }
  void refusalsOfOthersAreSeen() {
    fleet_->nodes[2].accepted = 1000;
    RollbackSpec wanted;
    wanted.watchSec = 2;
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(wanted));
    operation_->when(Kind::Watch, {}, State::Running, [this] {
      fleet_->nodes[2].accepted += 50;
      QTimer::singleShot(300, this, [this] {
        fleet_->nodes[2].accepted += 20;
        fleet_->nodes[2].refused += 20;
      });
    });
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 20'000);
    QCOMPARE(outcome().result, Result::Aborted);
    QCOMPARE(operation_->stateOf(Kind::Watch), State::Failed);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
  }
};

QTEST_GUILESS_MAIN(RollbackBackendsJobTest)
#include "rollback_backends_job_test.moc"
