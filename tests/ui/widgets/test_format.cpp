// How numbers, times and names are written: every rule of the visual specification with its edges.
#include <QLocale>
#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <limits>

#include "widgets/format.h"

using namespace vx11::ui;

namespace {
constexpr double noAnswer = std::numeric_limits<double>::quiet_NaN();
}

class TestFormat : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    qputenv("TZ", "UTC");
  }

  void unknownIsAWord() {
    QCOMPARE(format::count({}), QStringLiteral("unknown"));
    QCOMPARE(format::rate({}), QStringLiteral("unknown"));
    QCOMPARE(format::rate(noAnswer), QStringLiteral("unknown"));
    QCOMPARE(format::latency({}), QStringLiteral("unknown"));
    QCOMPARE(format::bytes({}), QStringLiteral("unknown"));
    QCOMPARE(format::ratio(noAnswer), QStringLiteral("unknown"));
    QCOMPARE(format::duration({}), QStringLiteral("unknown"));
    QCOMPARE(format::clockTime({}), QStringLiteral("unknown"));
    QVERIFY(!format::rateParts({}).known);
    QVERIFY(format::rateParts({}).unit.isEmpty());
  }

  void counts() {
    QCOMPARE(format::count(0), QStringLiteral("0"));
    QCOMPARE(format::count(4318), QStringLiteral("4,318"));
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    QCOMPARE(format::count(4318), QStringLiteral("4.318"));
    QCOMPARE(format::rate(6.2), QStringLiteral("6,2/s"));
    QLocale::setDefault(before);
  }

  void rates_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero is a measurement") << 0.0 << "0.0/s";
    QTest::newRow("one digit") << 6.23 << "6.2/s";
    QTest::newRow("last with a digit") << 99.94 << "99.9/s";
    QTest::newRow("written as 100") << 99.96 << "100/s";
    QTest::newRow("none above") << 123.4 << "123/s";
    QTest::newRow("grouped") << 12345.6 << "12,346/s";
    QTest::newRow("never below zero") << -0.5 << "0.0/s";
  }
  void rates() {
    QFETCH(double, value);
    QTEST(format::rate(value), "text");
  }

  void latencies_data() {
    QTest::addColumn<double>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << "0.0 ms";
    QTest::newRow("too small to say") << 0.001 << "<0.01 ms";
    QTest::newRow("not written as zero") << 0.04 << "0.04 ms";
    QTest::newRow("below 10") << 0.9 << "0.9 ms";
    QTest::newRow("just below 10") << 9.94 << "9.9 ms";
    QTest::newRow("written as 10") << 9.96 << "10 ms";
    QTest::newRow("ms") << 38.2 << "38 ms";
    QTest::newRow("last ms") << 999.4 << "999 ms";
    QTest::newRow("written as a second") << 999.6 << "1.00 s";
    QTest::newRow("seconds") << 1240.0 << "1.24 s";
  }
  void latencies() {
    QFETCH(double, ms);
    QTEST(format::latency(ms), "text");
  }

  void sizes_data() {
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64{0} << "0 B";
    QTest::newRow("bytes") << qint64{1023} << "1,023 B";
    QTest::newRow("KiB") << qint64{1024} << "1.0 KiB";
    QTest::newRow("one digit below 10") << qint64{1'468'006} << "1.4 MiB";
    QTest::newRow("none from 10 on") << qint64{427} * 1024 * 1024 << "427 MiB";
    QTest::newRow("written as the next unit") << qint64{1024} * 1024 - 1 << "1.0 MiB";
    QTest::newRow("GiB") << qint64{3} * 1024 * 1024 * 1024 << "3.0 GiB";
  }
  void sizes() {
    QFETCH(qint64, bytes);
    QTEST(format::bytes(bytes), "text");
  }

  void ratios_data() {
    QTest::addColumn<double>("ratio");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << 0.0 << "0 %";
    QTest::newRow("a little is not none") << 0.001 << "<1 %";
    QTest::newRow("whole") << 0.834 << "83 %";
    QTest::newRow("99") << 0.99 << "99 %";
    QTest::newRow("a digit over 99") << 0.994 << "99.4 %";
    QTest::newRow("not all") << 0.99999 << "99.9 %";
    QTest::newRow("all") << 1.0 << "100 %";
  }
  void ratios() {
    QFETCH(double, ratio);
    QTEST(format::ratio(ratio), "text");
  }

  void durations_data() {
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << qint64{0} << "0 s";
    QTest::newRow("seconds") << qint64{51} << "51 s";
    QTest::newRow("a minute") << qint64{60} << "60 s";
    QTest::newRow("over a minute") << qint64{61} << "1 min";
    QTest::newRow("minutes") << qint64{299} << "4 min";
    QTest::newRow("an hour") << qint64{3600} << "1 h";
    QTest::newRow("two units") << qint64{2 * 3600 + 11 * 60 + 59} << "2 h 11 min";
    QTest::newRow("days") << qint64{3 * 86400 + 4 * 3600 + 59} << "3 d 4 h";
    QTest::newRow("whole days") << qint64{2 * 86400 + 59} << "2 d";
    QTest::newRow("never negative") << qint64{-5} << "0 s";
  }
  void durations() {
    QFETCH(qint64, seconds);
    QTEST(format::duration(seconds), "text");
  }

  void countdowns_data() {
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("drain") << qint64{38} << "0:38";
    QTest::newRow("minutes") << qint64{724} << "12:04";
    QTest::newRow("hours") << qint64{3723} << "1:02:03";
    QTest::newRow("over") << qint64{-1} << "0:00";
  }
  void countdowns() {
    QFETCH(qint64, seconds);
    QTEST(format::countdown(seconds), "text");
  }

  void timesLeft() {
    QCOMPARE(format::timeLeft(60), QStringLiteral("60 s"));
    QCOMPARE(format::timeLeft(61), QStringLiteral("1:01"));
    QCOMPARE(format::timeLeft(252), QStringLiteral("4:12"));
  }

  void secondsLeftIsZeroOnlyAtTheEnd() {
    QCOMPARE(format::secondsLeft(60'000), 60);
    QCOMPARE(format::secondsLeft(59'001), 60);
    QCOMPARE(format::secondsLeft(1), 1);
    QCOMPARE(format::secondsLeft(0), 0);
    QCOMPARE(format::secondsLeft(-10), 0);
    QCOMPARE(format::age(12), QStringLiteral("12 s old"));
  }

  void times() {
    const QDateTime time(QDate(2026, 11, 21), QTime(16, 40, 36, 123));
    QCOMPARE(format::clockTime(time), QStringLiteral("16:40:36"));
    QCOMPARE(format::clockTimeMs(time), QStringLiteral("16:40:36.123"));
    QCOMPARE(format::moment(time, QDate(2026, 11, 21)), QStringLiteral("16:40:36"));
    QCOMPARE(format::moment(time, QDate(2026, 11, 22)), QStringLiteral("21 Nov 16:40"));
    QVERIFY2(QRegularExpression(QStringLiteral("^2026-11-21T16:40:36\\.123(Z|[+-]\\d\\d:\\d\\d)$"))
                 .match(format::iso(time)).hasMatch(), qPrintable(format::iso(time)));
  }

  void names() {
    QCOMPARE(format::elideMiddle(QStringLiteral("short"), 9), QStringLiteral("short"));
    QCOMPARE(format::elideMiddle(QStringLiteral("0123456789abcdef"), 9), QStringLiteral("0123\u2026cdef"));
    QCOMPARE(format::elideMiddle(QStringLiteral("0123456789abcdef"), 9).size(), 9);
    QCOMPARE(format::address(QUrl(QStringLiteral("http://127.0.0.1:8011/x"))), QStringLiteral("127.0.0.1:8011"));
    QCOMPARE(format::address(QUrl(QStringLiteral("http://[::1]:8011"))), QStringLiteral("[::1]:8011"));
    QCOMPARE(format::address(QUrl(QStringLiteral("http://host"))), QStringLiteral("host"));
  }
};

QTEST_GUILESS_MAIN(TestFormat)
#include "test_format.moc"
