// The wheel: every key comes out once, at the first tick that is not before its deadline, however the clock moves.
#include <QtTest>
#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "store/expiry_wheel.h"
#include "token/random.h"

using namespace vx11;
using namespace std::chrono_literals;
using store::ExpiryWheel;

namespace {

constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
constexpr Instant kStart{100'000s + 37ms};

/// The first instant at which the key may come out.
Instant due_at(Instant deadline) {
  const auto ticks = (deadline.time_since_epoch() + ExpiryWheel::tick - 1ns) / ExpiryWheel::tick;
  return Instant{ticks * ExpiryWheel::tick};
}

}  // namespace

class ExpiryWheelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void comes_out_on_time_data();
  void comes_out_on_time();
  void one_advance_after_a_jump_frees_all_data();
  void one_advance_after_a_jump_frees_all();
  void works_in_bounded_steps();
  void goes_on_where_it_stopped();
  void deadlines_in_the_past_are_due_at_once();
  void holds_every_instant();
  void clearing_forgets_the_keys_not_the_time();
  void deadlines_of_one_tick_fall_due_together();
  void gives_memory_back();
  void agrees_with_a_sorted_map_data();
  void agrees_with_a_sorted_map();

 private:
  [[nodiscard]] PublicId new_key() { return {Uuid::generate(random_).bytes}; }

  SeededRandom random_{3};
};

void ExpiryWheelTest::comes_out_on_time_data() {
  QTest::addColumn<qint64>("life_ms");
  for (const qint64 ms : {1, 99, 100, 101, 1'000, 6'399, 6'400, 6'401, 60'000, 300'000, 409'600, 409'700, 86'400'000}) {
    QTest::addRow("%lld ms", static_cast<long long>(ms)) << ms;
  }
}

void ExpiryWheelTest::comes_out_on_time() {
  QFETCH(qint64, life_ms);
  ExpiryWheel wheel(kStart);
  const PublicId key = new_key();
  const Instant deadline = kStart + std::chrono::milliseconds(life_ms);
  wheel.insert(key, deadline);
  QCOMPARE(wheel.size(), std::size_t{1});
  std::vector<PublicId> due;
  Instant now = kStart;
  for (; now < due_at(deadline); now += ExpiryWheel::tick) {
    QVERIFY(!wheel.advance(now, kAll, due));
    QVERIFY(due.empty());
  }
  wheel.advance(due_at(deadline) - 1ns, kAll, due);
  QVERIFY(due.empty());
  wheel.advance(due_at(deadline), kAll, due);
  QVERIFY(due == std::vector{key});
  QCOMPARE(wheel.size(), std::size_t{0});
  QVERIFY(due_at(deadline) - deadline < ExpiryWheel::tick);
}

void ExpiryWheelTest::one_advance_after_a_jump_frees_all_data() {
  QTest::addColumn<qint64>("jump_s");
  for (const qint64 s : {1, 90, 3'600, 86'400, 31'536'000}) QTest::addRow("%lld s", static_cast<long long>(s)) << s;
}

void ExpiryWheelTest::one_advance_after_a_jump_frees_all() {
  QFETCH(qint64, jump_s);
  ExpiryWheel wheel(kStart);
  const Instant now = kStart + std::chrono::seconds(jump_s);
  std::vector<PublicId> expected;
  for (const auto life : {1s, 5s, 60s, 89s, 90s, 91s, 300s, 3'000s, 86'000s, 86'400s}) {
    for (int i = 0; i < 50; ++i) {
      const PublicId key = new_key();
      const Instant deadline = kStart + life + std::chrono::milliseconds(i * 13);
      wheel.insert(key, deadline);
      if (due_at(deadline) <= now) expected.push_back(key);
    }
  }
  std::vector<PublicId> due;
  // Each key is handed out once, or moved to a finer level a few times; each step is counted.
  QVERIFY(!wheel.advance(now, 500 * 4, due));
  std::sort(due.begin(), due.end());
  std::sort(expected.begin(), expected.end());
  QVERIFY(due == expected);
  QCOMPARE(wheel.size(), 500 - expected.size());
}

void ExpiryWheelTest::works_in_bounded_steps() {
  ExpiryWheel wheel(kStart);
  for (int i = 0; i < 1000; ++i) wheel.insert(new_key(), kStart + 60s);
  std::vector<PublicId> due;
  int calls = 1;
  while (wheel.advance(kStart + 90s, 64, due)) {
    QVERIFY(due.size() <= static_cast<std::size_t>(64 * calls));
    ++calls;
  }
  QCOMPARE(due.size(), std::size_t{1000});
  QVERIFY(calls > 1000 / 64);
  QVERIFY(calls <= 1000 / 64 + 2);
}

void ExpiryWheelTest::goes_on_where_it_stopped() {
  ExpiryWheel wheel(kStart);
  std::vector<PublicId> due;
  for (int i = 0; i < 100; ++i) wheel.insert(new_key(), kStart + 60s);
  QVERIFY(wheel.advance(kStart + 120s, 10, due));
  // What comes in between, in the middle of a move to finer levels, loses nothing.
  const PublicId early = new_key();
  const PublicId late = new_key();
  wheel.insert(early, kStart + 61s);
  wheel.insert(late, kStart + 180s);
  while (wheel.advance(kStart + 120s, 10, due)) {
  }
  QCOMPARE(due.size(), std::size_t{101});
  QVERIFY(std::find(due.begin(), due.end(), early) != due.end());
  due.clear();
  QVERIFY(!wheel.advance(kStart + 181s, kAll, due));
  QVERIFY(due == std::vector{late});
}

void ExpiryWheelTest::deadlines_in_the_past_are_due_at_once() {
  ExpiryWheel wheel(kStart);
  std::vector<PublicId> due;
  wheel.insert(new_key(), kStart - 5s);
  wheel.insert(new_key(), Instant{});
  wheel.insert(new_key(), Instant{-1s});
  QVERIFY(!wheel.advance(kStart - 1s, kAll, due));  // another thread's clock, read earlier
  QCOMPARE(due.size(), std::size_t{3});
  for (int i = 0; i < 5; ++i) wheel.insert(new_key(), kStart + 1s);
  QVERIFY(wheel.advance(kStart + 2s, 2, due));
  QVERIFY(!wheel.advance(kStart, kAll, due));
  QCOMPARE(due.size(), std::size_t{8});
}

void ExpiryWheelTest::holds_every_instant() {
  ExpiryWheel wheel{Instant{}};
  std::vector<PublicId> due;
  const PublicId key = new_key();
  wheel.insert(key, Instant::max());
  wheel.insert(new_key(), Instant{1s});
  QVERIFY(!wheel.advance(Instant::max() - 1s, kAll, due));
  QCOMPARE(due.size(), std::size_t{1});
  QCOMPARE(wheel.size(), std::size_t{1});
}

void ExpiryWheelTest::clearing_forgets_the_keys_not_the_time() {
  ExpiryWheel wheel(kStart);
  const std::size_t empty = wheel.bytes();
  std::vector<PublicId> due;
  for (int i = 0; i < 900; ++i) wheel.insert(new_key(), kStart + std::chrono::seconds(1 + i % 300));
  wheel.advance(kStart + 200s, 7, due);  // so that some are under way
  wheel.clear();
  QCOMPARE(wheel.size(), std::size_t{0});
  QCOMPARE(wheel.bytes(), empty);
  due.clear();
  wheel.insert(new_key(), kStart + 100s);
  wheel.insert(new_key(), kStart + 250s);
  QVERIFY(!wheel.advance(kStart + 200s, kAll, due));
  QCOMPARE(due.size(), std::size_t{1});
  QVERIFY(!wheel.advance(kStart + 301s, kAll, due));
  QCOMPARE(due.size(), std::size_t{2});
}

void ExpiryWheelTest::deadlines_of_one_tick_fall_due_together() {
  const Instant tick = due_at(kStart);
  QVERIFY(ExpiryWheel::same_tick(tick + 1ns, tick + ExpiryWheel::tick));
  QVERIFY(!ExpiryWheel::same_tick(tick, tick + 1ns));
  QVERIFY(!ExpiryWheel::same_tick(tick + ExpiryWheel::tick, tick + ExpiryWheel::tick + 1ns));
  QVERIFY(ExpiryWheel::is_due(tick, tick));
  QVERIFY(!ExpiryWheel::is_due(tick + 1ns, tick + ExpiryWheel::tick - 1ns));
  QVERIFY(ExpiryWheel::is_due(tick + 1ns, tick + ExpiryWheel::tick));
}

void ExpiryWheelTest::gives_memory_back() {
  ExpiryWheel wheel(kStart);
  const std::size_t empty = wheel.bytes();
  for (int i = 0; i < 200'000; ++i) wheel.insert(new_key(), kStart + 60s + std::chrono::milliseconds(i));
  QVERIFY(wheel.bytes() > empty + 200'000 * sizeof(PublicId));
  QVERIFY(wheel.bytes() < empty + 200'000 * 2 * sizeof(PublicId));
  std::vector<PublicId> due;
  wheel.advance(kStart + 300s, kAll, due);
  QCOMPARE(due.size(), std::size_t{200'000});
  QCOMPARE(wheel.bytes(), empty);
  // Going away full must not recurse through the blocks.
  ExpiryWheel full(kStart);
  for (int i = 0; i < 500'000; ++i) full.insert(due.front(), kStart + 60s);
}

void ExpiryWheelTest::agrees_with_a_sorted_map_data() {
  QTest::addColumn<qint64>("start_ticks");
  // Just before the digits of the wheel carry over, and anywhere.
  for (const qint64 ticks :
       {0LL, 63LL, 4'095LL, 262'143LL, 16'777'215LL, 1'073'741'823LL, 68'719'476'735LL, 123'457LL}) {
    QTest::addRow("%lld", static_cast<long long>(ticks)) << ticks;
  }
}

void ExpiryWheelTest::agrees_with_a_sorted_map() {
  QFETCH(qint64, start_ticks);
  Instant now{start_ticks * ExpiryWheel::tick};
  ExpiryWheel wheel(now);
  std::mt19937_64 dice(static_cast<std::uint64_t>(start_ticks));
  std::multimap<Instant, PublicId> model;
  const auto below = [&dice](std::uint64_t n) { return static_cast<std::int64_t>(dice() % n); };
  for (int i = 0; i < 30'000; ++i) {
    if (below(3) != 0) {
      const PublicId key = new_key();
      const auto life = std::chrono::nanoseconds(below(1ULL << below(47)));  // up to 39 hours, short ones often
      wheel.insert(key, now + life);
      model.emplace(due_at(now + life), key);
      continue;
    }
    now += std::chrono::nanoseconds(below(1ULL << below(i % 100 == 0 ? 45 : 34)));
    std::vector<PublicId> due;
    while (wheel.advance(now, static_cast<std::size_t>(1 + below(50)), due)) {
    }
    std::vector<PublicId> expected;
    const auto end = model.upper_bound(now);
    for (auto it = model.begin(); it != end; ++it) expected.push_back(it->second);
    model.erase(model.begin(), end);
    std::sort(due.begin(), due.end());
    std::sort(expected.begin(), expected.end());
    QVERIFY(due == expected);
    QCOMPARE(wheel.size(), model.size());
  }
}

QTEST_GUILESS_MAIN(ExpiryWheelTest)
#include "expiry_wheel_test.moc"
