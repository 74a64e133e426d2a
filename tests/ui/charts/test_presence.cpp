// Gaps: what is one, what is only a slower poll, and what the value at a time is.
#include <QTest>
#include <cmath>
#include <limits>

#include "charts/presence.h"

using namespace vx11::ui;
using vx11::cluster::Point;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// One point a second from 100 s on; a dot is no value.
std::vector<Point> curve(const char* pattern) {
  std::vector<Point> points;
  qint64 at = 100'000;
  for (const char* c = pattern; *c != '\0'; ++c, at += 1000) points.push_back({at, *c == '.' ? none : *c - '0'});
  return points;
}

std::vector<Point> silence(int before, int seconds, int after) {
  return curve((std::string(static_cast<size_t>(before), '1') + std::string(static_cast<size_t>(seconds), '.') +
                std::string(static_cast<size_t>(after), '1'))
                   .c_str());
}

}  // namespace

class PresenceTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void runsAreWhatLiesBetweenGaps() {
    QCOMPARE(runs(curve("")), std::vector<Run>{});
    QCOMPARE(runs(curve("...")), std::vector<Run>{});
    QCOMPARE(runs(curve("12.3..45")), (std::vector<Run>{{0, 2}, {3, 1}, {6, 2}}));
    QCOMPARE(runs(curve("..7")), (std::vector<Run>{{2, 1}}));
  }

  void aSlowPollIsNoGap() {
    // Minimised: one answer in 15 s.
    const auto found = presence(silence(1, 14, 1), {}, 1000, 100'000);
    QVERIFY(found.outages.empty());
    QCOMPARE(std::count(found.notAsked.begin(), found.notAsked.end(), true), 14);
    auto points = silence(1, 14, 1);
    leaveOut(points, found.notAsked);
    QCOMPARE(points.size(), std::size_t{2});
    QCOMPARE(runs(points).size(), std::size_t{1});
  }

  void aLongSilenceIsOne() {
    const auto found = presence(silence(10, 31, 10), {}, 1000, 100'000);
    QCOMPARE(found.outages, (std::vector<TimeSpan>{{110'000, 141'000}}));
    QVERIFY(std::find(found.notAsked.begin(), found.notAsked.end(), true) == found.notAsked.end());
  }

  void aKnownEndMakesAShortOneToo() {
    const auto found = presence(silence(10, 3, 10), {111'400}, 1000, 100'000);
    QCOMPARE(found.outages, (std::vector<TimeSpan>{{110'000, 113'000}}));
    QVERIFY(presence(silence(10, 3, 10), {150'000}, 1000, 100'000).outages.empty());
  }

  void itMayStillLast() {
    QCOMPARE(presence(silence(5, 25, 0), {}, 1000, 100'000).outages, (std::vector<TimeSpan>{{105'000, 130'000}}));
    // The newest second hasn't been asked yet.
    QVERIFY(presence(silence(5, 2, 0), {}, 1000, 100'000).outages.empty());
  }

  void beforeTheFirstSampleThereIsNone() {
    QVERIFY(presence(silence(0, 60, 5), {}, 1000, 160'000).outages.empty());
    // But it goes on from before the window.
    QCOMPARE(presence(silence(0, 60, 5), {}, 1000, 50'000).outages, (std::vector<TimeSpan>{{100'000, 160'000}}));
  }

  void valueAt_data() {
    QTest::addColumn<qint64>("at");
    QTest::addColumn<double>("value");
    QTest::newRow("before") << qint64{99'999} << none;
    QTest::newRow("first") << qint64{100'000} << 4.0;
    QTest::newRow("between") << qint64{100'900} << 4.0;
    QTest::newRow("second") << qint64{101'000} << 5.0;
    QTest::newRow("in the gap") << qint64{102'500} << none;
    QTest::newRow("after the end") << qint64{200'000} << 6.0;
  }
  void valueAt() {
    QFETCH(qint64, at);
    QFETCH(double, value);
    const double found = vx11::ui::valueAt(curve("45.6"), at);
    if (std::isnan(value))
      QVERIFY(std::isnan(found));
    else
      QCOMPARE(found, value);
  }

  void newestIsTheEndOfTheCurve() {
    QCOMPARE(newestValue(curve("456")), 6.0);
    QVERIFY(std::isnan(newestValue(curve("45."))));
    QVERIFY(std::isnan(newestValue({})));
  }
};

QTEST_GUILESS_MAIN(PresenceTest)
#include "test_presence.moc"
