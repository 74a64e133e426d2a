// The operations that were begun on this machine: what comes back, whose they are, and that a process that was killed
// leaves its own to the next.
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "cluster/rollback_store.h"
#include "support/needs_processes.h"

using namespace vx11::cluster;

namespace {

const QString id = QStringLiteral("0f9a2c1e-1111-4222-8333-444455556666");

SavedRollback made(const QString& name = id) {
  SavedRollback rollback;
  rollback.id = name;
  rollback.profile = QStringLiteral("p1");
  rollback.instances = {QUrl(QStringLiteral("http://127.0.0.1:8011")), QUrl(QStringLiteral("https://b.example"))};
  rollback.state = {{QStringLiteral("phase"), QStringLiteral("switch")}, {QStringLiteral("at"), 3}};
  return rollback;
}

}  // namespace

class RollbackStoreTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;

  [[nodiscard]] QString folder() const { return folder_->filePath(QStringLiteral("deep/rollbacks")); }
  [[nodiscard]] RollbackStore store() const { return RollbackStore(folder()); }
  [[nodiscard]] QByteArray written(const QString& name = id) const {
    QFile file(store().pathOf(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  void write(const QByteArray& text, const QString& name = id) const {
    QFile file(store().pathOf(name));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(text);
  }
  /// As if this one had written it.
  void giveTo(qint64 process) const {
    QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
    QVERIFY(stat.open(QIODevice::ReadOnly));
    const QByteArray line = stat.readAll();
    const QByteArray started = line.mid(line.lastIndexOf(')') + 2).split(' ')[19];
    QJsonObject root = QJsonDocument::fromJson(written()).object();
    QJsonObject owner = root[QStringLiteral("process")].toObject();
    owner.insert(QStringLiteral("id"), process);
    owner.insert(QStringLiteral("started"), QString::fromLatin1(started));
    root.insert(QStringLiteral("process"), owner);
    write(QJsonDocument(root).toJson());
  }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }

  void whatWasSavedComesBack() {
    QVERIFY(store().all().isEmpty());
    QVERIFY(store().load(id).has_error());
    QVERIFY(store().save(made()).has_value());
    const SavedRollback back = *store().load(id);
    QCOMPARE(back.id, id);
    QCOMPARE(back.profile, QStringLiteral("p1"));
    QCOMPARE(back.instances, made().instances);
    QCOMPARE(back.state, made().state);
    QCOMPARE(back.processId, QCoreApplication::applicationPid());
    QVERIFY(back.running);
    QVERIFY(back.begun.isValid() && back.begun == back.saved);
    store().remove(id);
    QVERIFY(store().all().isEmpty());
  }

  void itsBeginningStaysWhenItIsSavedAgain() {
    QVERIFY(store().save(made()).has_value());
    const SavedRollback first = *store().load(id);
    QTest::qWait(5);
    SavedRollback later = made();
    later.state.insert(QStringLiteral("at"), 4);
    QVERIFY(store().save(later).has_value());
    const SavedRollback second = *store().load(id);
    QCOMPARE(second.begun, first.begun);
    QVERIFY(second.saved > first.saved);
    QCOMPARE(second.state[QStringLiteral("at")].toInt(), 4);
  }

  void onlyItsOwnerMayReadIt() {
    QVERIFY(store().save(made()).has_value());
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup |
                        QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;
    QVERIFY((QFileInfo(store().pathOf(id)).permissions() & others) == 0);
    QVERIFY((QFileInfo(folder()).permissions() & others) == 0);
  }

  void noPasswordOfAUrlIsWritten() {
    SavedRollback rollback = made();
    rollback.instances = {QUrl(QStringLiteral("http://me:hush@a:1"))};
    QVERIFY(store().save(rollback).has_value());
    QVERIFY(!written().contains("hush"));
  }

  void theLastBegunComesFirst() {
    for (const auto& name : {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}) {
      QVERIFY(store().save(made(name)).has_value());
      QTest::qWait(3);
    }
    QVERIFY(store().save(made(QStringLiteral("a"))).has_value());  // still the first that was begun
    QStringList order;
    for (const SavedRollback& each : store().all()) order << each.id;
    QCOMPARE(order, QStringList({QStringLiteral("c"), QStringLiteral("b"), QStringLiteral("a")}));
  }

  void whatCantBeReadIsPassedOver_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("cut off") << QByteArray("{\"version\":1,");
    QTest::newRow("no id") << QByteArray("{\"version\":1}");
    QTest::newRow("of another version") << QByteArray("{\"version\":2,\"id\":\"broken\"}");
    QTest::newRow("another's name") << QByteArray("{\"version\":1,\"id\":\"other\"}");
  }
  void whatCantBeReadIsPassedOver() {
    QFETCH(QByteArray, text);
    QVERIFY(store().save(made()).has_value());
    write(text, QStringLiteral("broken"));
    QCOMPARE(store().all().size(), 1);
  }

  void anIdIsNoPath() {
    QVERIFY(store().save(made()).has_value());
    write("{\"version\":1,\"id\":\"../x\"}", QStringLiteral("../x"));
    QVERIFY(store().load(QStringLiteral("../x")).has_error());
    QVERIFY(store().claim(QStringLiteral("../x")).has_error());
    QVERIFY(store().save(made(QStringLiteral("../y"))).has_error());
    store().remove(QStringLiteral("../x"));
    QVERIFY(QFileInfo::exists(store().pathOf(QStringLiteral("../x"))));
  }

  void aFolderThatCantBeWritten() {
    QFile file(folder_->filePath(QStringLiteral("deep")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto saved = store().save(made());
    QVERIFY(saved.has_error() && saved.error().contains(folder()));
  }

  void anotherProcessKeepsItWhileItLives() {
    VX11_NEEDS_PROCESSES();
    QVERIFY(store().save(made()).has_value());
    QProcess other;
    other.start(QStringLiteral("sleep"), {QStringLiteral("100")});
    QVERIFY(other.waitForStarted());
    giveTo(other.processId());
    QVERIFY(store().load(id)->running);
    QVERIFY(store().claim(id).has_error());
    QVERIFY(store().claim(id).error().contains(QString::number(other.processId())));
    QVERIFY(store().save(made()).has_error());
    store().letGo(id);
    QVERIFY(store().load(id)->running);
    other.kill();
    QVERIFY(other.waitForFinished());
    QVERIFY(!store().load(id)->running);
    const auto claimed = store().claim(id);
    QVERIFY(claimed.has_value());
    QCOMPARE(claimed->state, made().state);
    QCOMPARE(store().load(id)->processId, QCoreApplication::applicationPid());
    QVERIFY(store().load(id)->running);
  }

  void aNumberThatIsAnothersNowIsNobodys() {
    QVERIFY(store().save(made()).has_value());
    QJsonObject root = QJsonDocument::fromJson(written()).object();
    QJsonObject owner = root[QStringLiteral("process")].toObject();
    owner.insert(QStringLiteral("started"), QStringLiteral("1"));
    root.insert(QStringLiteral("process"), owner);
    write(QJsonDocument(root).toJson());
    QVERIFY(!store().load(id)->running);
    QVERIFY(store().claim(id).has_value());
  }
  void soIsOneOfBeforeTheMachineWasStarted() {
    QVERIFY(store().save(made()).has_value());
    QJsonObject root = QJsonDocument::fromJson(written()).object();
    QJsonObject owner = root[QStringLiteral("process")].toObject();
    owner.insert(QStringLiteral("boot"), QStringLiteral("another"));
    root.insert(QStringLiteral("process"), owner);
    write(QJsonDocument(root).toJson());
    QVERIFY(!store().load(id)->running);
  }

  void whatWasLetGoCanBeClaimed() {
    QVERIFY(store().save(made()).has_value());
    QVERIFY(store().claim(id).has_error());  // by ourselves neither: a job of this process is at it
    store().letGo(id);
    QVERIFY(!store().load(id)->running);
    QCOMPARE(store().load(id)->state, made().state);
    QVERIFY(store().claim(id).has_value());
  }

  void whichClusterItIs_data() {
    QTest::addColumn<QString>("profile");
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("same");
    QTest::newRow("profile") << "p1" << "http://elsewhere" << true;
    QTest::newRow("an instance") << "" << "http://127.0.0.1:8011/" << true;
    QTest::newRow("another name of it") << "p2" << "http://localhost:8011" << true;
    QTest::newRow("its default port") << "" << "https://b.example:443" << true;
    QTest::newRow("another port") << "" << "http://127.0.0.1:8012" << false;
    QTest::newRow("another scheme") << "" << "http://b.example:443" << false;
    QTest::newRow("another") << "p2" << "http://c.example" << false;
  }
  void whichClusterItIs() {
    QFETCH(QString, profile);
    QFETCH(QString, url);
    QTEST(isSameCluster(made(), profile, {QUrl(QStringLiteral("http://nobody")), QUrl(url)}), "same");
  }
  void withoutProfilesNoneIsTheSame() {
    SavedRollback rollback = made();
    rollback.profile.clear();
    QVERIFY(!isSameCluster(rollback, {}, {}));
  }

  void theFolderIsTheStates() {
    qputenv("XDG_STATE_HOME", "/some/state");
    QCOMPARE(RollbackStore::defaultFolder(), QStringLiteral("/some/state/vx11/rollbacks"));
    qputenv("XDG_STATE_HOME", "relative");
    QCOMPARE(RollbackStore::defaultFolder(), QDir::homePath() + QStringLiteral("/.local/state/vx11/rollbacks"));
    qunsetenv("XDG_STATE_HOME");
    QCOMPARE(RollbackStore::defaultFolder(), QDir::homePath() + QStringLiteral("/.local/state/vx11/rollbacks"));
  }
};

QTEST_GUILESS_MAIN(RollbackStoreTest)
#include "rollback_store_test.moc"
