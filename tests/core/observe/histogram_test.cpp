#include <QtTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include "observe/histogram_buckets.h"
#include "observe/metrics.h"

using namespace vx11::observe;
using namespace std::chrono_literals;

class HistogramTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bucketsFollowEachOther();
  void bucketsAreNarrow();
  void quantilesAreNearTheExactOnes_data();
  void quantilesAreNearTheExactOnes();
  void emptyAndExtremeValues();
  void countsUpToABound();
  void losesNothingToThreads();
  void recentForgets();
};

void HistogramTest::bucketsFollowEachOther() {
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    const auto start = bucket_start(bucket);
    QCOMPARE(bucket_of(start), bucket);
    if (bucket > 0) QCOMPARE(bucket_of(start - 1), bucket - 1);
  }
  QCOMPARE(bucket_of(std::numeric_limits<std::uint64_t>::max()), bucket_count - 1);
}

void HistogramTest::bucketsAreNarrow() {
  for (std::size_t bucket = bucket_of(1000) + 1; bucket + 1 < bucket_count; ++bucket) {
    const auto low = static_cast<double>(bucket_start(bucket));
    const auto high = static_cast<double>(bucket_start(bucket + 1));
    QVERIFY2((high - low) / low < 0.07, qPrintable(QString::number(bucket)));
  }
  QVERIFY(bucket_start(bucket_count - 1) > 60'000'000'000U);
}

void HistogramTest::quantilesAreNearTheExactOnes_data() {
  QTest::addColumn<double>("median_ns");
  QTest::addColumn<double>("spread");
  QTest::newRow("microseconds") << 3e3 << 0.5;
  QTest::newRow("milliseconds") << 4e6 << 1.0;
  QTest::newRow("seconds, long tail") << 2e8 << 1.5;
}

void HistogramTest::quantilesAreNearTheExactOnes() {
  QFETCH(double, median_ns);
  QFETCH(double, spread);
  std::mt19937_64 random(42);
  std::lognormal_distribution<double> values(std::log(median_ns), spread);
  Histogram histogram;
  std::vector<std::int64_t> all;
  std::uint64_t sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto ns = std::clamp<std::int64_t>(static_cast<std::int64_t>(values(random)), 1'000, 60'000'000'000);
    all.push_back(ns);
    sum += static_cast<std::uint64_t>(ns);
    histogram.observe(std::chrono::nanoseconds{ns});
  }
  std::sort(all.begin(), all.end());
  const auto snapshot = histogram.snapshot();
  QCOMPARE(snapshot.count, std::uint64_t{20'000});
  QCOMPARE(snapshot.sum_ns, sum);
  for (const double q : {0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const auto exact = static_cast<double>(all[static_cast<std::size_t>(std::ceil(q * 20'000)) - 1]);
    const auto shown = static_cast<double>(snapshot.quantile(q).count());
    QVERIFY2(shown >= exact && shown <= exact * 1.07,
             qPrintable(QString("q %1: %2 for %3").arg(q).arg(shown).arg(exact)));
  }
}

void HistogramTest::emptyAndExtremeValues() {
  Histogram histogram;
  QCOMPARE(histogram.snapshot().quantile(0.5).count(), 0);
  histogram.observe(-5s);  // a clock that stepped back
  histogram.observe(0ns);
  QCOMPARE(histogram.snapshot().count, std::uint64_t{2});
  QCOMPARE(histogram.snapshot().sum_ns, std::uint64_t{0});
  QVERIFY(histogram.snapshot().quantile(1) <= 64ns);
  histogram.observe(std::chrono::hours{24 * 365});
  QVERIFY(histogram.snapshot().quantile(1) > 60s);
}

void HistogramTest::countsUpToABound() {
  Histogram histogram;
  for (int ms = 1; ms <= 1000; ++ms) histogram.observe(std::chrono::milliseconds{ms});
  const auto snapshot = histogram.snapshot();
  for (const int bound : {1, 5, 10, 25, 50, 100, 250, 500, 999}) {
    const auto counted = static_cast<int>(snapshot.count_up_to(std::chrono::milliseconds{bound}));
    QVERIFY2(counted >= bound && counted <= bound + bound / 16 + 1,
             qPrintable(QString("%1: %2").arg(bound).arg(counted)));
  }
  QCOMPARE(snapshot.count_up_to(10s), std::uint64_t{1000});
  QCOMPARE(snapshot.count_up_to(0s), std::uint64_t{0});
}

void HistogramTest::losesNothingToThreads() {
  Histogram histogram;
  std::vector<std::thread> running;
  for (int i = 0; i < 12; ++i) {
    running.emplace_back([&histogram, i] {
      for (int n = 0; n < 10'000; ++n) histogram.observe(std::chrono::microseconds{i + 1});
    });
  }
  for (auto& thread : running) thread.join();
  QCOMPARE(histogram.snapshot().count, std::uint64_t{120'000});
  QCOMPARE(histogram.snapshot().sum_ns, std::uint64_t{78} * 10'000 * 1'000);
}

void HistogramTest::recentForgets() {
  Histogram histogram;
  histogram.observe(9s);  // before it began: not recent
  RecentQuantiles recent(histogram, 3);
  QCOMPARE(recent.values().count, std::uint64_t{0});
  QCOMPARE(recent.values().p99.count(), 0);

  for (int i = 0; i < 100; ++i) histogram.observe(1ms);
  QCOMPARE(recent.values().count, std::uint64_t{100});
  QVERIFY(recent.values().p50 >= 1ms && recent.values().p50 < 1070us);
  for (int step = 0; step < 2; ++step) recent.rotate();
  histogram.observe(2s);
  QCOMPARE(recent.values().count, std::uint64_t{101});
  QVERIFY(recent.values().p95 < 1070us);
  recent.rotate();  // the third step: the first hundred leave
  QCOMPARE(recent.values().count, std::uint64_t{1});
  QVERIFY(recent.values().p50 >= 2s && recent.values().p50 < 2140ms);
  for (int step = 0; step < 3; ++step) recent.rotate();
  QCOMPARE(recent.values().count, std::uint64_t{0});
}

QTEST_GUILESS_MAIN(HistogramTest)
#include "histogram_test.moc"
