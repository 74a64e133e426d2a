// Revocation in this process: by text, by public id, of everything; at once, counted once, told to the observer.
#include <QtTest>
#include <algorithm>

#include "core/store/table_fixture.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;

class MemoryRevocationTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void ends_one_token_data();
  void ends_one_token();
  void counts_only_live_tokens();
  void ends_a_used_token_too();
  void all_spares_what_comes_later();
  void tells_of_tokens_it_has_forgotten();
  void a_text_that_is_no_token_changes_nothing();
  void remembers_a_bounded_number();
  void revoked_tokens_leave_with_their_time();
};

void MemoryRevocationTest::ends_one_token_data() {
  QTest::addColumn<bool>("by_text");
  QTest::newRow("by text") << true;
  QTest::newRow("by public id") << false;
}

void MemoryRevocationTest::ends_one_token() {
  QFETCH(bool, by_text);
  TableFixture f;
  const auto issued = f.issue_many(500);
  for (std::size_t i = 0; i < issued.size(); i += 2) {
    const RevokeTarget target = by_text ? RevokeTarget(issued[i].token) : RevokeTarget(issued[i].id);
    const RevokeResult result = f.table.revoke(target, &f.observer);
    QCOMPARE(result.revoked, std::uint64_t{1});
    QVERIFY(!result.others_pending);
    QVERIFY(f.observer.revoked.back() == issued[i].id);
  }
  for (std::size_t i = 0; i < issued.size(); ++i) {
    QCOMPARE(f.look(issued[i]).reason, i % 2 == 0 ? Reason::revoked : Reason::none);
    QVERIFY(f.look(issued[i]).id == issued[i].id);
  }
  QCOMPARE(f.table.stats().revoked, std::uint64_t{250});
  QCOMPARE(f.table.stats().active, std::uint64_t{250});
  QVERIFY(f.adds_up());
}

void MemoryRevocationTest::counts_only_live_tokens() {
  TableFixture f;
  const IssueResult once = f.issue();
  QCOMPARE(f.table.revoke(once.token, nullptr).revoked, std::uint64_t{1});
  QCOMPARE(f.table.revoke(once.token, nullptr).revoked, std::uint64_t{0});
  QCOMPARE(f.table.revoke(once.id, nullptr).revoked, std::uint64_t{0});
  const IssueResult dead = f.issue(1s);
  f.clock.advance(1s);
  QCOMPARE(f.table.revoke(dead.token, nullptr).revoked, std::uint64_t{0});
  QCOMPARE(f.table.revoke(dead.id, nullptr).revoked, std::uint64_t{0});
  QCOMPARE(f.table.revoke(RevokeAll{}, nullptr).revoked, std::uint64_t{0});
  f.clock.advance(60s);
  f.settle();
  const StoreStats stats = f.table.stats();
  QCOMPARE(stats.revoked, std::uint64_t{1});
  QCOMPARE(stats.expired, std::uint64_t{1});
  QVERIFY(f.adds_up());
}

void MemoryRevocationTest::ends_a_used_token_too() {
  TableFixture f;
  const IssueResult issued = f.issue(60s, true);
  QCOMPARE(f.open(issued).verdict, Verdict::valid);
  QCOMPARE(f.table.revoke(issued.token, &f.observer).revoked, std::uint64_t{1});
  QVERIFY(f.observer.revoked == std::vector{issued.id});  // a stream is open with it
  QCOMPARE(f.look(issued).reason, Reason::revoked);
  QVERIFY(f.adds_up());
}

void MemoryRevocationTest::all_spares_what_comes_later() {
  TableFixture f;
  auto old = f.issue_many(700, 60s);
  const auto longer = f.issue_many(300, 3600s);
  old.insert(old.end(), longer.begin(), longer.end());
  QCOMPARE(f.table.revoke(RevokeAll{}, &f.observer).revoked, std::uint64_t{1000});
  const auto later = f.issue_many(50);
  QCOMPARE(f.observer.all_revoked, 1);
  QVERIFY(f.observer.revoked.empty());  // a million ids would hold up the loop
  for (const IssueResult& one : old) QCOMPARE(f.look(one).verdict, Verdict::invalid);
  for (const IssueResult& one : later) QVERIFY(f.is_valid(one));
  QCOMPARE(f.table.stats().active, std::uint64_t{50});
  QVERIFY(f.adds_up());
}

void MemoryRevocationTest::tells_of_tokens_it_has_forgotten() {
  // A stream outlives the token that opened it, but not that token's revocation.
  TableFixture f;
  const IssueResult issued = f.issue(1s);
  f.clock.advance(10s);
  f.settle();
  QCOMPARE(f.table.revoke(issued.token, &f.observer).revoked, std::uint64_t{0});
  QVERIFY(f.observer.revoked == std::vector{issued.id});
  QCOMPARE(f.table.revoke(issued.id, &f.observer).revoked, std::uint64_t{0});
  QCOMPARE(f.observer.revoked.size(), std::size_t{2});
}

void MemoryRevocationTest::a_text_that_is_no_token_changes_nothing() {
  TableFixture f;
  f.issue();
  for (const char* text : {"", "nonsense", "3F9A0C11-7B2E-4D55-A0B1-9E8D7C6BC21E"}) {
    QCOMPARE(f.table.revoke(TokenText(text), &f.observer).revoked, std::uint64_t{0});
  }
  QVERIFY(f.observer.revoked.empty());
  QCOMPARE(f.table.stats().active, std::uint64_t{1});
}

void MemoryRevocationTest::remembers_a_bounded_number() {
  TableFixture f(1000);
  std::vector<IssueResult> revoked;
  for (int i = 0; i < 200; ++i) {
    const auto issued = f.issue_many(1000, 86'400s);
    QCOMPARE(issued.back().status, IssueStatus::issued);  // the revoked take no room
    QCOMPARE(f.table.revoke(RevokeAll{}, nullptr).revoked, std::uint64_t{1000});
    revoked.push_back(issued.back());
    f.clock.advance(100ms);
    for (int tick = 0; tick < 64; ++tick) f.table.tick(nullptr);
  }
  for (const IssueResult& one : revoked) {
    const Reason reason = f.look(one).reason;
    QVERIFY(reason == Reason::revoked || reason == Reason::unknown);
  }
  // Of 200,000 that have a day to go only a few thousand are remembered, by the wheel as well.
  QVERIFY(f.table.stats().cache_bytes < 4'000'000);
  QCOMPARE(f.table.stats().revoked, std::uint64_t{200'000});
  QVERIFY(f.adds_up());
}

void MemoryRevocationTest::revoked_tokens_leave_with_their_time() {
  TableFixture f;
  const IssueResult issued = f.issue(60s);
  f.table.revoke(issued.token, nullptr);
  f.clock.advance(60s - 1ns);
  f.settle();
  QCOMPARE(f.look(issued).reason, Reason::revoked);
  f.clock.advance(200ms);
  f.settle();
  QCOMPARE(f.look(issued).reason, Reason::unknown);
  QVERIFY(f.observer.expired.empty());  // it ended once, and not by age
  QCOMPARE(f.table.stats().expired, std::uint64_t{0});
}

QTEST_GUILESS_MAIN(MemoryRevocationTest)
#include "memory_revocation_test.moc"
