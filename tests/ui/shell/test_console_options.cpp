#include <QTest>

#include "console/options.h"

using namespace vx11::console;

class TestConsoleOptions : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void reads() {
    const Options options =
        parseOptions({QStringLiteral("--screenshot"), QStringLiteral("out"), QStringLiteral("--theme=dark"),
                      QStringLiteral("--size"), QStringLiteral("1920x1080"), QStringLiteral("--scale=2"),
                      QStringLiteral("--port"), QStringLiteral("0")});
    QVERIFY2(options.error.isEmpty(), qPrintable(options.error));
    QCOMPARE(options.screenshotDir, QStringLiteral("out"));
    QVERIFY(options.theme == vx11::ui::ThemeChoice::Dark);
    QCOMPARE(options.size, QSize(1920, 1080));
    QCOMPARE(options.scale, 2);
    QCOMPARE(options.scene, Scene::Healthy);
    QCOMPARE(options.firstPort, quint16(0));
    QCOMPARE(parseOptions({QStringLiteral("--profile"), QStringLiteral("eu prod")}).profile, QStringLiteral("eu prod"));
  }

  void readsTheDemonstration() {
    QVERIFY(!parseOptions({}).demo);
    const Options options = parseOptions({QStringLiteral("--demo"), QStringLiteral("--instances=10")});
    QVERIFY2(options.error.isEmpty(), qPrintable(options.error));
    QVERIFY(options.demo);
    QCOMPARE(options.instances, 10);
    QVERIFY(parseOptions({QStringLiteral("--screenshot=out"), QStringLiteral("--instances=2")}).error.isEmpty());
  }

  void readsTheScene_data() {
    QTest::addColumn<int>("scene");
    QTest::newRow("healthy") << static_cast<int>(Scene::Healthy);
    QTest::newRow("redis-down") << static_cast<int>(Scene::RedisDown);
    QTest::newRow("instance-down") << static_cast<int>(Scene::InstanceDown);
    QTest::newRow("sentinel") << static_cast<int>(Scene::Sentinel);
    QTest::newRow("failover") << static_cast<int>(Scene::Failover);
  }
  void readsTheScene() {
    QFETCH(int, scene);
    const QString word = QString::fromLatin1(QTest::currentDataTag());
    const Options options = parseOptions({QStringLiteral("--screenshot=out"), QStringLiteral("--scene"), word});
    QVERIFY2(options.error.isEmpty(), qPrintable(options.error));
    QCOMPARE(static_cast<int>(options.scene), scene);
  }

  void refuses_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("unknown") << QStringList{QStringLiteral("--colour")};
    QTest::newRow("word") << QStringList{QStringLiteral("now")};
    QTest::newRow("theme") << QStringList{QStringLiteral("--theme"), QStringLiteral("blue")};
    QTest::newRow("port") << QStringList{QStringLiteral("--port"), QStringLiteral("70000")};
    QTest::newRow("no value") << QStringList{QStringLiteral("--port")};
    QTest::newRow("too small") << QStringList{QStringLiteral("--size=640x480")};
    QTest::newRow("no size") << QStringList{QStringLiteral("--size=big")};
    QTest::newRow("scale") << QStringList{QStringLiteral("--scale"), QStringLiteral("3")};
    QTest::newRow("no instances") << QStringList{QStringLiteral("--demo"), QStringLiteral("--instances=0")};
    QTest::newRow("eleven") << QStringList{QStringLiteral("--demo"), QStringLiteral("--instances=11")};
    QTest::newRow("instances of what") << QStringList{QStringLiteral("--instances=3")};
    QTest::newRow("scene") << QStringList{QStringLiteral("--screenshot=out"), QStringLiteral("--scene=storm")};
    QTest::newRow("scene of what") << QStringList{QStringLiteral("--scene=redis-down")};
    QTest::newRow("profile in a demonstration") << QStringList{QStringLiteral("--demo"), QStringLiteral("--profile=x")};
    QTest::newRow("profile without name") << QStringList{QStringLiteral("--profile=")};
    QTest::newRow("empty folder") << QStringList{QStringLiteral("--screenshot=")};
  }
  void refuses() {
    QFETCH(QStringList, arguments);
    QVERIFY(!parseOptions(arguments).error.isEmpty());
  }

  void helpNamesEveryOption() {
    for (const char* name : {"--demo", "--profile", "--instances", "--theme", "--size", "--port", "--settings-dir", "--screenshot", "--scene",
                             "--scale", "--measure-start", "--version", "--help"})
      QVERIFY2(helpText().contains(QLatin1String(name)), name);
  }
};

QTEST_GUILESS_MAIN(TestConsoleOptions)
#include "test_console_options.moc"
