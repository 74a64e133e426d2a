// What the desktop is told, over a bus of its own with a notification server of ours.
#include <QDBusConnection>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "platform/notifier.h"
#include "support/needs_processes.h"

using namespace vx11::ui;

/// As the desktop's own speaks on the bus.
class Server : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
 public:
  struct Told {
    uint replaces = 0;
    QString title, body;
    QStringList actions;
    QVariantMap hints;
  };
  QList<Told> told;

 public Q_SLOTS:
  uint Notify(const QString&, uint replaces, const QString&, const QString& title, const QString& body,
              const QStringList& actions, const QVariantMap& hints, int) {
    told.append({replaces, title, body, actions, hints});
    return replaces != 0 ? replaces : 41;
  }

 Q_SIGNALS:
  void ActionInvoked(uint id, const QString& action);
};

class TestNotifier : public QObject {
  Q_OBJECT
  static constexpr int patienceMs = 20'000;
  QTemporaryDir dir_;
  QProcess bus_;
  Server server_;
  std::unique_ptr<DesktopNotifier> notifier_;

  /// Its address, or nothing where there is no such program or it doesn't start.
  QByteArray startBus() {
    const QString program = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
    if (program.isEmpty()) return {};
    QFile config(dir_.filePath(QStringLiteral("bus.conf")));
    if (!config.open(QIODevice::WriteOnly)) return {};
    config.write("<busconfig><type>session</type><listen>unix:dir=" + dir_.path().toLocal8Bit() +
                 "</listen><policy context=\"default\"><allow user=\"*\"/><allow send_destination=\"*\"/>"
                 "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>");
    config.close();
    bus_.start(program, {QStringLiteral("--nofork"), QStringLiteral("--print-address"),
                         QStringLiteral("--config-file=") + config.fileName()});
    if (!QTest::qWaitFor([this] { return bus_.canReadLine(); }, patienceMs)) return {};
    return bus_.readLine().trimmed();
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    const QByteArray address = startBus();
    QVERIFY2(!address.isEmpty(), "dbus-daemon does not start: it is in Debian's package dbus-daemon");
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    auto desktop = QDBusConnection::connectToBus(QString::fromLocal8Bit(address), QStringLiteral("desktop"));
    QVERIFY(desktop.isConnected());
    QVERIFY(desktop.registerObject(QStringLiteral("/org/freedesktop/Notifications"), &server_,
                                   QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals));
    QVERIFY(desktop.registerService(QStringLiteral("org.freedesktop.Notifications")));
    notifier_ = std::make_unique<DesktopNotifier>();
  }
  void cleanupTestCase() {
    notifier_.reset();
    QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
    bus_.kill();
    bus_.waitForFinished(patienceMs);
  }

  void aNoticeArrives() {
    QVERIFY2(notifier_->whyNot().isEmpty(), qPrintable(notifier_->whyNot()));
    notifier_->show({QStringLiteral("eu-prod: a is down"), QStringLiteral("An instance <b>does not</b> answer"), true});
    QVERIFY(QTest::qWaitFor([this] { return !server_.told.isEmpty(); }, patienceMs));
    const Server::Told told = server_.told.last();
    QCOMPARE(told.title, QStringLiteral("eu-prod: a is down"));
    QCOMPARE(told.body, QStringLiteral("An instance &lt;b&gt;does not&lt;/b&gt; answer"));
    QCOMPARE(told.replaces, 0U);
    QCOMPARE(told.hints.value(QStringLiteral("urgency")).toInt(), 2);
    QCOMPARE(told.actions.value(0), QStringLiteral("default"));
  }

  void theNextTakesItsPlace() {
    const auto before = server_.told.size();
    // Not before the number of the first has come back.
    QVERIFY(QTest::qWaitFor([&] {
      notifier_->show({QStringLiteral("over"), QStringLiteral("text"), false});
      QTest::qWait(50);
      return server_.told.size() > before && server_.told.last().replaces == 41U;
    }, patienceMs));
    QCOMPARE(server_.told.last().hints.value(QStringLiteral("urgency")).toInt(), 1);
  }

  void pressedItOpens() {
    QSignalSpy opened(notifier_.get(), &Notifier::opened);
    Q_EMIT server_.ActionInvoked(7, QStringLiteral("default"));  // another program's
    Q_EMIT server_.ActionInvoked(41, QStringLiteral("default"));
    QVERIFY(QTest::qWaitFor([&] { return !opened.isEmpty(); }, patienceMs));
    QTest::qWait(50);
    QCOMPARE(opened.size(), 1);
  }
};

QTEST_GUILESS_MAIN(TestNotifier)
#include "test_notifier.moc"
