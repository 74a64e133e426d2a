// What the table says of tokens that Redis knows: copies are trusted for a while and never beyond their life, nothing
// that has ended comes back, and what Redis hasn't got yet is remembered.
#include <QtTest>
#include <algorithm>
#include <set>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using State = Sight::State;

class TableCopiesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_copy_is_fresh_for_a_while_only();
  void no_copy_outlives_its_token();
  void ones_own_in_redis_grow_stale_too();
  void what_lives_here_is_always_fresh();
  void using_a_copy_consumes_nothing();
  void learning_renews_a_copy();
  void a_shortened_copy_leaves_in_time();
  void a_copy_renewed_over_and_over_costs_no_memory();
  void ones_own_life_is_never_lengthened_data();
  void ones_own_life_is_never_lengthened();
  void learning_revives_nothing();
  void a_lost_copy_is_forgotten();
  void ones_own_that_is_lost_is_gone_for_good();
  void what_redis_never_had_cannot_be_lost();
  void unwritten_tokens_are_fresh_until_redis_has_them();
  void unwritten_tokens_end_like_others();
  void owed_are_ones_own_that_live_in_redis();
  void a_walk_through_what_is_owed_is_bounded();
  void copies_do_not_count_but_as_cache();
  void copies_leave_unheard();
  void a_full_table_takes_no_copy();
  void copies_make_room_for_ones_own();
  void one_copy_among_many_of_ones_own_is_found();
  void lists_ones_own_alone();
};

void TableCopiesTest::a_copy_is_fresh_for_a_while_only() {
  TableFixture f;
  const KnownToken copy = f.see(60s);
  QVERIFY(!f.table.look(copy.id).token.mine);
  f.clock.advance(5s - 1ns);
  QCOMPARE(f.look(copy), State::fresh);
  f.clock.advance(1ns);
  QCOMPARE(f.look(copy), State::stale);
  f.clock.advance(55s - 1ns);
  QCOMPARE(f.look(copy), State::stale);
  f.clock.advance(1ns);
  QCOMPARE(f.look(copy), State::expired);
}

void TableCopiesTest::no_copy_outlives_its_token() {
  TableFixture f;
  KnownToken token = f.table.draw({2s, false}, f.clock.wall(), Home::redis);
  token.mine = false;
  f.clock.advance(1900ms);
  f.table.learn(token, f.clock.now() + 5s);  // whatever the caller believes
  QCOMPARE(f.look(token), State::fresh);
  f.clock.advance(100ms - 1ns);
  QCOMPARE(f.look(token), State::fresh);
  f.clock.advance(1ns);
  QCOMPARE(f.look(token), State::expired);
  f.clock.advance(100ms);  // at 2.1 s
  QCOMPARE(f.look(token), State::expired);
  f.settle();
  QCOMPARE(f.look(token), State::unknown);
  f.learn(token);  // a late answer
  QCOMPARE(f.look(token), State::unknown);
}

void TableCopiesTest::ones_own_in_redis_grow_stale_too() {
  TableFixture f;
  const KnownToken issued = f.issue_at(Home::redis);
  f.clock.advance(5s);
  QCOMPARE(f.look(issued), State::stale);
  f.learn(issued);
  QCOMPARE(f.look(issued), State::fresh);
  QVERIFY(f.table.look(issued.id).token.mine);
}

void TableCopiesTest::what_lives_here_is_always_fresh() {
  TableFixture f;
  QVERIFY(f.table.reserve());
  const KnownToken issued = f.table.draw({60s, false}, f.clock.wall(), Home::here);
  QVERIFY(f.table.add(issued, Instant{}));
  f.clock.advance(60s - 1ns);
  QCOMPARE(f.look(issued), State::fresh);
  f.clock.advance(1ns);
  QCOMPARE(f.look(issued), State::expired);
}

void TableCopiesTest::using_a_copy_consumes_nothing() {
  TableFixture f;
  const KnownToken issued = f.try_issue({60s, true}, Home::redis).value();
  QCOMPARE(f.use(issued), State::fresh);
  QCOMPARE(f.use(issued), State::fresh);  // its mark is in Redis
  QCOMPARE(f.table.stats().used, std::uint64_t{0});
}

void TableCopiesTest::learning_renews_a_copy() {
  TableFixture f;
  KnownToken copy = f.see(10s);
  f.clock.advance(8s);
  QCOMPARE(f.look(copy), State::stale);
  copy.expires_at = f.clock.now() + 20s;  // somebody lengthened it
  f.learn(copy);
  for (int second = 0; second < 20; ++second) {
    QCOMPARE(f.look(copy), second < 5 ? State::fresh : State::stale);
    f.clock.advance(1s);
    f.settle();
  }
  f.settle();
  QVERIFY(!f.is_known(copy));
  QVERIFY(f.adds_up(0));
}

void TableCopiesTest::a_shortened_copy_leaves_in_time() {
  TableFixture f;
  KnownToken copy = f.see(3600s);
  copy.expires_at = f.clock.now() + 2s;
  f.learn(copy);
  f.clock.advance(2s);
  QCOMPARE(f.look(copy), State::expired);
  f.clock.advance(ExpiryWheel::tick);
  f.settle();
  QVERIFY(!f.is_known(copy));
  QCOMPARE(f.table.stats().cache_entries, std::uint64_t{0});
}

void TableCopiesTest::a_copy_renewed_over_and_over_costs_no_memory() {
  TableFixture f;
  std::vector<KnownToken> copies;
  for (int i = 0; i < 100; ++i) copies.push_back(f.see(80'000s));
  const std::uint64_t before = f.table.stats().cache_bytes;
  for (int round = 0; round < 5000; ++round) {
    for (KnownToken& copy : copies) {
      copy.expires_at += 150ms;
      if (round % 3 == 0) f.table.lose(copy.id);
      f.learn(copy);
    }
    f.table.tick(nullptr);
  }
  // Half a million changes, of which the wheels keep a thousand each.
  QVERIFY2(f.table.stats().cache_bytes < before + 64 * 2500 * 32,
           qPrintable(QString::number(f.table.stats().cache_bytes - before)));
  f.clock.advance(81'000s);
  for (int i = 0; i < 100; ++i) f.table.tick(nullptr);
  QVERIFY(f.adds_up(0));
  QCOMPARE(f.table.stats().cache_entries, std::uint64_t{0});
}

void TableCopiesTest::ones_own_life_is_never_lengthened_data() {
  QTest::addColumn<qint64>("said_ms");
  QTest::addColumn<qint64>("expected_ms");
  QTest::newRow("the same") << qint64{60'000} << qint64{60'000};
  QTest::newRow("later") << qint64{90'000} << qint64{60'000};
  QTest::newRow("earlier by an answer's way") << qint64{59'850} << qint64{60'000};
  QTest::newRow("earlier on purpose") << qint64{10'000} << qint64{10'000};
}

void TableCopiesTest::ones_own_life_is_never_lengthened() {
  QFETCH(qint64, said_ms);
  QFETCH(qint64, expected_ms);
  TableFixture f;
  const Instant begin = f.clock.now();
  KnownToken issued = f.issue_at(Home::redis);
  issued.expires_at = begin + std::chrono::milliseconds(said_ms);
  f.learn(issued);
  f.clock.advance(std::chrono::milliseconds(expected_ms) - 1ns);
  f.settle();
  QCOMPARE(f.look(issued), State::stale);
  f.clock.advance(1ns);
  QCOMPARE(f.look(issued), State::expired);
  f.clock.advance(ExpiryWheel::tick);
  f.settle();
  QCOMPARE(f.table.stats().expired, std::uint64_t{1});
  f.clock.advance(60s);
  f.settle();
  QCOMPARE(f.table.stats().expired, std::uint64_t{1});
  QVERIFY(f.adds_up());
}

void TableCopiesTest::learning_revives_nothing() {
  TableFixture f;
  const KnownToken revoked = f.issue_at(Home::redis);
  const KnownToken revoked_copy = f.see();
  const KnownToken gone = f.issue_at(Home::redis);
  const KnownToken used = f.issue(60s, true);
  QVERIFY(f.table.revoke(revoked.id));
  QVERIFY(f.table.revoke(revoked_copy.id));
  f.table.lose(gone.id);
  f.use(used);
  for (const KnownToken& one : {revoked, revoked_copy, gone, used}) f.learn(one);
  QCOMPARE(f.look(revoked), State::revoked);
  QCOMPARE(f.look(revoked_copy), State::revoked);
  QCOMPARE(f.look(gone), State::gone);
  QCOMPARE(f.look(used), State::used);
  QCOMPARE(f.table.stats().revoked, std::uint64_t{1});
  QVERIFY(f.adds_up(0));
}

void TableCopiesTest::a_lost_copy_is_forgotten() {
  TableFixture f;
  const KnownToken copy = f.see();
  f.table.lose(copy.id);
  f.table.lose(copy.id);
  QCOMPARE(f.look(copy), State::unknown);
  QVERIFY(f.adds_up(0));
  f.learn(copy);  // Redis has it again
  QCOMPARE(f.look(copy), State::fresh);
}

void TableCopiesTest::ones_own_that_is_lost_is_gone_for_good() {
  TableFixture f;
  const KnownToken issued = f.issue_at(Home::redis);
  f.table.lose(issued.id);
  QCOMPARE(f.look(issued), State::gone);
  QCOMPARE(f.use(issued), State::gone);
  QVERIFY(!f.table.revoke(issued.id));
  QVERIFY(f.list().tokens.empty());
  QVERIFY(f.adds_up());
  f.clock.advance(61s);
  f.settle();
  QVERIFY(f.observer.expired == std::vector{issued.id});
  QCOMPARE(f.table.stats().expired, std::uint64_t{1});
  QVERIFY(f.adds_up());
}

void TableCopiesTest::what_redis_never_had_cannot_be_lost() {
  TableFixture f;
  const KnownToken here = f.issue();
  const KnownToken unwritten = f.try_issue({}, Home::redis, true).value();
  for (const KnownToken& one : {here, unwritten}) {
    f.table.lose(one.id);
    QCOMPARE(f.look(one), State::fresh);
  }
}

void TableCopiesTest::unwritten_tokens_are_fresh_until_redis_has_them() {
  TableFixture f;
  const KnownToken issued = f.try_issue({}, Home::redis, true).value();
  const KnownToken seen = f.try_issue({}, Home::redis, true).value();
  f.clock.advance(30s);
  QCOMPARE(f.table.unwritten(), std::size_t{2});
  QCOMPARE(f.look(issued), State::fresh);
  f.table.written(issued.id);
  f.table.written(issued.id);
  QCOMPARE(f.table.unwritten(), std::size_t{1});
  QCOMPARE(f.look(issued), State::stale);
  QVERIFY(!f.table.look(issued.id).token.unwritten);
  f.learn(seen);  // written, though the answer to the writing was lost
  QCOMPARE(f.table.unwritten(), std::size_t{0});
  QCOMPARE(f.look(seen), State::fresh);
}

void TableCopiesTest::unwritten_tokens_end_like_others() {
  TableFixture f;
  const KnownToken revoked = f.try_issue({}, Home::redis, true).value();
  const KnownToken all = f.try_issue({}, Home::redis, true).value();
  QVERIFY(f.table.revoke(revoked.id));
  QCOMPARE(f.table.unwritten(), std::size_t{1});
  QCOMPARE(f.table.revoke_before(f.clock.wall()), std::uint64_t{1});
  QCOMPARE(f.table.unwritten(), std::size_t{0});
  QCOMPARE(f.look(all), State::revoked);
  (void)f.try_issue({1s, false}, Home::redis, true);
  f.clock.advance(2s);
  f.settle();
  QCOMPARE(f.table.unwritten(), std::size_t{0});
  QVERIFY(f.adds_up());
}

void TableCopiesTest::owed_are_ones_own_that_live_in_redis() {
  TableFixture f;
  std::set<PublicId> owed;
  std::set<PublicId> unwritten;
  for (int i = 0; i < 300; ++i) {
    (void)f.issue();
    (void)f.see();
    (void)f.try_issue({1s, false}, Home::redis, true);
    owed.insert(f.issue_at(Home::redis).id);
    unwritten.insert(f.try_issue({}, Home::redis, true).value().id);
    (void)f.table.revoke(f.try_issue({}, Home::redis, true).value().id);
    f.table.lose(f.issue_at(Home::redis).id);
  }
  owed.insert(unwritten.begin(), unwritten.end());
  f.clock.advance(1s);  // and no tick
  for (const bool only_unwritten : {false, true}) {
    std::multiset<PublicId> seen;
    std::size_t cursor = 0;
    do {
      for (const KnownToken& token : f.table.owed_to_redis(cursor, only_unwritten ? Owed::unwritten : Owed::live)) seen.insert(token.id);
    } while (cursor != 0);
    const std::set<PublicId>& expected = only_unwritten ? unwritten : owed;
    QVERIFY(std::equal(seen.begin(), seen.end(), expected.begin(), expected.end()));
  }
}

void TableCopiesTest::a_walk_through_what_is_owed_is_bounded() {
  TableFixture f;
  for (int i = 0; i < 40'000; ++i) (void)f.issue_at(Home::redis);
  std::size_t cursor = 0;
  std::size_t seen = 0;
  std::size_t longest = 0;
  do {
    const std::size_t page = f.table.owed_to_redis(cursor, Owed::live).size();
    seen += page;
    longest = std::max(longest, page);
  } while (cursor != 0);
  QCOMPARE(seen, std::size_t{40'000});
  QVERIFY(longest < 2000);
  QVERIFY(f.table.owed_to_redis(cursor, Owed::unwritten).empty());
  QCOMPARE(cursor, std::size_t{0});  // at once: no shard has any
}

void TableCopiesTest::copies_do_not_count_but_as_cache() {
  TableFixture f;
  const auto own = f.issue_many(30);
  std::vector<KnownToken> copies;
  for (int i = 0; i < 20; ++i) copies.push_back(f.see());
  QVERIFY(f.table.revoke(own[0].id));
  QVERIFY(f.table.revoke(copies[0].id));
  const StoreStats stats = f.table.stats();
  QCOMPARE(stats.issued, std::uint64_t{30});
  QCOMPARE(stats.active, std::uint64_t{29});
  QCOMPARE(stats.revoked, std::uint64_t{1});
  QCOMPARE(stats.cache_entries, std::uint64_t{48});
}

void TableCopiesTest::copies_leave_unheard() {
  TableFixture f;
  const KnownToken own = f.issue(1s);
  for (int i = 0; i < 500; ++i) f.see(1s);
  f.clock.advance(2s);
  f.settle();
  QVERIFY(f.observer.expired == std::vector{own.id});
  QCOMPARE(f.table.stats().expired, std::uint64_t{1});
  QVERIFY(f.adds_up(0));
}

void TableCopiesTest::a_full_table_takes_no_copy() {
  TableFixture f(100);
  f.issue_many(90);
  std::vector<KnownToken> copies;
  for (int i = 0; i < 30; ++i) copies.push_back(f.see());
  QCOMPARE(std::count_if(copies.begin(), copies.end(), [&](const KnownToken& one) { return f.is_known(one); }), 10);
  QVERIFY(f.adds_up(10));
  f.learn(copies.front());  // those that are in are renewed all the same
  QVERIFY(f.is_fresh(copies.front()));
}

void TableCopiesTest::copies_make_room_for_ones_own() {
  TableFixture f(5000);
  const auto own = f.issue_many(1000, 86'400s);
  for (int i = 0; i < 4000; ++i) f.see(86'400s);
  QVERIFY(f.adds_up(4000));
  const auto more = f.issue_many(4000, 86'400s);
  QVERIFY(!f.try_issue());
  for (const auto& tokens : {own, more}) {
    for (const KnownToken& one : tokens) QVERIFY(f.is_fresh(one));
  }
  QVERIFY(f.adds_up(0));
  QVERIFY(f.observer.expired.empty());
}

void TableCopiesTest::one_copy_among_many_of_ones_own_is_found() {
  for (int i = 0; i < 64; ++i) {
    TableFixture f(300);
    f.issue_many(299);
    for (int skipped = 0; skipped < i; ++skipped) (void)f.table.draw({}, f.clock.wall(), Home::redis);
    const KnownToken copy = f.see();
    QVERIFY(f.is_known(copy));
    QVERIFY(f.try_issue());
    QVERIFY(!f.is_known(copy));
    QVERIFY(!f.try_issue());
  }
}

void TableCopiesTest::lists_ones_own_alone() {
  TableFixture f;
  const KnownToken here = f.issue();
  const KnownToken there = f.issue_at(Home::redis);
  const KnownToken unwritten = f.try_issue({}, Home::redis, true).value();
  f.see();
  const auto ids = [&](Listed listed) {
    std::set<PublicId> seen;
    for (const TokenRecord& record : f.table.list({}, listed).tokens) seen.insert(record.id);
    return seen;
  };
  QVERIFY(ids(Listed::mine) == (std::set{here.id, there.id, unwritten.id}));
  QVERIFY(ids(Listed::mine_not_in_redis) == (std::set{here.id, unwritten.id}));
}

QTEST_GUILESS_MAIN(TableCopiesTest)
#include "table_copies_test.moc"
