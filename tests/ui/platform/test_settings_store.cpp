#include <QTemporaryDir>
#include <QTest>

#include "platform/settings_store.h"

using namespace vx11::ui;

class TestSettingsStore : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void startsEmpty() {
    const QTemporaryDir dir;
    const SettingsStore store(dir.path());
    QVERIFY(store.geometry().isEmpty());
    QVERIFY(store.lastPage().isEmpty());
    QVERIFY(store.dock().isEmpty());
    QCOMPARE(store.preferences(), Preferences());
    QVERIFY(store.lastProfile().isEmpty());
    QVERIFY(store.viewState(QStringLiteral("tokens")).isEmpty());
  }

  void remembers() {
    const QTemporaryDir dir;
    const Preferences chosen{ThemeChoice::Dark, Density::Relaxed, false, false, 5, 120, 7};
    {
      SettingsStore store(dir.path());
      store.setGeometry("geometry");
      store.setLastPage(QStringLiteral("charts"));
      store.setDock(QStringLiteral("log"));
      store.setDockHeight(300);
      store.setPreferences(chosen);
      store.setLastProfile(QStringLiteral("cluster"));
      store.setViewState(QStringLiteral("tokens"), {{QStringLiteral("sortColumn"), 2}});
    }
    const SettingsStore store(dir.path());
    QCOMPARE(store.geometry(), QByteArray("geometry"));
    QCOMPARE(store.lastPage(), QStringLiteral("charts"));
    QCOMPARE(store.dock(), QStringLiteral("log"));
    QCOMPARE(store.dockHeight(), 300);
    QCOMPARE(store.preferences(), chosen);
    QCOMPARE(store.lastProfile(), QStringLiteral("cluster"));
    QCOMPARE(store.viewState(QStringLiteral("tokens")).value(QStringLiteral("sortColumn")).toInt(), 2);
  }

  void aTtlThatIsTheInstancesOwnAgain() {
    const QTemporaryDir dir;
    SettingsStore store(dir.path());
    Preferences chosen;
    chosen.issueTtlSec = 30;
    store.setPreferences(chosen);
    chosen.issueTtlSec.reset();
    store.setPreferences(chosen);
    QCOMPARE(SettingsStore(dir.path()).preferences(), chosen);
  }

  void whatMakesNoSenseIsAsAtFirst() {
    const QTemporaryDir dir;
    {
      QSettings file(dir.filePath(QStringLiteral("console.ini")), QSettings::IniFormat);
      file.setValue(QStringLiteral("appearance/theme"), QStringLiteral("pink"));
      file.setValue(QStringLiteral("appearance/density"), 9);
      file.setValue(QStringLiteral("issue/count"), -3);
      file.setValue(QStringLiteral("issue/ttl"), QStringLiteral("long"));
      file.setValue(QStringLiteral("local/instances"), 400);
    }
    QCOMPARE(SettingsStore(dir.path()).preferences(), Preferences());
  }

  void resetKeepsThePreferences() {
    const QTemporaryDir dir;
    Preferences chosen;
    chosen.theme = ThemeChoice::Light;
    chosen.density = Density::Compact;
    SettingsStore store(dir.path());
    store.setLastPage(QStringLiteral("charts"));
    store.setViewState(QStringLiteral("charts"), {{QStringLiteral("range"), 60}});
    store.setPreferences(chosen);
    store.resetLayout();
    QVERIFY(store.lastPage().isEmpty());
    QVERIFY(store.viewState(QStringLiteral("charts")).isEmpty());
    QCOMPARE(store.preferences(), chosen);
  }
};

QTEST_MAIN(TestSettingsStore)
#include "test_settings_store.moc"
