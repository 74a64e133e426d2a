// Operations over real instances, with a Redis that is well, stopped or dead, and with a command that restarts them.
#include <signal.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/remote_cluster.h"
#include "core/cluster/rollback_fleet.h"
#include "core/cluster/tokend.h"
#include "support/needs_processes.h"

using namespace vx11::cluster;
using testing::Operation;
using testing::Tokend;
using testing::tokendPrincipal;
using Kind = RollbackStep::Kind;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;

class RollbackProcessesTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<vx11::test::RedisServer> redis_;
  std::vector<std::unique_ptr<Tokend>> tokends_;
  std::unique_ptr<RemoteCluster> cluster_;
  std::unique_ptr<Operation> operation_;

  [[nodiscard]] bool openThree(const std::string& redis) {
    Profile profile;
    profile.kind = ProfileKind::RemoteCluster;
    profile.discover = false;
    for (const auto& name : {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}) {
      tokends_.push_back(std::make_unique<Tokend>(name, redis));
      if (!tokends_.back()->start()) return false;
      profile.instances << tokends_.back()->url();
    }
    profile.balancer = tokends_[0]->url();  // a balancer with one behind it
    cluster_ = openRemoteCluster(profile, vx11::Secret(tokendPrincipal), {});
    return QTest::qWaitFor(
        [this] {
          const auto& all = cluster_->instances();
          return all.size() == 3 && std::all_of(all.begin(), all.end(), [](const InstanceInfo& info) {
                   return info.state == InstanceState::Live && info.id.size() == 1;
                 });
        },
        20'000);
  }
  void run(const RollbackSpec& spec) {
    operation_ = std::make_unique<Operation>();
    operation_->follow(cluster_->rollBack(spec));
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 60'000);
  }
  [[nodiscard]] QStringList modes() const {
    QStringList all;
    for (const InstanceInfo& instance : cluster_->instances()) all << instance.mode;
    return all;
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    qputenv("VX11_OPERATOR_TOKEN", tokendPrincipal);
  }
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", folder_->path().toLocal8Bit());
  }
  void cleanup() {
    operation_.reset();
    cluster_.reset();
    tokends_.clear();
    redis_.reset();
    QFile pids(folder_->filePath(QStringLiteral("pids")));
    if (!pids.open(QIODevice::ReadOnly)) return;
    for (const QByteArray& line : pids.readAll().split('\n')) {
      if (line.toInt() > 1) ::kill(line.toInt(), SIGKILL);
    }
  }

  void downWithAnyRedis_data() {
    QTest::addColumn<QString>("redis");
    QTest::newRow("well") << "well";
    QTest::newRow("stopped") << "stopped";
    QTest::newRow("dead") << "dead";
  }
  void downWithAnyRedis() {
    QFETCH(QString, redis);
    redis_ = std::make_unique<vx11::test::RedisServer>();
    if (!*redis_) QFAIL(redis_->error().c_str());
    QVERIFY(openThree(redis_->url()));
    if (redis == QStringLiteral("stopped")) redis_->pause();
    if (redis == QStringLiteral("dead")) redis_->kill();
    run({});
    QCOMPARE(operation_->outcome->reason, QString());
    QCOMPARE(operation_->outcome->result, Result::Done);
    for (const MatrixCell& cell : operation_->outcome->matrix.cells) {
      if (cell.issuer == cell.validator) {
        QCOMPARE(cell.state, MatrixCell::State::Accepted);
      } else {
        // Whether another's token was once in Redis can't be told without it.
        QCOMPARE(cell.state, redis == QStringLiteral("well") ? MatrixCell::State::Refused : MatrixCell::State::CantTell);
      }
    }
    QTRY_COMPARE(modes(), QStringList({QStringLiteral("memory"), QStringLiteral("memory"), QStringLiteral("memory")}));
    if (redis == QStringLiteral("stopped")) redis_->resume();
    if (redis != QStringLiteral("well")) return;
    RollbackSpec up;
    up.to = QStringLiteral("hybrid");
    run(up);
    QCOMPARE(operation_->outcome->reason, QString());
    QCOMPARE(operation_->outcome->result, Result::Done);
    QCOMPARE(operation_->outcome->matrix.verdict, MatrixVerdict::Whole);
  }

  void watchedWhereNobodyIsRefused() {
    QVERIFY(openThree({}));
    RollbackSpec spec;
    spec.watchSec = 1;
    run(spec);
    QCOMPARE(operation_->outcome->reason, QString());
    QCOMPARE(operation_->outcome->result, Result::Done);
    QCOMPARE(operation_->stateOf(Kind::Watch), State::Done);
  }

  void eachIsRestartedByTheCommand() {
    QVERIFY(openThree({}));
    QFile script(folder_->filePath(QStringLiteral("restart")));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\n" VX11_BIN_DIR "/vx11-tokend --listen 127.0.0.1:$2 --instance-id $1 >/dev/null 2>&1 &\n"
                 "echo $! >> \"$3\"\necho \"started $1\"\n");
    script.close();
    QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    RollbackSpec spec;
    spec.plan = RollbackSpec::Plan::Restart;
    spec.restartCommand = {script.fileName(), QStringLiteral("{id}"), QStringLiteral("{port}"),
                           folder_->filePath(QStringLiteral("pids"))};
    run(spec);
    QCOMPARE(operation_->outcome->reason, QString());
    QCOMPARE(operation_->outcome->result, Result::Done);
    QFile pids(folder_->filePath(QStringLiteral("pids")));
    QVERIFY(pids.open(QIODevice::ReadOnly));
    QCOMPARE(pids.readAll().count('\n'), 3);
    for (const auto& tokend : tokends_) QCOMPARE(tokend->pid(), 0);  // those of before are gone
    for (const InstanceInfo& instance : cluster_->instances()) QTRY_COMPARE(instance.state, InstanceState::Live);
  }
};

QTEST_GUILESS_MAIN(RollbackProcessesTest)
#include "rollback_processes_test.moc"
