// The table as one client sees it: issue, check, single use, the bound and the counters.
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

class MemoryTableTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void issues_what_was_asked();
  void an_issued_token_is_valid_and_says_until_when();
  void unknown_and_malformed_tokens_are_told_apart_data();
  void unknown_and_malformed_tokens_are_told_apart();
  void an_altered_token_is_unknown();
  void single_use_opens_exactly_once();
  void other_tokens_open_often();
  void the_bound_is_exact_data();
  void the_bound_is_exact();
  void the_dead_make_room_without_a_tick();
  void counters_add_up();
  void bytes_follow_the_tokens();
  void the_system_gets_its_memory_back();
};

void MemoryTableTest::issues_what_was_asked() {
  TableFixture f;
  const IssueResult issued = f.issue(300s);
  QCOMPARE(issued.status, IssueStatus::issued);
  QVERIFY(Uuid::parse(issued.token.reveal()).has_value());
  QVERIFY(issued.id == PublicId::of(issued.token.reveal()));
  QVERIFY(issued.created_at == f.clock.wall());
  QVERIFY(issued.expires_at == f.clock.now() + 300s);
  QVERIFY(!issued.degraded);
}

void MemoryTableTest::an_issued_token_is_valid_and_says_until_when() {
  TableFixture f;
  const IssueResult issued = f.issue();
  f.clock.advance(10s + 1ns);
  for (const CheckResult& check : {f.look(issued), f.open(issued)}) {
    QCOMPARE(check.verdict, Verdict::valid);
    QCOMPARE(check.reason, Reason::none);
    QCOMPARE(check.source, Source::memory);
    QVERIFY(check.id == issued.id);
    QVERIFY(check.expires_at == issued.expires_at);
    QVERIFY(check.expires_in == 50'000ms);  // rounded up
  }
}

void MemoryTableTest::unknown_and_malformed_tokens_are_told_apart_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<bool>("malformed");
  QTest::newRow("unissued") << QByteArray("3f9a0c11-7b2e-4d55-a0b1-9e8d7c6bc21e") << false;
  QTest::newRow("empty") << QByteArray() << true;
  QTest::newRow("upper case") << QByteArray("3F9A0C11-7B2E-4D55-A0B1-9E8D7C6BC21E") << true;
  QTest::newRow("version 1") << QByteArray("3f9a0c11-7b2e-1d55-a0b1-9e8d7c6bc21e") << true;
  QTest::newRow("a word") << QByteArray("vx11-test-token") << true;
  QTest::newRow("long") << QByteArray(8000, 'a') << true;
}

void MemoryTableTest::unknown_and_malformed_tokens_are_told_apart() {
  QFETCH(QByteArray, text);
  QFETCH(bool, malformed);
  TableFixture f;
  const CheckResult check = f.table.check(text.toStdString(), Purpose::open);
  QCOMPARE(check.verdict, Verdict::invalid);
  QCOMPARE(check.reason, malformed ? Reason::malformed : Reason::unknown);
  QVERIFY(check.id == (malformed ? PublicId{} : PublicId::of(text.toStdString())));
  QVERIFY(check.expires_in == 0ms);
}

void MemoryTableTest::an_altered_token_is_unknown() {
  TableFixture f;
  const IssueResult issued = f.issue();
  const std::string good(issued.token.reveal());
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = bad[at] == '1' ? '2' : '1';
    QCOMPARE(f.table.check(bad, Purpose::look).verdict, Verdict::invalid);
  }
  QVERIFY(f.is_valid(issued));
}

void MemoryTableTest::single_use_opens_exactly_once() {
  TableFixture f;
  const IssueResult issued = f.issue(60s, true);
  QVERIFY(f.is_valid(issued));
  QVERIFY(f.is_valid(issued));  // looking consumes nothing
  QCOMPARE(f.open(issued).verdict, Verdict::valid);
  QCOMPARE(f.open(issued).reason, Reason::used);
  QCOMPARE(f.look(issued).reason, Reason::used);
  QCOMPARE(f.look(issued).verdict, Verdict::invalid);
  QVERIFY(f.look(issued).id == issued.id);
  // Used up is not gone: it counts until it expires.
  QCOMPARE(f.table.stats().used, std::uint64_t{1});
  QCOMPARE(f.table.stats().active, std::uint64_t{1});
  f.clock.advance(60s);
  QCOMPARE(f.look(issued).reason, Reason::expired);
  f.settle();
  QCOMPARE(f.table.stats().expired, std::uint64_t{1});
  QVERIFY(f.adds_up());
}

void MemoryTableTest::other_tokens_open_often() {
  TableFixture f;
  const IssueResult issued = f.issue();
  for (int i = 0; i < 10; ++i) QCOMPARE(f.open(issued).verdict, Verdict::valid);
  QCOMPARE(f.table.stats().used, std::uint64_t{0});
}

void MemoryTableTest::the_bound_is_exact_data() {
  QTest::addColumn<quint64>("max_tokens");
  for (const quint64 bound : {1ULL, 2ULL, 63ULL, 64ULL, 65ULL, 5'000ULL}) {
    QTest::addRow("%llu", static_cast<unsigned long long>(bound)) << bound;
  }
}

void MemoryTableTest::the_bound_is_exact() {
  QFETCH(quint64, max_tokens);
  TableFixture f(max_tokens);
  const auto issued = f.issue_many(max_tokens);
  for (const IssueResult& one : issued) QCOMPARE(one.status, IssueStatus::issued);
  const IssueResult refused = f.issue();
  QCOMPARE(refused.status, IssueStatus::full);
  QVERIFY(refused.token.empty());
  for (const IssueResult& one : issued) QVERIFY(f.is_valid(one));
  QCOMPARE(f.table.stats().issued, std::uint64_t{max_tokens});

  QCOMPARE(f.table.revoke(issued.front().token, nullptr).revoked, std::uint64_t{1});
  QCOMPARE(f.issue().status, IssueStatus::issued);
  QCOMPARE(f.issue().status, IssueStatus::full);
  f.clock.advance(61s);
  f.settle();
  for (const IssueResult& one : f.issue_many(max_tokens)) QCOMPARE(one.status, IssueStatus::issued);
  QCOMPARE(f.issue().status, IssueStatus::full);
  QVERIFY(f.adds_up());
}

void MemoryTableTest::the_dead_make_room_without_a_tick() {
  TableFixture f(20'000);
  f.issue_many(20'000);
  f.clock.advance(61s);
  for (const IssueResult& one : f.issue_many(10'000)) QCOMPARE(one.status, IssueStatus::issued);
  // Those that went on the way are told of by the next tick.
  f.settle();
  QCOMPARE(f.observer.expired.size(), std::size_t{20'000});
  QCOMPARE(f.table.stats().active, std::uint64_t{10'000});
  QVERIFY(f.adds_up());
}

void MemoryTableTest::counters_add_up() {
  TableFixture f;
  const auto first = f.issue_many(30, 10s);
  const auto second = f.issue_many(20, 60s);
  f.table.revoke(second[0].token, nullptr);
  f.table.revoke(second[1].id, nullptr);
  f.table.revoke(first[0].token, nullptr);
  f.clock.advance(11s);
  f.settle();
  const StoreStats stats = f.table.stats();
  QCOMPARE(stats.issued, std::uint64_t{50});
  QCOMPARE(stats.revoked, std::uint64_t{3});
  QCOMPARE(stats.expired, std::uint64_t{29});
  QCOMPARE(stats.active, std::uint64_t{18});
  QCOMPARE(stats.cache_entries, std::uint64_t{18});
}

void MemoryTableTest::bytes_follow_the_tokens() {
  TableFixture f(10'000'000);
  const std::uint64_t empty = f.table.stats().cache_bytes;
  const auto burst = f.issue_many(200'000);
  const std::uint64_t full = f.table.stats().cache_bytes - empty;
  const auto payload = 200'000 * (sizeof(Uuid) + sizeof(MemoryEntry));
  QVERIFY(full > payload);
  QVERIFY(full < 4 * payload);
  f.clock.advance(61s);
  // A table's worth of ticks after the burst its memory is back.
  for (int i = 0; i < 1000; ++i) f.table.tick(nullptr);
  QCOMPARE(f.table.stats().active, std::uint64_t{0});
  QVERIFY2(f.table.stats().cache_bytes < empty + empty / 20, "memory was not given back");
}

void MemoryTableTest::the_system_gets_its_memory_back() {
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
    QCOMPARE(f.issue().status, IssueStatus::issued);
    if (i % 1000 == 0) among.push_back(std::make_unique<char>());
  }
  const long burst = resident() - before;
  QVERIFY(burst > 20'000'000);
  f.clock.advance(61s);
  for (int i = 0; i < 200; ++i) f.table.tick(nullptr);
  const long left = resident() - before;
  QVERIFY2(left < burst / 8, qPrintable(QString::number(left)));
}

QTEST_GUILESS_MAIN(MemoryTableTest)
#include "memory_table_test.moc"
