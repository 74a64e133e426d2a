// An operation with an nginx file and commands: real files, real child processes, and a balancer that does what the
// file says that was loaded last.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/nginx_file.h"
#include "core/cluster/rollback_fleet.h"

using namespace vx11::cluster;
using testing::Fleet;
using testing::Node;
using testing::Operation;
using testing::ScriptedRequest;
using testing::ScriptedServer;
using Kind = RollbackStep::Kind;
using Result = RollbackOutcome::Result;
using State = RollbackStep::State;

class RollbackRoutingJobTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<Fleet> fleet_;
  std::unique_ptr<ScriptedServer> balancer_;
  std::unique_ptr<Operation> operation_;
  QByteArray before_;
  std::size_t turn_ = 0;
  int throughBalancer_ = 0;

  [[nodiscard]] QString path(const QString& name) const { return folder_->filePath(name); }
  [[nodiscard]] static QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
  }
  void put(const QString& name, const QByteArray& text) const {
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(text);
  }
  [[nodiscard]] QByteArray nginx() const { return contentOf(path(QStringLiteral("nginx.conf"))); }
  [[nodiscard]] QByteArray loaded() const { return contentOf(path(QStringLiteral("loaded.conf"))); }
  [[nodiscard]] QStringList reload() const {
    return {QStringLiteral("cp"), path(QStringLiteral("nginx.conf")), path(QStringLiteral("loaded.conf"))};
  }

  [[nodiscard]] testing::ScriptedReply route(const ScriptedRequest& request) {
    ++throughBalancer_;
    const auto file = NginxFile::read(loaded());
    QList<std::size_t> behind;
    for (const QString& server : file->servers()) {
      for (std::size_t i = 0; i < 3; ++i) {
        if (server.endsWith(u':' + QString::number(fleet_->server(i).port()))) behind << i;
      }
    }
    return fleet_->nodes[behind[file->sticky() ? 0 : static_cast<qsizetype>(++turn_) % behind.size()]](request);
  }

  [[nodiscard]] RollbackSpec spec(const QString& to = QStringLiteral("memory")) const {
    RollbackSpec made;
    made.to = to;
    made.nginxFile = path(QStringLiteral("nginx.conf"));
    made.reloadCommand = reload();
    return made;
  }
  void run(const RollbackSpec& wanted) {
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(wanted));
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 25'000);
  }
  [[nodiscard]] const RollbackOutcome& outcome() const { return *operation_->outcome; }
  [[nodiscard]] QString detailOf(Kind kind) const {
    return operation_->steps[Operation::indexOf(operation_->steps, kind)].detail;
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", path(QStringLiteral("state")).toLocal8Bit());
    fleet_ = std::make_unique<Fleet>();
    balancer_ = std::make_unique<ScriptedServer>([this](const auto& request) { return route(request); });
    QByteArray servers;
    for (std::size_t i = 0; i < 3; ++i) {
      servers += "    server localhost:" + QByteArray::number(fleet_->server(i).port()) + " max_fails=2;\n";
    }
    before_ = "events {}\nhttp {\n  # vx11 begin\n  upstream operator_backend {\n" + servers +
              "  }\n  # vx11 end\n  server { listen 1; }\n}\n";
    put(QStringLiteral("nginx.conf"), before_);
    put(QStringLiteral("loaded.conf"), before_);
    Profile profile;
    profile.balancer = balancer_->url();
    QVERIFY(fleet_->open(profile));
  }
  void cleanup() {
    fleet_->cluster.reset();
    balancer_.reset();
    operation_.reset();
    fleet_.reset();
  }

  void downAndUp() {
    run(spec());
    QCOMPARE(outcome().reason, QString());
    QCOMPARE(outcome().result, Result::Done);
    QCOMPARE(fleet_->modes(), "memory memory memory");
    QVERIFY(NginxFile::read(nginx())->sticky());
    QCOMPARE(NginxFile::read(nginx())->servers().size(), 3);
    QVERIFY(nginx().contains("max_fails=2"));
    QCOMPARE(loaded(), nginx());
    QVERIFY(throughBalancer_ > 0);
    QCOMPARE(contentOf(path(QStringLiteral("nginx.conf.vx11-%1"))
                           .arg(fleet_->nodes[0].posts[0].value(u"operation_id").toString().left(8))),
             before_);
    QVERIFY(fleet_->logged().contains(QStringLiteral("nginx_copy_kept")));
    QVERIFY(detailOf(Kind::Route).contains(path(QStringLiteral("nginx.conf.vx11-"))));
    run(spec(QStringLiteral("hybrid")));
    QCOMPARE(outcome().reason, QString());
    QCOMPARE(outcome().result, Result::Done);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    QVERIFY(!NginxFile::read(nginx())->sticky());
    QCOMPARE(loaded(), nginx());
  }

  void theFileIsWrittenBeforeTheFirstSwitch() {
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(spec()));
    bool sticky = false;
    operation_->when(Kind::Switch, QStringLiteral("a"), State::Running,
                     [&] { sticky = NginxFile::read(loaded())->sticky(); });
    QTRY_VERIFY(operation_->outcome);
    QVERIFY(sticky);
  }

  void aReloadThatFails_data() {
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QString>("said");
    QTest::newRow("exit code") << QStringList{QStringLiteral("false")} << "1";
    QTest::newRow("its last line") << QStringList{QStringLiteral("sh"), QStringLiteral("-c"),
                                                  QStringLiteral("echo unexpected brace; exit 3")}
                                   << "unexpected brace";
    QTest::newRow("no such program") << QStringList{QStringLiteral("vx11-no-such")} << "vx11-no-such";
  }
  void aReloadThatFails() {
    QFETCH(QStringList, command);
    QFETCH(QString, said);
    RollbackSpec wanted = spec();
    wanted.reloadCommand = command;
    run(wanted);
    QCOMPARE(outcome().result, Result::Aborted);
    QVERIFY2(outcome().reason.contains(said), qPrintable(outcome().reason));
    QCOMPARE(nginx(), before_);
    QCOMPARE(QDir(folder_->path()).entryList({QStringLiteral("nginx.conf*")}, QDir::Files).size(), 1);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
    for (const Node& node : fleet_->nodes) {
      QVERIFY(node.posts.isEmpty());
      QVERIFY(node.operation.isEmpty());
    }
  }
  void whatTheCommandSays() {
    RollbackSpec wanted = spec();
    wanted.reloadCommand = {QStringLiteral("sh"), QStringLiteral("-c"),
                            QStringLiteral("echo reloading; cp '%1' '%2'; echo done >&2")
                                .arg(path(QStringLiteral("nginx.conf")), path(QStringLiteral("loaded.conf")))};
    run(wanted);
    QCOMPARE(outcome().result, Result::Done);
    QCOMPARE(fleet_->said(QStringLiteral("command_said")),
             QStringList({QStringLiteral("reloading"), QStringLiteral("done")}));
  }

  void aReloadThatChangesNothing() {
    RollbackSpec wanted = spec();
    wanted.reloadCommand = {QStringLiteral("true")};
    run(wanted);
    QCOMPARE(outcome().result, Result::Aborted);
    QCOMPARE(operation_->stateOf(Kind::Sticky), State::Failed);
    QCOMPARE(nginx(), before_);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
  }

  void abortedAfterASwitchAllIsAsBefore() {
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(spec()));
    operation_->when(Kind::Switch, QStringLiteral("b"), State::Done, [this] { operation_->job->cancel(); });
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 20'000);
    QCOMPARE(outcome().result, Result::Aborted);
    QVERIFY(outcome().restored);
    QCOMPARE(nginx(), before_);
    QCOMPARE(loaded(), before_);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
  }
  void abortedWhileTheCommandRuns() {
    RollbackSpec wanted = spec();
    wanted.reloadCommand = {
        QStringLiteral("sh"), QStringLiteral("-c"),
        QStringLiteral("test -e '%1' && exit 0; touch '%1'; exec sleep 30").arg(path(QStringLiteral("once")))};
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(wanted));
    QTRY_VERIFY(QFile::exists(path(QStringLiteral("once"))));
    QElapsedTimer since;
    since.start();
    operation_->job->cancel();
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 10'000);
    QVERIFY(since.elapsed() < 9000);
    QCOMPARE(outcome().result, Result::Aborted);
    QCOMPARE(nginx(), before_);
  }

  void somebodyElsesEditIsNotOverwritten() {
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(spec()));
    QByteArray edited;
    operation_->when(Kind::Gate, QStringLiteral("a"), State::Done, [&, this] {
      edited = nginx() + "# mine\n";
      put(QStringLiteral("nginx.conf"), edited);
      operation_->job->cancel();
    });
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 20'000);
    QCOMPARE(outcome().result, Result::Aborted);
    QVERIFY(!outcome().restored);
    QCOMPARE(nginx(), edited);
    QCOMPARE(fleet_->modes(), "hybrid hybrid hybrid");
  }

  void resumedAfterEachStepOfTheRouting_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("route") << static_cast<int>(Kind::Route);
    QTest::newRow("reload") << static_cast<int>(Kind::Reload);
    QTest::newRow("sticky") << static_cast<int>(Kind::Sticky);
  }
  void resumedAfterEachStepOfTheRouting() {
    QFETCH(int, kind);
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->rollBack(spec()));
    bool there = false;
    operation_->when(static_cast<Kind>(kind), {}, State::Done, [&] { there = true; });
    connect(operation_->job, &RollbackJob::stepChanged, this, [&, this] {
      if (there && operation_->job) delete operation_->job;
    });
    QTRY_VERIFY(there);
    Profile profile;
    profile.balancer = balancer_->url();
    QVERIFY(fleet_->open(profile));
    const auto unfinished = fleet_->cluster->unfinishedRollbacks();
    QCOMPARE(unfinished.size(), 1);
    QCOMPARE(unfinished[0].spec.nginxFile, path(QStringLiteral("nginx.conf")));
    operation_ = std::make_unique<Operation>();
    operation_->follow(fleet_->cluster->resumeRollback(unfinished[0].id, false));
    QTRY_VERIFY_WITH_TIMEOUT(operation_->outcome, 20'000);
    QCOMPARE(outcome().reason, QString());
    QCOMPARE(outcome().result, Result::Done);
    QVERIFY(NginxFile::read(loaded())->sticky());
    for (const Node& node : fleet_->nodes) QCOMPARE(node.posts.size(), 1);
  }
};

QTEST_GUILESS_MAIN(RollbackRoutingJobTest)
#include "rollback_routing_job_test.moc"
