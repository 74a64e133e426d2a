// When a token ends: to the nanosecond for whoever asks, and soon after for whoever doesn't.
#include <QtTest>
#include <algorithm>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using State = Sight::State;

class TableExpiryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void is_exact_on_check_data();
  void is_exact_on_check();
  void a_live_token_never_says_0();
  void leaves_without_being_asked_for();
  void a_jump_of_the_clock_frees_all();
  void checking_lengthens_no_life();
  void a_tick_is_bounded_and_the_rest_comes_next();
  void a_tick_stops_when_its_time_is_over();
  void tells_each_id_once();
  void tells_nobody_under_a_lock();
};

void TableExpiryTest::is_exact_on_check_data() {
  QTest::addColumn<qint64>("ttl_s");
  for (const qint64 s : {1, 60, 300, 86'400}) QTest::addRow("%lld s", static_cast<long long>(s)) << s;
}

void TableExpiryTest::is_exact_on_check() {
  QFETCH(qint64, ttl_s);
  TableFixture f;
  f.clock.advance(33ms + 7ns);  // off the wheel's ticks
  const std::chrono::seconds ttl(ttl_s);
  const KnownToken issued = f.issue(ttl);
  f.clock.advance(ttl - 1ms);
  f.settle();
  QVERIFY(f.is_fresh(issued));
  QVERIFY(f.list().tokens.front().expires_in == 1ms);
  f.clock.advance(1ms - 1ns);
  f.settle();
  QVERIFY(f.is_fresh(issued));
  f.clock.advance(1ns);
  f.settle();  // whatever the wheel does, the answer is exact
  QCOMPARE(f.look(issued), State::expired);
  QCOMPARE(f.use(issued), State::expired);
  f.clock.advance(ExpiryWheel::tick);
  f.settle();
  QCOMPARE(f.look(issued), State::unknown);
  QCOMPARE(f.observer.expired, std::vector{issued.id});
  QVERIFY(f.adds_up());
}

void TableExpiryTest::a_live_token_never_says_0() {
  TableFixture f;
  f.issue(1s);
  QVERIFY(f.list().tokens.front().expires_in == 1000ms);
  f.clock.advance(1ns);
  QVERIFY(f.list().tokens.front().expires_in == 1000ms);
  f.clock.advance(1s - 2ns);
  QCOMPARE(f.list().tokens.size(), std::size_t{1});
  QVERIFY(f.list().tokens.front().expires_in == 1ms);
}

void TableExpiryTest::leaves_without_being_asked_for() {
  TableFixture f;
  f.issue_many(1000, 60s);
  f.issue_many(500, 61s);
  for (int i = 0; i < 600; ++i) {
    QCOMPARE(f.table.stats().active, std::uint64_t{1500});
    f.clock.advance(100ms);
    f.table.tick(&f.observer);
  }
  f.clock.advance(100ms);
  f.table.tick(&f.observer);
  QCOMPARE(f.table.stats().active, std::uint64_t{500});
  QCOMPARE(f.table.stats().expired, std::uint64_t{1000});
  QCOMPARE(f.observer.expired.size(), std::size_t{1000});
}

void TableExpiryTest::a_jump_of_the_clock_frees_all() {
  TableFixture f;
  const auto minute = f.issue_many(2000, 60s);
  const auto five = f.issue_many(100, 300s);
  f.clock.advance(90s);  // the machine slept
  QVERIFY(std::none_of(minute.begin(), minute.end(), [&](const KnownToken& one) { return f.is_fresh(one); }));
  f.table.tick(&f.observer);
  QCOMPARE(f.table.stats().active, std::uint64_t{100});
  QVERIFY(std::all_of(five.begin(), five.end(), [&](const KnownToken& one) { return f.is_fresh(one); }));
  QVERIFY(f.list().tokens.front().expires_in == 210s);
}

void TableExpiryTest::checking_lengthens_no_life() {
  TableFixture f;
  const KnownToken issued = f.issue(60s);
  for (int i = 0; i < 5999; ++i) {
    f.clock.advance(10ms);
    QVERIFY(f.is_fresh(issued));
  }
  f.clock.advance(10ms);
  QVERIFY(!f.is_fresh(issued));
}

void TableExpiryTest::a_tick_is_bounded_and_the_rest_comes_next() {
  TableFixture f;
  f.issue_many(300'000, 60s);
  f.clock.advance(61s);
  f.table.tick(&f.observer);
  const std::size_t first = f.observer.expired.size();
  QVERIFY(first > 10'000);
  QVERIFY(first < 200'000);
  int ticks = 1;
  for (; f.table.stats().active != 0; ++ticks) f.table.tick(&f.observer);
  QVERIFY(ticks <= 10);
  QCOMPARE(f.observer.expired.size(), std::size_t{300'000});
}

void TableExpiryTest::a_tick_stops_when_its_time_is_over() {
  // An observer that takes 1 ms a batch stands for a slow machine.
  class SlowObserver final : public StoreObserver {
   public:
    explicit SlowObserver(ManualClock& clock) : clock_(clock) {}
    void on_expired(std::span<const PublicId> ids) override {
      clock_.advance(1ms);
      told += ids.size();
    }
    void on_revoked(std::span<const PublicId>) override {}
    void on_all_revoked(WallTime) override {}
    std::size_t told = 0;

   private:
    ManualClock& clock_;
  };
  TableFixture f;
  SlowObserver slow(f.clock);
  f.issue_many(50'000, 60s);
  f.clock.advance(61s);
  std::size_t ticks = 0;
  for (std::size_t before = 0; slow.told < 50'000; before = slow.told) {
    f.table.tick(&slow);
    QVERIFY(slow.told > before);
    QVERIFY(slow.told - before < 5'000);
    ++ticks;
  }
  QVERIFY(ticks > 10);
  QCOMPARE(f.table.stats().active, std::uint64_t{0});  // no shard was left to starve
}

void TableExpiryTest::tells_each_id_once() {
  TableFixture f;
  std::vector<PublicId> ids;
  for (int i = 0; i < 3000; ++i) {
    ids.push_back(f.issue(std::chrono::seconds(1 + i % 30)).id);
    if (i % 10 == 0) f.clock.advance(37ms);
    if (i % 50 == 0) f.table.tick(&f.observer);
  }
  f.clock.advance(40s);
  f.settle();
  std::sort(ids.begin(), ids.end());
  std::sort(f.observer.expired.begin(), f.observer.expired.end());
  QVERIFY(f.observer.expired == ids);
  QVERIFY(f.observer.revoked.empty());
}

void TableExpiryTest::tells_nobody_under_a_lock() {
  /// Uses the table from inside the call: would hang if a lock were held.
  class NosyObserver final : public StoreObserver {
   public:
    explicit NosyObserver(TableFixture& f) : f_(f) {}
    void on_expired(std::span<const PublicId> ids) override {
      told += ids.size();
      for (const PublicId& id : ids) QVERIFY(!f_.table.revoke(id));
      (void)f_.table.stats();
      (void)f_.list({"", 1000, ""});
      f_.issue(60s);
      f_.see();
    }
    void on_revoked(std::span<const PublicId>) override {}
    void on_all_revoked(WallTime) override {}
    std::size_t told = 0;

   private:
    TableFixture& f_;
  };
  TableFixture f;
  NosyObserver nosy(f);
  f.issue_many(300, 1s);
  f.clock.advance(2s);
  f.table.tick(&nosy);
  QCOMPARE(nosy.told, std::size_t{300});
  QVERIFY(f.adds_up(1));
}

QTEST_GUILESS_MAIN(TableExpiryTest)
#include "table_expiry_test.moc"
