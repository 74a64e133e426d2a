// The keychain over a bus of its own with a wallet of ours: what goes there, comes back and leaves, and what is said
// where there is no bus, no wallet, or one that stays locked.
#include <signal.h>

#include <QDBusConnection>
#include <QFile>
#include <QMap>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <memory>
#include <optional>

#include "console/keychain.h"
#include "support/needs_processes.h"

using namespace vx11;
using cluster::SecretKind;
using console::Keychain;

/// As kwalletd5 speaks on the bus.
class Wallet : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.kde.KWallet")
 public:
  bool locked = false;
  int calls = 0;
  QMap<QString, QString> passwords;  ///< by folder and key

 public Q_SLOTS:
  QString networkWallet() {
    ++calls;
    return QStringLiteral("kdewallet");
  }
  int open(const QString&, qlonglong, const QString&) { return locked ? -1 : 7; }
  int entryType(int, const QString& folder, const QString& key, const QString&) {
    return passwords.contains(folder + u'|' + key) ? 1 : 0;
  }
  QString readPassword(int, const QString& folder, const QString& key, const QString&) {
    return passwords.value(folder + u'|' + key);
  }
  int writePassword(int, const QString& folder, const QString& key, const QString& value, const QString&) {
    passwords.insert(folder + u'|' + key, value);
    return 0;
  }
  int removeEntry(int, const QString& folder, const QString& key, const QString&) {
    return passwords.remove(folder + u'|' + key) > 0 ? 0 : -3;
  }
};

class TestConsoleKeychain : public QObject {
  Q_OBJECT
  static constexpr int patienceMs = 20'000;
  QTemporaryDir dir_;
  QProcess bus_;
  Wallet wallet_;
  std::unique_ptr<Keychain> keychain_;

  /// "= the secret", or what was wrong.
  QString read(SecretKind kind) {
    std::optional<QString> told;
    keychain_->read(QStringLiteral("p1"), kind, [&](const auto& result) {
      told = result.has_error() ? result.error()
                                : QStringLiteral("= ") + QString::fromStdString(std::string(result->reveal()));
    });
    const bool ended = QTest::qWaitFor([&] { return told.has_value(); }, patienceMs);
    return ended ? *told : QStringLiteral("nothing was told");
  }
  /// Empty: it worked.
  QString done(const std::function<void(Keychain::DoneHandler)>& begin) {
    std::optional<QString> told;
    begin([&](const auto& result) { told = result.has_error() ? result.error() : QString(); });
    const bool ended = QTest::qWaitFor([&] { return told.has_value(); }, patienceMs);
    return ended ? *told : QStringLiteral("nothing was told");
  }
  QString write(SecretKind kind, std::string_view text) {
    return done([&](auto handler) { keychain_->write(QStringLiteral("p1"), kind, Secret(text), handler); });
  }
  QString remove(SecretKind kind) {
    return done([&](auto handler) { keychain_->remove(QStringLiteral("p1"), kind, handler); });
  }
  QString whyNot() {
    std::optional<QString> told;
    keychain_->askWhyNot([&](const QString& reason) { told = reason; });
    const bool ended = QTest::qWaitFor([&] { return told.has_value(); }, patienceMs);
    return ended ? *told : QStringLiteral("nothing was told");
  }
  [[nodiscard]] bool startBus() {
    const QString program = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
    if (program.isEmpty()) return false;
    QFile config(dir_.filePath(QStringLiteral("bus.conf")));
    if (!config.open(QIODevice::WriteOnly)) return false;
    config.write("<busconfig><type>session</type><listen>unix:dir=" + dir_.path().toLocal8Bit() +
                 "</listen><policy context=\"default\"><allow user=\"*\"/><allow send_destination=\"*\"/>"
                 "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
    config.close();
    bus_.start(program, {QStringLiteral("--nofork"), QStringLiteral("--print-address"),
                         QStringLiteral("--config-file=") + config.fileName()});
    if (!QTest::qWaitFor([this] { return bus_.canReadLine(); }, patienceMs)) return false;
    qputenv("DBUS_SESSION_BUS_ADDRESS", bus_.readLine().trimmed());
    return true;
  }

 private Q_SLOTS:
  void initTestCase() {
    qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    qputenv("XDG_RUNTIME_DIR", dir_.path().toLocal8Bit());
    qputenv("XDG_CURRENT_DESKTOP", "KDE");
    qputenv("KDE_SESSION_VERSION", "5");
    keychain_ = std::make_unique<Keychain>();
  }
  void cleanupTestCase() {
    QDBusConnection::disconnectFromBus(QStringLiteral("wallet"));
    bus_.kill();
    bus_.waitForFinished();
  }

  // The tests go on from each other: first there is nothing, at the end a wallet.
  void withoutABusNothingIsKept() {
    const QString why = whyNot();
    QVERIFY2(why.startsWith(QStringLiteral("There is no keychain")), qPrintable(why));
    QVERIFY(why.contains(QStringLiteral("bus")));
    QCOMPARE(write(SecretKind::Principal, "hush"), why);
    QCOMPARE(read(SecretKind::Principal), why);
  }

  void withoutAWalletNeither() {
    VX11_NEEDS_PROCESSES();
    if (!startBus()) QSKIP("dbus-daemon can't be started here");
    const QString why = whyNot();
    QVERIFY2(why.contains(QStringLiteral("KWallet")), qPrintable(why));
    QCOMPARE(write(SecretKind::Principal, "hush"), why);
  }

  void aBusThatIsSilentHoldsNothingUp() {
    if (bus_.state() != QProcess::Running) QSKIP("dbus-daemon can't be started here");
    ::kill(static_cast<pid_t>(bus_.processId()), SIGSTOP);
    std::optional<QString> told;
    bool turned = false;
    QTimer::singleShot(0, this, [&] { turned = !told.has_value(); });
    keychain_->askWhyNot([&](const QString& reason) { told = reason; });
    QVERIFY(!told);
    const bool ended = QTest::qWaitFor([&] { return told.has_value(); }, patienceMs);
    ::kill(static_cast<pid_t>(bus_.processId()), SIGCONT);
    QVERIFY(ended);
    QVERIFY(turned);  // the event loop, before the answer
    QVERIFY2(told->contains(QStringLiteral("doesn’t answer")), qPrintable(*told));
  }

  void aWalletKeepsThem() {
    if (bus_.state() != QProcess::Running) QSKIP("dbus-daemon can't be started here");
    auto connection =
        QDBusConnection::connectToBus(qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("wallet"));
    QVERIFY(connection.registerObject(QStringLiteral("/modules/kwalletd5"), &wallet_, QDBusConnection::ExportAllSlots));
    QVERIFY(connection.registerService(QStringLiteral("org.kde.kwalletd5")));
    QCOMPARE(whyNot(), QString());
    QCOMPARE(wallet_.calls, 0);  // it was asked of the bus alone

    QCOMPARE(read(SecretKind::Principal), QStringLiteral("= "));  // none is there
    QCOMPARE(write(SecretKind::Principal, "hush-1"), QString());
    QCOMPARE(write(SecretKind::RedisPassword, "hush-2"), QString());
    QCOMPARE(write(SecretKind::SentinelPassword, "hush-3"), QString());
    QCOMPARE(wallet_.passwords.value(QStringLiteral("vx11-console|p1/principal")), QStringLiteral("hush-1"));
    QCOMPARE(wallet_.passwords.value(QStringLiteral("vx11-console|p1/sentinel-password")), QStringLiteral("hush-3"));
    QCOMPARE(read(SecretKind::Principal), QStringLiteral("= hush-1"));
    QCOMPARE(read(SecretKind::RedisPassword), QStringLiteral("= hush-2"));
    QCOMPARE(remove(SecretKind::Principal), QString());
    QCOMPARE(wallet_.passwords.size(), 2);
    QCOMPARE(read(SecretKind::Principal), QStringLiteral("= "));
    QCOMPARE(remove(SecretKind::Principal), QString());  // gone already
  }

  void oneThatStaysLockedIsSaid() {
    if (bus_.state() != QProcess::Running) QSKIP("dbus-daemon can't be started here");
    wallet_.locked = true;
    QVERIFY2(read(SecretKind::RedisPassword).startsWith(QStringLiteral("The keychain")),
             qPrintable(read(SecretKind::RedisPassword)));
    QVERIFY(!write(SecretKind::RedisPassword, "x").isEmpty());
    QCOMPARE(wallet_.passwords.value(QStringLiteral("vx11-console|p1/redis-password")), QStringLiteral("hush-2"));
  }

  void nothingIsToldAfterItIsGone() {
    bool told = false;
    keychain_->read(QStringLiteral("p1"), SecretKind::Principal, [&](const auto&) { told = true; });
    keychain_.reset();
    QTest::qWait(50);
    QVERIFY(!told);
  }
};

QTEST_GUILESS_MAIN(TestConsoleKeychain)
#include "test_console_keychain.moc"
