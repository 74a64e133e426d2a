// Axes: tops that are round and high enough, labels that fit, times that are round on the clock.
#include <QTest>
#include <QTimeZone>
#include <cmath>
#include <limits>

#include "charts/nice_scale.h"

using namespace vx11::ui;

class NiceScaleTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    qputenv("TZ", "Asia/Kathmandu");  // 5:45 from UTC: whole hours there are no multiples of an hour since the epoch
    QLocale::setDefault(QLocale::c());
  }

  void tops_data() {
    QTest::addColumn<double>("greatest");
    QTest::addColumn<Scale>("scale");
    QTest::addColumn<double>("top");
    QTest::newRow("nothing") << 0.0 << Scale::Decimal << 1.0;
    QTest::newRow("not a number") << std::nan("") << Scale::Decimal << 1.0;
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << Scale::Decimal << 1.0;
    QTest::newRow("1") << 1.0 << Scale::Decimal << 1.0;
    QTest::newRow("just over 1") << 1.01 << Scale::Decimal << 2.0;
    QTest::newRow("3") << 3.0 << Scale::Decimal << 4.0;
    QTest::newRow("4.2") << 4.2 << Scale::Decimal << 5.0;
    QTest::newRow("5.5") << 5.5 << Scale::Decimal << 6.0;
    QTest::newRow("7") << 7.0 << Scale::Decimal << 8.0;
    QTest::newRow("9") << 9.0 << Scale::Decimal << 10.0;
    QTest::newRow("0.3 as a sum") << 0.1 + 0.2 + 0.1 << Scale::Decimal << 0.4;
    QTest::newRow("43") << 43.0 << Scale::Decimal << 50.0;
    QTest::newRow("12,345") << 12345.0 << Scale::Decimal << 20000.0;
    QTest::newRow("0.0031") << 0.0031 << Scale::Decimal << 0.004;
    QTest::newRow("no streams") << 0.0 << Scale::Count << 2.0;
    QTest::newRow("1 stream") << 1.0 << Scale::Count << 2.0;
    QTest::newRow("5 streams, half is whole") << 5.0 << Scale::Count << 6.0;
    QTest::newRow("48 streams") << 48.0 << Scale::Count << 50.0;
    QTest::newRow("427 MiB") << 427.0 << Scale::Binary << 512.0;
    QTest::newRow("512 MiB") << 512.0 << Scale::Binary << 512.0;
    QTest::newRow("513 MiB") << 513.0 << Scale::Binary << 1024.0;
    QTest::newRow("a quarter MiB") << 0.25 << Scale::Binary << 1.0;
    QTest::newRow("27 percent") << 27.0 << Scale::Percent << 100.0;
  }
  void tops() {
    QFETCH(double, greatest);
    QFETCH(Scale, scale);
    QFETCH(double, top);
    const double made = niceTop(greatest, scale);
    QVERIFY2(std::abs(made - top) < 1e-9 * top, qPrintable(QString::number(made)));
  }

  void topIsNeverTooLow() {
    for (double value = 1e-4; value < 1e7; value *= 1.013) {
      for (const Scale scale : {Scale::Decimal, Scale::Count, Scale::Binary}) {
        QVERIFY(niceTop(value, scale) >= value * (1 - 1e-8));
        if (value > 2) QVERIFY(niceTop(value, scale) <= 2.01 * value);
      }
    }
  }

  void labels_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("0") << 0.0 << "0";
    QTest::newRow("0.5") << 0.5 << "0.5";
    QTest::newRow("2.5") << 2.5 << "2.5";
    QTest::newRow("0.005") << 0.005 << "0.005";
    QTest::newRow("100") << 100.0 << "100";
    QTest::newRow("1,000") << 1000.0 << "1000";
    QTest::newRow("40k") << 40000.0 << "40k";
    QTest::newRow("1.5M") << 1.5e6 << "1.5M";
  }
  void labels() {
    QFETCH(double, value);
    QTEST(axisLabel(value), "text");
    QVERIFY(axisLabel(value).size() <= 5);
  }

  void times_data() {
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<qint64>("interval");
    QTest::newRow("1 m") << qint64{60} << qint64{15};
    QTest::newRow("5 m") << qint64{300} << qint64{60};
    QTest::newRow("15 m") << qint64{900} << qint64{180};
    QTest::newRow("1 h") << qint64{3600} << qint64{900};
    QTest::newRow("5 s") << qint64{5} << qint64{1};
  }
  void times() {
    QFETCH(qint64, seconds);
    QFETCH(qint64, interval);
    const qint64 to = 1'700'000'123'000;
    const TimeTicks ticks = timeTicks(to - seconds * 1000, to, 6);
    QCOMPARE(ticks.interval, interval * 1000);
    QVERIFY(!ticks.at.empty() && ticks.at.size() <= 6);
    for (const qint64 at : ticks.at) {
      QVERIFY(at >= to - seconds * 1000 && at <= to);
      const QTime local = QDateTime::fromMSecsSinceEpoch(at).time();
      QCOMPARE((local.hour() * 3600 + local.minute() * 60 + local.second()) % interval, 0);
    }
  }

  void withoutRoomThereAreNoTimes() {
    QVERIFY(timeTicks(1000, 1000, 5).at.empty());
    QVERIFY(timeTicks(0, 60'000, 0).at.empty());
  }
};

QTEST_GUILESS_MAIN(NiceScaleTest)
#include "test_nice_scale.moc"
