// The table as one process without Redis sees it: issue, check, single use, the bound and the counters.
#include <unistd.h>

#include <QtTest>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using State = Sight::State;

class TokenTableTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void issues_what_was_asked();
  void a_look_tells_what_was_added();
  void another_id_is_unknown();
  void single_use_opens_exactly_once();
  void other_tokens_open_often();
  void what_is_spent_is_remembered();
  void a_reservation_holds_a_place();
  void knows_when_the_last_will_have_expired();
  void the_bound_is_exact_data();
  void the_bound_is_exact();
  void the_dead_make_room_without_a_tick();
  void counters_add_up();
  void bytes_follow_the_tokens();
  void the_system_gets_its_memory_back();
};

void TokenTableTest::issues_what_was_asked() {
  TableFixture f;
  QVERIFY(f.table.reserve());
  const WallTime on_redis_clock = f.clock.wall() + 3s;
  const KnownToken drawn = f.table.draw({300s, true}, on_redis_clock, Home::redis);
  QVERIFY(Uuid::parse(drawn.key.text().reveal()).has_value());
  QVERIFY(drawn.id == PublicId::of(drawn.key.text().reveal()));
  QVERIFY(drawn.created_at == on_redis_clock);
  QVERIFY(drawn.expires_at == f.clock.now() + 300s);
  QCOMPARE(drawn.ttl_s, std::uint32_t{300});
  QVERIFY(drawn.single_use);
  QVERIFY(drawn.mine);
  QVERIFY(!drawn.unwritten);
  QCOMPARE(drawn.home, Home::redis);
  QVERIFY(!f.is_known(drawn));  // until it is added
  QVERIFY(f.table.add(drawn, drawn.expires_at));
  QVERIFY(!f.table.add(drawn, drawn.expires_at));
  QCOMPARE(f.table.stats().issued, std::uint64_t{1});
}

void TokenTableTest::a_look_tells_what_was_added() {
  TableFixture f;
  const KnownToken issued = f.issue(60s, true);
  f.clock.advance(10s);
  for (const Sight& sight : {f.table.look(issued.id), f.table.use(issued.id), f.table.look(issued.id)}) {
    QVERIFY(sight.token.key == issued.key);
    QVERIFY(sight.token.id == issued.id);
    QVERIFY(sight.token.expires_at == issued.expires_at);
    QVERIFY(sight.token.created_at == issued.created_at);
    QCOMPARE(sight.token.ttl_s, std::uint32_t{60});
    QVERIFY(sight.token.single_use);
    QVERIFY(sight.token.mine);
    QCOMPARE(sight.token.home, Home::here);
  }
}

void TokenTableTest::another_id_is_unknown() {
  TableFixture f;
  const KnownToken issued = f.issue();
  for (std::size_t at = 0; at < 8 * issued.id.bytes.size(); ++at) {
    PublicId other = issued.id;
    other.bytes[at / 8] ^= static_cast<std::uint8_t>(1U << (at % 8));
    QCOMPARE(f.table.look(other).state, State::unknown);
    QCOMPARE(f.table.use(other).state, State::unknown);
  }
  QVERIFY(f.is_fresh(issued));
}

void TokenTableTest::a_reservation_holds_a_place() {
  TableFixture f(2);
  QVERIFY(f.table.reserve());
  QVERIFY(f.try_issue());
  QVERIFY(!f.try_issue());
  f.table.release();
  QVERIFY(f.try_issue());
  QVERIFY(!f.table.reserve());
  f.see();  // neither does another's token take one's own place
  QCOMPARE(f.table.stats().active, std::uint64_t{2});
  QVERIFY(f.adds_up());
}

void TokenTableTest::knows_when_the_last_will_have_expired() {
  TableFixture f;
  QVERIFY(f.table.last_expiry(Home::here) == Instant{});
  const KnownToken longest = f.issue(300s);
  f.issue(60s);
  QVERIFY(f.table.last_expiry(Home::here) == longest.expires_at);
  QVERIFY(f.table.last_expiry(Home::redis) == Instant{});
  const KnownToken there = f.issue_at(Home::redis, 30s);
  f.see(500s);
  QVERIFY(f.table.last_expiry(Home::redis) == there.expires_at);
}

void TokenTableTest::what_is_spent_is_remembered() {
  TableFixture f;
  f.use(f.issue(60s, true));
  const KnownToken mine = f.issue_at(Home::redis, 60s);
  KnownToken others = mine;
  others.mine = false;
  others.id.bytes[0] ^= 1;
  f.table.spend(mine);
  f.table.spend(others);
  QCOMPARE(f.table.stats().used, std::uint64_t{3});
  for (const KnownToken& token : {mine, others}) {
    QVERIFY(f.table.look(token.id).state == Sight::State::used);
    f.table.learn(token, token.expires_at);  // Redis still has the key
    QVERIFY(f.table.look(token.id).state == Sight::State::used);
  }
  std::size_t cursor = 0;
  QCOMPARE(f.table.owed_to_redis(cursor, Owed::used).size(), std::size_t{2});
  QVERIFY(f.table.owed_to_redis(cursor, Owed::live).empty());
  const auto stats = f.table.stats();
  QCOMPARE(stats.issued, stats.active + stats.expired + stats.revoked);
}

void TokenTableTest::single_use_opens_exactly_once() {
  TableFixture f;
  const KnownToken issued = f.issue(60s, true);
  QVERIFY(f.is_fresh(issued));
  QVERIFY(f.is_fresh(issued));  // looking consumes nothing
  QCOMPARE(f.use(issued), State::fresh);
  QCOMPARE(f.use(issued), State::used);
  QCOMPARE(f.look(issued), State::used);
  QVERIFY(f.table.look(issued.id).token.id == issued.id);
  // Used up is not gone: it counts until it expires.
  QCOMPARE(f.table.stats().used, std::uint64_t{1});
  QCOMPARE(f.table.stats().active, std::uint64_t{1});
  f.clock.advance(60s);
  QCOMPARE(f.look(issued), State::expired);
  f.settle();
  QCOMPARE(f.table.stats().expired, std::uint64_t{1});
  QVERIFY(f.adds_up());
}

void TokenTableTest::other_tokens_open_often() {
  TableFixture f;
  const KnownToken issued = f.issue();
  for (int i = 0; i < 10; ++i) QCOMPARE(f.use(issued), State::fresh);
  QCOMPARE(f.table.stats().used, std::uint64_t{0});
}

void TokenTableTest::the_bound_is_exact_data() {
  QTest::addColumn<quint64>("max_tokens");
  for (const quint64 bound : {1ULL, 2ULL, 63ULL, 64ULL, 65ULL, 5'000ULL}) {
    QTest::addRow("%llu", static_cast<unsigned long long>(bound)) << bound;
  }
}

void TokenTableTest::the_bound_is_exact() {
  QFETCH(quint64, max_tokens);
  TableFixture f(max_tokens);
  const auto issued = f.issue_many(max_tokens);
  QVERIFY(!f.try_issue());
  for (const KnownToken& one : issued) QVERIFY(f.is_fresh(one));
  QCOMPARE(f.table.stats().issued, std::uint64_t{max_tokens});

  QVERIFY(f.table.revoke(issued.front().id));
  QVERIFY(f.try_issue());
  QVERIFY(!f.try_issue());
  f.clock.advance(61s);
  f.settle();
  f.issue_many(max_tokens);
  QVERIFY(!f.try_issue());
  QVERIFY(f.adds_up());
}

void TokenTableTest::the_dead_make_room_without_a_tick() {
  TableFixture f(20'000);
  f.issue_many(20'000);
  f.clock.advance(61s);
  f.issue_many(10'000);
  // Those that went on the way are told of by the next tick.
  f.settle();
  QCOMPARE(f.observer.expired.size(), std::size_t{20'000});
  QCOMPARE(f.table.stats().active, std::uint64_t{10'000});
  QVERIFY(f.adds_up());
}

void TokenTableTest::counters_add_up() {
  TableFixture f;
  const auto first = f.issue_many(30, 10s);
  const auto second = f.issue_many(20, 60s);
  f.table.revoke(second[0].id);
  f.table.revoke(second[1].id);
  f.table.revoke(first[0].id);
  f.clock.advance(11s);
  f.settle();
  const StoreStats stats = f.table.stats();
  QCOMPARE(stats.issued, std::uint64_t{50});
  QCOMPARE(stats.revoked, std::uint64_t{3});
  QCOMPARE(stats.expired, std::uint64_t{29});
  QCOMPARE(stats.active, std::uint64_t{18});
  QCOMPARE(stats.cache_entries, std::uint64_t{18});
}

void TokenTableTest::bytes_follow_the_tokens() {
  TableFixture f(10'000'000);
  const std::uint64_t empty = f.table.stats().cache_bytes;
  const auto burst = f.issue_many(200'000);
  const std::uint64_t full = f.table.stats().cache_bytes - empty;
  const auto payload = 200'000 * (sizeof(PublicId) + sizeof(TableEntry));
  QVERIFY(full > payload);
  QVERIFY(full < 4 * payload);
  f.clock.advance(61s);
  // A table's worth of ticks after the burst its memory is back.
  for (int i = 0; i < 1000; ++i) f.table.tick(nullptr);
  QCOMPARE(f.table.stats().active, std::uint64_t{0});
  QVERIFY2(f.table.stats().cache_bytes < empty + empty / 20, "memory was not given back");
}

void TokenTableTest::the_system_gets_its_memory_back() {
#ifdef VX11_SANITIZED
  QSKIP("a sanitizer's allocator keeps what it was given");
#endif
  const auto resident = [] {
    std::ifstream file("/proc/self/statm");
    long size = 0;
    long pages = 0;
    file >> size >> pages;
    return pages * ::sysconf(_SC_PAGESIZE);
  };
  TableFixture f;
  std::vector<std::unique_ptr<char>> among;  // allocations that stay, scattered over the heap
  const long before = resident();
  for (int i = 0; i < 400'000; ++i) {
    QVERIFY(f.try_issue());
    if (i % 1000 == 0) among.push_back(std::make_unique<char>());
  }
  const long burst = resident() - before;
  QVERIFY(burst > 20'000'000);
  f.clock.advance(61s);
  for (int i = 0; i < 200; ++i) f.table.tick(nullptr);
  const long left = resident() - before;
  QVERIFY2(left < burst / 8, qPrintable(QString::number(left)));
}

QTEST_GUILESS_MAIN(TokenTableTest)
#include "token_table_test.moc"
