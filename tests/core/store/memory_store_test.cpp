// The port in memory mode: every answer comes inside the call, to the one who asked; what happens unasked goes to the
// observer, and both may use the store again from there.
#include <QtTest>
#include <memory>
#include <optional>

#include "core/store/table_fixture.h"
#include "store/memory_store.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;

namespace {

/// Uses the store from inside its notifications: would hang if a lock were held.
class NosyObserver final : public StoreObserver {
 public:
  void on_expired(std::span<const PublicId> ids) override {
    expired += ids.size();
    ask();
    for (const PublicId& id : ids) store->revoke(id, [](const RevokeResult&) {});
  }
  void on_revoked(std::span<const PublicId> ids) override {
    revoked += ids.size();
    ask();
  }

  void on_all_revoked() override { ask(); }

  TokenStore* store = nullptr;
  std::size_t expired = 0;
  std::size_t revoked = 0;

 private:
  void ask() {
    (void)store->stats();
    store->list({"", 1000, ""}, [](ListPage) {});
    store->issue({1s, false}, [](const IssueResult&) {});
  }
};

}  // namespace

class MemoryStoreTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void words_of_the_wire();
  void answers_inside_the_call();
  void two_loops_share_a_table();
  void calls_nobody_under_a_lock();
  void works_without_an_observer();
};

void MemoryStoreTest::words_of_the_wire() {
  for (const Mode mode : {Mode::memory, Mode::redis, Mode::hybrid, Mode::signed_tokens}) {
    QVERIFY(parse_mode(to_string(mode)) == mode);
  }
  QCOMPARE(std::string(to_string(Mode::memory)), std::string("memory"));
  QCOMPARE(std::string(to_string(Mode::signed_tokens)), std::string("signed"));
  for (const char* word : {"", "Memory", "memory ", "signed_tokens", "local"}) QVERIFY(!parse_mode(word));
  QCOMPARE(std::string(to_string(Source::local)), std::string("local"));
  QCOMPARE(std::string(to_string(Source::redis)), std::string("redis"));
  QCOMPARE(std::string(to_string(Source::memory)), std::string("memory"));
  QCOMPARE(std::string(to_string(Source::signed_form)), std::string("signed"));
}

void MemoryStoreTest::answers_inside_the_call() {
  ManualClock clock;
  SeededRandom random(1);
  RecordingObserver observer;
  MemoryStore store(std::make_shared<MemoryTable>(clock, random, MemoryTable::Options{10, "here"}), &observer);
  QCOMPARE(store.mode(), Mode::memory);

  IssueResult issued;
  store.issue({60s, false}, [&](const IssueResult& result) { issued = result; });
  QCOMPARE(issued.status, IssueStatus::issued);
  std::optional<CheckResult> check;
  store.check(issued.token.reveal(), Purpose::open, [&](const CheckResult& result) { check = result; });
  QVERIFY(check && check->verdict == Verdict::valid);
  std::optional<ListPage> page;
  store.list({}, [&](ListPage result) { page = std::move(result); });
  QVERIFY(page && page->tokens.size() == 1);
  std::optional<RevokeResult> revoked;
  store.revoke(issued.id, [&](const RevokeResult& result) { revoked = result; });
  QVERIFY(revoked && revoked->revoked == 1);
  QVERIFY(observer.revoked == std::vector{issued.id});

  store.issue({1s, false}, [&](const IssueResult& result) { issued = result; });
  clock.advance(2s);
  store.tick();
  QVERIFY(observer.expired == std::vector{issued.id});
  QCOMPARE(store.stats().issued, std::uint64_t{2});
}

void MemoryStoreTest::two_loops_share_a_table() {
  ManualClock clock;
  SeededRandom random(1);
  const auto table = std::make_shared<MemoryTable>(clock, random, MemoryTable::Options{10, "here"});
  MemoryStore first(table, nullptr);
  MemoryStore second(table, nullptr);
  first.issue({60s, true}, [&](const IssueResult& issued) {
    std::optional<Verdict> there;
    second.check(issued.token.reveal(), Purpose::open, [&](const CheckResult& check) { there = check.verdict; });
    QVERIFY(there == Verdict::valid);
    first.check(issued.token.reveal(), Purpose::open, [&](const CheckResult& check) { there = check.verdict; });
    QVERIFY(there == Verdict::invalid);
  });
}

void MemoryStoreTest::calls_nobody_under_a_lock() {
  ManualClock clock;
  SeededRandom random(1);
  NosyObserver observer;
  MemoryStore store(std::make_shared<MemoryTable>(clock, random, MemoryTable::Options{100'000, "here"}), &observer);
  observer.store = &store;
  for (int i = 0; i < 300; ++i) store.issue({1s, false}, [](const IssueResult&) {});
  clock.advance(2s);
  store.tick();
  QCOMPARE(observer.expired, std::size_t{300});
  QCOMPARE(observer.revoked, std::size_t{300});
}

void MemoryStoreTest::works_without_an_observer() {
  ManualClock clock;
  SeededRandom random(1);
  MemoryStore store(std::make_shared<MemoryTable>(clock, random, MemoryTable::Options{100, "here"}), nullptr);
  for (int i = 0; i < 50; ++i) store.issue({1s, false}, [](const IssueResult&) {});
  store.revoke(RevokeAll{}, [](const RevokeResult& result) { QCOMPARE(result.revoked, std::uint64_t{50}); });
  store.issue({1s, false}, [](const IssueResult&) {});
  clock.advance(2s);
  store.tick();
  QCOMPARE(store.stats().expired, std::uint64_t{1});
}

QTEST_GUILESS_MAIN(MemoryStoreTest)
#include "memory_store_test.moc"
