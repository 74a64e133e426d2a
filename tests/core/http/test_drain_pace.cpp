// How a stop spreads ends and returns: evenly, in time, and without a storm when the loop stood still meanwhile.
#include <QTest>
#include <algorithm>
#include <random>
#include <vector>

#include "http/drain_pace.h"

using namespace vx11::http;
using namespace std::chrono_literals;
using Ms = DrainPace::Ms;

class TestDrainPace : public QObject {
  Q_OBJECT

  struct Run {
    std::vector<Ms> ends, returns;
  };
  /// A loop that looks every 100 ms, but for a stall.
  static Run run(std::size_t streams, Ms ending, Ms stall_at, Ms stall) {
    std::mt19937 random(7);
    const DrainPace pace(streams, ending);
    Run result;
    for (Ms now(0); result.ends.size() < streams; now += now == stall_at ? stall : Ms(100)) {
      for (const std::size_t due = pace.ended_by(now); result.ends.size() < due;) {
        const auto [least, most] = pace.wait(result.ends.size(), now);
        std::uniform_int_distribution<std::int64_t> between(least.count(), most.count());
        result.ends.push_back(now);
        result.returns.push_back(now + Ms(between(random)));
      }
    }
    std::sort(result.returns.begin(), result.returns.end());
    return result;
  }

  static double storm(const std::vector<Ms>& returns) {
    std::size_t most = 0;
    for (std::size_t first = 0, last = 0; last < returns.size(); ++last) {
      while (returns[last] - returns[first] >= 100ms) ++first;
      most = std::max(most, last - first + 1);
    }
    const auto span = static_cast<double>((returns.back() - returns.front()).count());
    return static_cast<double>(most) / (static_cast<double>(returns.size()) * 100.0 / span);
  }

 private Q_SLOTS:
  void returnsAreNoStorm_data() {
    QTest::addColumn<int>("streams");
    QTest::addColumn<int>("left");
    QTest::addColumn<int>("stall");
    for (const int streams : {100, 300, 1000, 10'000}) {
      for (const int left : {0, 900, 9'700, 60'000}) {
        for (const int stall : {100, 700}) {
          QTest::addRow("%d streams in %d ms, a turn of %d ms", streams, left, stall) << streams << left << stall;
        }
      }
    }
  }
  void returnsAreNoStorm() {
    QFETCH(int, streams);
    QFETCH(int, left);
    QFETCH(int, stall);
    const Ms ending = DrainPace::time_for(static_cast<std::size_t>(streams), Ms(left));
    QVERIFY(ending <= Ms(left / 2));
    const Run made = run(static_cast<std::size_t>(streams), ending, 100ms, Ms(stall));
    QVERIFY(made.ends.back() <= ending + 100ms + Ms(stall));
    QVERIFY2(storm(made.returns) <= 3, QByteArray::number(storm(made.returns)).constData());
    for (std::size_t i = 0; i < made.ends.size(); ++i) QVERIFY(made.returns[i] >= 100ms);
  }

  void aFewEndAtOnceAndComeBackSoon() {
    const Ms ending = DrainPace::time_for(3, 10s);
    QVERIFY(ending < 100ms);
    const Run made = run(3, ending, 0ms, 100ms);
    QVERIFY(made.returns.back() <= DrainPace::least_wait + DrainPace::shortest_return);
  }

  void manyTakeHalfOfTheTimeLeftAtTheMost() {
    QCOMPARE(DrainPace::time_for(100'000, 10s), Ms(5s));
    QCOMPARE(DrainPace::time_for(100'000, -1s), Ms(0));
    QCOMPARE(DrainPace::time_for(0, 10s), Ms(0));
  }

  void endsAreEven() {
    const DrainPace pace(300, 1500ms);
    QCOMPARE(pace.ended_by(0ms), std::size_t(1));
    QCOMPARE(pace.ended_by(750ms), std::size_t(151));
    QCOMPARE(pace.ended_by(1500ms), std::size_t(300));
    QCOMPARE(DrainPace(300, 0ms).ended_by(0ms), std::size_t(300));
    QCOMPARE(DrainPace(0, 0ms).ended_by(0ms), std::size_t(0));
  }

  void aStormWouldBeSeen() {
    std::vector<Ms> together(100, 500ms);
    together.push_back(1500ms);
    QVERIFY(storm(together) > 3);
  }
};

QTEST_GUILESS_MAIN(TestDrainPace)
#include "test_drain_pace.moc"
