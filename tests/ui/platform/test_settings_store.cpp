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
    QCOMPARE(store.theme(), ThemeChoice::System);
    QVERIFY(store.viewState(QStringLiteral("tokens")).isEmpty());
  }

  void remembers() {
    const QTemporaryDir dir;
    {
      SettingsStore store(dir.path());
      store.setGeometry("geometry");
      store.setLastPage(QStringLiteral("charts"));
      store.setDock(QStringLiteral("log"));
      store.setDockHeight(300);
      store.setTheme(ThemeChoice::Dark);
      store.setViewState(QStringLiteral("tokens"), {{QStringLiteral("density"), 2}});
    }
    const SettingsStore store(dir.path());
    QCOMPARE(store.geometry(), QByteArray("geometry"));
    QCOMPARE(store.lastPage(), QStringLiteral("charts"));
    QCOMPARE(store.dock(), QStringLiteral("log"));
    QCOMPARE(store.dockHeight(), 300);
    QCOMPARE(store.theme(), ThemeChoice::Dark);
    QCOMPARE(store.viewState(QStringLiteral("tokens")).value(QStringLiteral("density")).toInt(), 2);
  }

  void resetKeepsTheTheme() {
    const QTemporaryDir dir;
    SettingsStore store(dir.path());
    store.setLastPage(QStringLiteral("charts"));
    store.setViewState(QStringLiteral("charts"), {{QStringLiteral("range"), 60}});
    store.setTheme(ThemeChoice::Light);
    store.resetLayout();
    QVERIFY(store.lastPage().isEmpty());
    QVERIFY(store.viewState(QStringLiteral("charts")).isEmpty());
    QCOMPARE(store.theme(), ThemeChoice::Light);
  }
};

QTEST_MAIN(TestSettingsStore)
#include "test_settings_store.moc"
