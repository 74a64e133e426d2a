#include <QTest>
#include <cmath>

#include "cluster/history.h"

using namespace vx11::cluster;

namespace {
std::vector<double> values(const std::vector<Point>& points) {
  std::vector<double> out;
  for (const auto& point : points) out.push_back(point.value);
  return out;
}
bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return (std::isnan(x) && std::isnan(y)) || std::abs(x - y) < 1e-6;
  });
}
const double gap = std::nan("");
}  // namespace

class HistoryTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void emptyKnowsNothing() {
    History history;
    QVERIFY(history.slots_().isEmpty());
    QVERIFY(!history.firstSampleAt());
    QVERIFY(!history.latest(Metric::LiveTokens, 0));
    QVERIFY(same(values(history.series(Metric::LiveTokens, 0, 0, 2000, 10)), {gap, gap, gap}));
    QVERIFY(history.series(Metric::LiveTokens, 0, 2000, 0, 10).empty());
  }

  void gapsAreNotZero() {
    History history;
    history.add(0, 10'400, {{Metric::LiveTokens, 5}});
    history.add(0, 12'999, {{Metric::LiveTokens, 7}});
    const auto points = history.series(Metric::LiveTokens, 0, 9'500, 14'000, 100);
    QCOMPARE(points.size(), 5U);
    QCOMPARE(points.front().at, 10'000);
    QVERIFY(same(values(points), {5, gap, 7, gap, gap}));
    QCOMPARE(history.firstSampleAt(), 10'000);
  }

  void aMetricThatIsLeftOutIsAGap() {
    History history;
    history.add(0, 1000, {{Metric::LiveTokens, 5}, {Metric::OpenStreams, 1}});
    history.add(0, 2000, {{Metric::OpenStreams, 2}});
    QVERIFY(same(values(history.series(Metric::LiveTokens, 0, 1000, 2000, 10)), {5, gap}));
    QVERIFY(!history.latest(Metric::LiveTokens, 0));
    QCOMPARE(history.latest(Metric::OpenStreams, 0), 2.0);
  }

  void oneSampleASecondTheLastWins() {
    History history;
    history.add(0, 1000, {{Metric::LiveTokens, 5}, {Metric::OpenStreams, 3}});
    history.add(0, 1900, {{Metric::LiveTokens, 6}});
    QVERIFY(same(values(history.series(Metric::LiveTokens, 0, 0, 1999, 10)), {gap, 6}));
    QVERIFY(same(values(history.series(Metric::OpenStreams, 0, 1000, 1999, 10)), {gap}));
  }

  void theRingForgetsTheOldest() {
    History history(10);
    for (int second = 0; second < 25; ++second) history.add(0, second * 1000, {{Metric::IssueRate, second}});
    QCOMPARE(history.firstSampleAt(), 15'000);
    QVERIFY(same(values(history.series(Metric::IssueRate, 0, 13'000, 17'000, 100)), {gap, gap, 15, 16, 17}));
    history.add(0, 200'000, {{Metric::IssueRate, 1}});
    QVERIFY(same(values(history.series(Metric::IssueRate, 0, 197'000, 200'000, 100)), {gap, gap, gap, 1}));
  }

  void aClockSetBackStartsAnew() {
    History history(10);
    history.add(0, 100'000, {{Metric::IssueRate, 1}});
    history.add(0, 5'000, {{Metric::IssueRate, 2}});
    history.add(0, 6'000, {{Metric::IssueRate, 3}});
    QVERIFY(same(values(history.series(Metric::IssueRate, 0, 5'000, 6'000, 10)), {2, 3}));
    QVERIFY(same(values(history.series(Metric::IssueRate, 0, 100'000, 100'000, 10)), {gap}));
  }

  void averagesInAtMostSoManySteps_data() {
    QTest::addColumn<int>("seconds");
    QTest::addColumn<int>("maxPoints");
    for (int seconds : {1, 59, 60, 61, 599, 601, 3600}) {
      for (int points : {1, 7, 600}) QTest::addRow("%d in %d", seconds, points) << seconds << points;
    }
  }
  void averagesInAtMostSoManySteps() {
    QFETCH(int, seconds);
    QFETCH(int, maxPoints);
    History history;
    for (int second = 0; second < seconds; ++second) history.add(0, 7'000 + second * 1000, {{Metric::CheckRate, 4}});
    const auto points = history.series(Metric::CheckRate, 0, 7'000, 6'000 + seconds * 1000, maxPoints);
    QVERIFY(!points.empty());
    QVERIFY(static_cast<int>(points.size()) <= maxPoints);
    QVERIFY(static_cast<int>(points.size()) * 3 >= std::min(maxPoints, seconds));
    QCOMPARE(points.front().at, 7'000);
    for (const auto& point : points) QCOMPARE(point.value, 4.0);
    for (std::size_t i = 1; i < points.size(); ++i) QVERIFY(points[i].at > points[i - 1].at);
  }

  void stepsDontMoveWithTheWindow() {
    History history;
    for (int second = 0; second < 200; ++second) history.add(0, second * 1000, {{Metric::CheckRate, second % 7}});
    const auto before = history.series(Metric::CheckRate, 0, 20'000, 119'000, 20);
    const auto after = history.series(Metric::CheckRate, 0, 21'000, 120'000, 20);
    int shared = 0;
    for (std::size_t i = 1; i + 1 < before.size(); ++i) {
      for (const auto& point : after) {
        if (point.at != before[i].at) continue;
        ++shared;
        QCOMPARE(point.value, before[i].value);
      }
    }
    QVERIFY(shared > 5);
  }

  void combinesByTheMetricsNature() {
    History history;
    history.add(0, 1000, {{Metric::LiveTokens, 5}, {Metric::CheckP95, 1}, {Metric::LocalHitRate, 9},
                          {Metric::MissRate, 1}, {Metric::HitRatio, 0.9}});
    history.add(1, 1000, {{Metric::LiveTokens, 7}, {Metric::CheckP95, 3}, {Metric::LocalHitRate, 0},
                          {Metric::MissRate, 10}, {Metric::HitRatio, 0}});
    history.add(1, 2000, {{Metric::LiveTokens, 8}});
    history.add(1, 4000, {});
    QVERIFY(same(values(history.combined(Metric::LiveTokens, 1000, 3000, 10)), {12, 8, gap}));
    QVERIFY(same(values(history.combined(Metric::CheckP95, 1000, 3000, 10)), {3, gap, gap}));
    QVERIFY(same(values(history.combined(Metric::HitRatio, 1000, 3000, 10)), {9.0 / 20, gap, gap}));
    QVERIFY(same(values(history.reporting(Metric::LiveTokens, 1000, 3000, 10)), {2, 1, 0}));
    QCOMPARE(history.slots_(), (QList<int>{0, 1}));
  }

  void theNewestSecondWaitsForAll() {
    History history;
    for (const int slot : {0, 1, 2}) history.add(slot, 1000, {{Metric::CheckRate, 4}, {Metric::LocalHitRate, 2}, {Metric::MissRate, 2}});
    history.add(-1, 1000, {{Metric::RedisMemory, 100}});  // it is never asked for checks
    const auto checks = [&] { return values(history.combined(Metric::CheckRate, 1000, 3000, 10)); };
    const auto ratio = [&] { return values(history.combined(Metric::HitRatio, 1000, 3000, 10)); };
    history.add(0, 2000, {{Metric::CheckRate, 5}, {Metric::LocalHitRate, 0}, {Metric::MissRate, 5}});
    history.add(1, 2000, {{Metric::CheckRate, 5}, {Metric::LocalHitRate, 0}, {Metric::MissRate, 5}});
    QVERIFY(same(checks(), {12, gap, gap}));  // no dip while the third is on its way
    QVERIFY(same(ratio(), {0.5, gap, gap}));
    history.add(2, 2000, {{Metric::CheckRate, 6}, {Metric::LocalHitRate, 6}, {Metric::MissRate, 0}});
    QVERIFY(same(checks(), {12, 16, gap}));
    QVERIFY(same(ratio(), {0.5, 0.375, gap}));
    // One that stays away is waited for two seconds and no longer.
    for (const int second : {3, 4}) {
      for (const int slot : {0, 1}) history.add(slot, second * 1000, {{Metric::CheckRate, 5}});
      QVERIFY(same(checks(), {12, 16, gap}));
    }
    history.add(0, 5000, {{Metric::CheckRate, 5}});
    QVERIFY(same(checks(), {12, 16, 10}));
  }

  void aRatioIsOfTheSums() {
    History history;
    // Two quiet seconds of misses beside one busy second of hits, on two instances of unlike load.
    history.add(0, 1000, {{Metric::LocalHitRate, 0}, {Metric::MissRate, 1}});
    history.add(0, 2000, {{Metric::LocalHitRate, 0}, {Metric::RedisHitRate, 1}});
    history.add(0, 3000, {{Metric::LocalHitRate, 98}});
    history.add(1, 3000, {{Metric::LocalHitRate, 0}, {Metric::MissRate, 100}});
    QVERIFY(same(values(history.series(Metric::HitRatio, 0, 1000, 3000, 1)), {0.98}));
    QVERIFY(same(values(history.combined(Metric::HitRatio, 1000, 3000, 1)), {0.49}));
    QVERIFY(same(values(history.combined(Metric::HitRatio, 4000, 4000, 1)), {gap}));
    history.add(0, 6000, {{Metric::HitRatio, 0.25}});  // the rates weren't told
    QVERIFY(same(values(history.combined(Metric::HitRatio, 6000, 6000, 1)), {0.25}));
  }

  void theOneRedisIsNotSummed() {
    History history;
    history.add(0, 1000, {{Metric::RedisMemory, 100}, {Metric::RedisCommandRate, 31}});
    history.add(1, 1000, {{Metric::RedisMemory, 101}, {Metric::RedisCommandRate, 30}});
    QVERIFY(same(values(history.combined(Metric::RedisMemory, 1000, 1000, 1)), {101}));
    QVERIFY(same(values(history.combined(Metric::RedisCommandRate, 1000, 1000, 1)), {31}));
  }

  void marksAreBoundedAndInOrder() {
    History history;
    for (int i = 0; i < 3000; ++i) history.mark({TimeMark::Kind::Drain, i, QStringLiteral("a"), {}});
    const auto marks = history.marks(0, 5000);
    QVERIFY(marks.size() >= 100 && marks.size() <= 2000);
    QCOMPARE(marks.back().at, 2999);
    history.mark({TimeMark::Kind::Alert, 2500, QStringLiteral("late"), {}});
    QCOMPARE(history.marks(2500, 2500).size(), 2);
    QCOMPARE(history.marks(2500, 2500).back().instance, QStringLiteral("late"));
  }
};

QTEST_GUILESS_MAIN(HistoryTest)
#include "history_test.moc"
