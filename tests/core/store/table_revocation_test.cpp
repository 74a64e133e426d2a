// Revocation in this process: of one, or of all that were issued before; at once, and counted once.
#include <QtTest>
#include <algorithm>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using State = Sight::State;

class TableRevocationTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ends_one_token();
  void counts_only_live_tokens();
  void ends_a_used_token_too();
  void all_spares_what_comes_later();
  void goes_by_the_time_of_issue();
  void remembers_a_bounded_number();
  void revoked_tokens_leave_with_their_time();
};

void TableRevocationTest::ends_one_token() {
  TableFixture f;
  const auto issued = f.issue_many(500);
  for (std::size_t i = 0; i < issued.size(); i += 2) QVERIFY(f.table.revoke(issued[i].id));
  for (std::size_t i = 0; i < issued.size(); ++i) {
    QCOMPARE(f.look(issued[i]), i % 2 == 0 ? State::revoked : State::fresh);
    QVERIFY(f.table.look(issued[i].id).token.key == issued[i].key);
  }
  QCOMPARE(f.table.stats().revoked, std::uint64_t{250});
  QCOMPARE(f.table.stats().active, std::uint64_t{250});
  QVERIFY(f.adds_up());
}

void TableRevocationTest::counts_only_live_tokens() {
  TableFixture f;
  const KnownToken once = f.issue();
  QVERIFY(f.table.revoke(once.id));
  QVERIFY(!f.table.revoke(once.id));
  const KnownToken dead = f.issue(1s);
  f.clock.advance(1s);
  QVERIFY(!f.table.revoke(dead.id));
  QCOMPARE(f.table.revoke_before(f.clock.wall()), std::uint64_t{0});
  f.clock.advance(60s);
  f.settle();
  const StoreStats stats = f.table.stats();
  QCOMPARE(stats.revoked, std::uint64_t{1});
  QCOMPARE(stats.expired, std::uint64_t{1});
  QVERIFY(f.adds_up());
}

void TableRevocationTest::ends_a_used_token_too() {
  TableFixture f;
  const KnownToken issued = f.issue(60s, true);
  QCOMPARE(f.use(issued), State::fresh);
  QVERIFY(f.table.revoke(issued.id));
  QCOMPARE(f.look(issued), State::revoked);
  QVERIFY(f.adds_up());
}

void TableRevocationTest::all_spares_what_comes_later() {
  TableFixture f;
  auto old = f.issue_many(700, 60s);
  const auto longer = f.issue_many(300, 3600s);
  old.insert(old.end(), longer.begin(), longer.end());
  QCOMPARE(f.table.revoke_before(f.clock.wall()), std::uint64_t{1000});
  const auto later = f.issue_many(50);
  for (const KnownToken& one : old) QCOMPARE(f.look(one), State::revoked);
  for (const KnownToken& one : later) QVERIFY(f.is_fresh(one));
  QCOMPARE(f.table.stats().active, std::uint64_t{50});
  QVERIFY(f.adds_up());
}

void TableRevocationTest::goes_by_the_time_of_issue() {
  TableFixture f;
  const KnownToken before = f.issue();
  const KnownToken copy_before = f.see();
  f.clock.advance(1ms);
  const WallTime at = f.clock.wall();
  const KnownToken then = f.issue();
  f.clock.advance(1ns);
  const KnownToken after = f.issue();
  const KnownToken copy_after = f.see();
  f.clock.advance(1s);
  QCOMPARE(f.table.revoke_before(at), std::uint64_t{2});  // a copy isn't counted, but ends
  for (const KnownToken& one : {before, then, copy_before}) QCOMPARE(f.look(one), State::revoked);
  for (const KnownToken& one : {after, copy_after}) QVERIFY(f.is_fresh(one));
  QCOMPARE(f.table.revoke_before(at), std::uint64_t{0});
  QVERIFY(f.adds_up(1));
}

void TableRevocationTest::remembers_a_bounded_number() {
  TableFixture f(1000);
  std::vector<KnownToken> revoked;
  for (int i = 0; i < 200; ++i) {
    const auto issued = f.issue_many(1000, 86'400s);  // the revoked take no room
    QCOMPARE(f.table.revoke_before(f.clock.wall()), std::uint64_t{1000});
    revoked.push_back(issued.back());
    f.clock.advance(100ms);
    for (int tick = 0; tick < 64; ++tick) f.table.tick(nullptr);
  }
  for (const KnownToken& one : revoked) {
    const State state = f.look(one);
    QVERIFY(state == State::revoked || state == State::unknown);
  }
  // Of 200,000 that have a day to go only a few thousand are remembered, by the wheel as well.
  QVERIFY(f.table.stats().cache_bytes < 4'000'000);
  QCOMPARE(f.table.stats().revoked, std::uint64_t{200'000});
  QVERIFY(f.adds_up());
}

void TableRevocationTest::revoked_tokens_leave_with_their_time() {
  TableFixture f;
  const KnownToken issued = f.issue(60s);
  f.table.revoke(issued.id);
  f.clock.advance(60s - 1ns);
  f.settle();
  QCOMPARE(f.look(issued), State::revoked);
  f.clock.advance(200ms);
  f.settle();
  QCOMPARE(f.look(issued), State::unknown);
  QVERIFY(f.observer.expired.empty());  // it ended once, and not by age
  QCOMPARE(f.table.stats().expired, std::uint64_t{0});
}

QTEST_GUILESS_MAIN(TableRevocationTest)
#include "table_revocation_test.moc"
