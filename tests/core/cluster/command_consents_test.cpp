// Commands are confirmed once on a machine; another vector, however alike, is another command.
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/command_consents.h"
#include "cluster/rollback.h"

using namespace vx11::cluster;
using Commands = QList<QStringList>;

class CommandConsentsTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;
  [[nodiscard]] QString path() const {
    return CommandConsents::pathBeside(folder_->filePath("deep/profiles.json"));
  }
  [[nodiscard]] CommandConsents consents() const { return CommandConsents(path()); }
  [[nodiscard]] QByteArray written() const {
    QFile file(path());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void confirmedOnceIsConfirmed() {
    const Commands both{{"nginx", "-s", "reload"}, {"docker", "restart", "{id}"}};
    QCOMPARE(consents().unconfirmed(both), both);
    QVERIFY(consents().confirm({both[0]}).has_value());
    QCOMPARE(consents().unconfirmed(both), Commands{both[1]});
    QVERIFY(consents().confirm({both[1]}).has_value());
    QCOMPARE(consents().unconfirmed(both), Commands());
    QCOMPARE(consents().unconfirmed({{}, {"a"}, {"a"}}), (Commands{{"a"}}));  // none is no command
  }

  void anotherVectorIsAnotherCommand_data() {
    QTest::addColumn<QStringList>("command");
    QTest::newRow("edited") << QStringList{"sh", "-c", "reload now"};
    QTest::newRow("one word more") << QStringList{"sh", "-c", "reload", "x"};
    QTest::newRow("cut otherwise") << QStringList{"sh", "-c reload"};
    QTest::newRow("a line") << QStringList{"sh -c reload"};
    QTest::newRow("an empty word") << QStringList{"sh", "-c", "reload", ""};
  }
  void anotherVectorIsAnotherCommand() {
    QFETCH(QStringList, command);
    QVERIFY(consents().confirm({{"sh", "-c", "reload"}}).has_value());
    QCOMPARE(consents().unconfirmed({command}), Commands{command});
  }

  void onlyItsOwnerReadsItAndNoCommandIsInIt() {
    QVERIFY(consents().confirm({{"reload", "hush"}}).has_value());
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther |
                        QFileDevice::WriteOther | QFileDevice::ExeOther;
    QVERIFY((QFileInfo(path()).permissions() & others) == 0);
    QCOMPARE(QFileInfo(path()).path(), folder_->filePath("deep"));
    QVERIFY(written().contains("sha256") && !written().contains("hush"));
  }

  void aFileThatCantBeReadConfirmsNothing() {
    QVERIFY(consents().confirm({{"a"}}).has_value());
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("no JSON");
    file.close();
    QCOMPARE(consents().unconfirmed({{"a"}}), (Commands{{"a"}}));
    QFile block(folder_->filePath("block"));
    QVERIFY(block.open(QIODevice::WriteOnly));
    const QString nowhere = folder_->filePath("block/confirmed.json");
    const auto done = CommandConsents(nowhere).confirm({{"a"}});
    QVERIFY(done.has_error() && done.error().contains(nowhere));
  }

  void whatAnOperationCanRun() {
    RollbackSpec spec;
    spec.reloadCommand = {"reload"};
    spec.restartCommand = {"restart", "{id}"};
    InstanceInfo ours, foreign;
    ours.internalCalls = true;
    foreign.internalCalls = false;
    QCOMPARE(commandsOf(spec, {ours}), Commands());  // no file, nothing to reload; who switches isn't restarted
    spec.nginxFile = "/etc/x";
    QCOMPARE(commandsOf(spec, {ours}), Commands{spec.reloadCommand});
    QCOMPARE(commandsOf(spec, {ours, foreign}), (Commands{spec.reloadCommand, spec.restartCommand}));
    spec.plan = RollbackSpec::Plan::Restart;
    QCOMPARE(commandsOf(spec, {ours}), (Commands{spec.reloadCommand, spec.restartCommand}));
    spec.restartCommand.clear();
    QCOMPARE(commandsOf(spec, {ours}), Commands{spec.reloadCommand});
  }
};

QTEST_GUILESS_MAIN(CommandConsentsTest)
#include "command_consents_test.moc"
