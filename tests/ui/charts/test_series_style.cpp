// Every metric and instance has a look of its own, in both themes, and instances keep theirs.
#include <QSet>
#include <QTest>

#include "charts/series_style.h"

using namespace vx11::ui;
using vx11::cluster::Metric;
using vx11::cluster::metricCount;

class SeriesStyleTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void metrics_data() {
    QTest::addColumn<Metric>("metric");
    QTest::addColumn<int>("slot");
    QTest::addColumn<Qt::PenStyle>("dash");
    QTest::newRow("local hits") << Metric::LocalHitRate << 1 << Qt::SolidLine;
    QTest::newRow("ratio") << Metric::HitRatio << 1 << Qt::SolidLine;
    QTest::newRow("redis hits") << Metric::RedisHitRate << 2 << Qt::SolidLine;
    QTest::newRow("redis memory") << Metric::RedisMemory << 2 << Qt::SolidLine;
    QTest::newRow("misses") << Metric::MissRate << 3 << Qt::DashLine;
    QTest::newRow("checked") << Metric::CheckRate << 4 << Qt::SolidLine;
    QTest::newRow("streams") << Metric::OpenStreams << 5 << Qt::SolidLine;
    QTest::newRow("issued") << Metric::IssueRate << 6 << Qt::SolidLine;
    QTest::newRow("refused") << Metric::RefusedRate << 7 << Qt::SolidLine;
    QTest::newRow("p50") << Metric::CheckP50 << 8 << Qt::DotLine;
    QTest::newRow("p95") << Metric::CheckP95 << 8 << Qt::SolidLine;
    QTest::newRow("p99") << Metric::CheckP99 << 8 << Qt::DashLine;
    QTest::newRow("commands") << Metric::RedisCommandRate << 8 << Qt::SolidLine;
  }
  void metrics() {
    QFETCH(Metric, metric);
    QTEST(metricStyle(metric).slot, "slot");
    QTEST(metricStyle(metric).dash, "dash");
  }

  void everyMetricHasASlot() {
    for (int i = 0; i < metricCount; ++i) {
      const int slot = metricStyle(static_cast<Metric>(i)).slot;
      QVERIFY2(slot >= 1 && slot <= 8, qPrintable(QString::number(i)));
    }
  }

  void instancesGoByTheTable() {
    const int expected[] = {1, 3, 5, 2, 4, 6, 7, 8, 1, 3};
    for (int i = 0; i < 10; ++i) {
      QCOMPARE(instanceStyle(i).slot, expected[i]);
      QCOMPARE(instanceStyle(i).dash, i < 8 ? Qt::SolidLine : Qt::DashLine);
    }
  }

  void tenInstancesLookDifferentInBothThemes() {
    for (const Theme& theme : {Theme::light(), Theme::darkTheme()}) {
      QSet<QString> looks;
      for (int i = 0; i < 10; ++i) {
        const QPen pen = seriesPen(instanceStyle(i), theme);
        looks +=
            pen.color().name() + (pen.style() == Qt::SolidLine ? QStringLiteral(" solid") : QStringLiteral(" dashed"));
      }
      QCOMPARE(looks.size(), 10);
    }
  }

  void p95IsTheThickOne() {
    const Theme theme = Theme::light();
    QCOMPARE(seriesPen(metricStyle(Metric::CheckP95), theme).widthF(), 2.0);
    QVERIFY(seriesPen(metricStyle(Metric::CheckP99), theme).widthF() < 2.0);
    QVERIFY(seriesPen(metricStyle(Metric::CheckP50), theme).dashPattern() !=
            seriesPen(metricStyle(Metric::CheckP99), theme).dashPattern());
  }

  void themesDiffer() {
    for (int slot = 1; slot <= 8; ++slot) QVERIFY(Theme::light().series(slot) != Theme::darkTheme().series(slot));
  }
};

QTEST_GUILESS_MAIN(SeriesStyleTest)
#include "test_series_style.moc"
