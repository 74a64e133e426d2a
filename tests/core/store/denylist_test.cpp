// What is denied, to whom it is told again, and when it is forgotten; also while several threads ask and add.
#include <QtTest>
#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "store/denylist.h"
#include "token/random.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using Kind = Revocation::Kind;

class DenylistTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_empty_one_denies_nothing();
  void a_named_token_is_denied_until_then();
  void the_later_end_counts_data();
  void the_later_end_counts();
  void all_before_are_denied();
  void the_later_before_counts();
  void principals_are_only_remembered();
  void tells_again_what_it_was_told();
  void forgets_in_bounded_steps();
  void agrees_with_a_map();
  void threads_see_what_was_added();

 private:
  [[nodiscard]] PublicId new_id() { return {Uuid::generate(random_).bytes}; }
  [[nodiscard]] Revocation of(const PublicId& id) const {
    return {Kind::token, id, 0, clock_.wall(), clock_.wall() + 60s, "backend-1:8011"};
  }
  [[nodiscard]] Revocation all_before(WallTime at, std::string by = "backend-1:8011") const {
    return {Kind::before, {}, 0, at, at + 60s, std::move(by)};
  }
  /// Until nothing is left to do.
  static void settle(Denylist& list) {
    for (int i = 0; i < 64; ++i) list.tick();
  }

  ManualClock clock_;
  SeededRandom random_{11};
};

void DenylistTest::an_empty_one_denies_nothing() {
  Denylist list(clock_);
  QVERIFY(!list.names(new_id()));
  QVERIFY(!list.denies(new_id(), WallTime{}));
  QVERIFY(list.before() == WallTime{});
  QCOMPARE(list.size(), std::size_t{0});
  QVERIFY(list.held().empty());
  list.tick();
}

void DenylistTest::a_named_token_is_denied_until_then() {
  Denylist list(clock_);
  const PublicId id = new_id();
  QVERIFY(list.add(of(id), clock_.now() + 60s));
  QVERIFY(!list.add(of(id), clock_.now() + 60s));
  QCOMPARE(list.size(), std::size_t{1});
  for (std::size_t bit = 0; bit < 8 * id.bytes.size(); ++bit) {
    PublicId other = id;
    other.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    QVERIFY(!list.names(other));
  }
  clock_.advance(60s - 1ns);
  settle(list);
  QVERIFY(list.names(id));
  QVERIFY(list.denies(id, clock_.wall()));  // whenever it was issued
  clock_.advance(1ns + ExpiryWheel::tick);
  settle(list);
  QVERIFY(!list.names(id));
  QCOMPARE(list.size(), std::size_t{0});
  QVERIFY(list.add(of(id), clock_.now() + 1s));  // news again
}

void DenylistTest::the_later_end_counts_data() {
  QTest::addColumn<int>("first_s");
  QTest::addColumn<int>("second_s");
  QTest::newRow("put off") << 10 << 30;
  QTest::newRow("not brought forward") << 30 << 10;
}

void DenylistTest::the_later_end_counts() {
  QFETCH(int, first_s);
  QFETCH(int, second_s);
  Denylist list(clock_);
  const PublicId id = new_id();
  list.add(of(id), clock_.now() + std::chrono::seconds(first_s));
  Revocation longer = of(id);
  longer.expires += 100s;
  list.add(longer, clock_.now() + std::chrono::seconds(second_s));
  QVERIFY(list.held().front().expires == longer.expires);
  clock_.advance(29s);
  settle(list);
  QVERIFY(list.names(id));
  clock_.advance(1s + ExpiryWheel::tick);
  settle(list);
  QVERIFY(!list.names(id));
  QCOMPARE(list.size(), std::size_t{0});
  clock_.advance(60s);
  settle(list);
  QCOMPARE(list.size(), std::size_t{0});
}

void DenylistTest::all_before_are_denied() {
  Denylist list(clock_);
  const WallTime at = clock_.wall();
  QVERIFY(list.add(all_before(at), clock_.now() + 60s));
  QVERIFY(list.before() == at);
  QVERIFY(list.denies(new_id(), at));
  QVERIFY(list.denies(new_id(), at - 1h));
  QVERIFY(!list.denies(new_id(), at + 1ns));
  QVERIFY(!list.names(new_id()));
  clock_.advance(60s - 1ns);
  list.tick();
  QVERIFY(list.denies(new_id(), at));
  clock_.advance(1ns);
  list.tick();
  QVERIFY(!list.denies(new_id(), at));
  QCOMPARE(list.size(), std::size_t{0});
}

void DenylistTest::the_later_before_counts() {
  Denylist list(clock_);
  const WallTime at = clock_.wall();
  QVERIFY(list.add(all_before(at, "a"), clock_.now() + 60s));
  QVERIFY(!list.add(all_before(at, "b"), clock_.now() + 60s));
  QVERIFY(!list.add(all_before(at - 1s, "c"), clock_.now() + 90s));  // an older one, remembered for longer
  QVERIFY(list.before() == at);
  QVERIFY(list.add(all_before(at + 1s, "d"), clock_.now() + 10s));
  QVERIFY(list.before() == at + 1s);
  QCOMPARE(list.size(), std::size_t{1});
  QCOMPARE(list.held().front().by, std::string("d"));
  clock_.advance(89s);
  list.tick();
  QVERIFY(list.denies(new_id(), at + 1s));
  clock_.advance(1s);
  list.tick();
  QVERIFY(list.before() == WallTime{});
}

void DenylistTest::principals_are_only_remembered() {
  Denylist list(clock_);
  Revocation one{Kind::principal, {}, 7, clock_.wall(), clock_.wall() + 60s, "a"};
  QVERIFY(list.add(one, clock_.now() + 60s));
  QVERIFY(!list.add(one, clock_.now() + 60s));
  one.at += 1s;
  QVERIFY(list.add(one, clock_.now() + 60s));
  Revocation other = one;
  other.principal = 8;
  QVERIFY(list.add(other, clock_.now() + 10s));
  QVERIFY(list.add(all_before(clock_.wall() - 1h), clock_.now() + 10s));
  QCOMPARE(list.size(), std::size_t{3});
  QVERIFY(!list.denies(new_id(), clock_.wall()));
  QVERIFY(list.before() == clock_.wall() - 1h);
  clock_.advance(10s);
  list.tick();
  QCOMPARE(list.size(), std::size_t{1});
  QCOMPARE(list.held().front().principal, std::uint32_t{7});
  QVERIFY(list.held().front().at == one.at);
}

void DenylistTest::tells_again_what_it_was_told() {
  Denylist list(clock_);
  std::map<PublicId, Revocation> told;
  for (int i = 0; i < 300; ++i) {
    Revocation one = of(new_id());
    one.at += std::chrono::milliseconds(i);
    one.by = "backend-" + std::to_string(i % 3);
    list.add(one, clock_.now() + 60s);
    told[one.id] = one;
  }
  const Revocation all = all_before(clock_.wall(), "backend-9");
  list.add(all, clock_.now() + 60s);
  std::size_t befores = 0;
  for (const Revocation& one : list.held()) {
    const Revocation& expected = one.kind == Kind::before ? all : told.at(one.id);
    befores += one.kind == Kind::before ? 1 : 0;
    QCOMPARE(one.kind, expected.kind);
    QVERIFY(one.at == expected.at);
    QVERIFY(one.expires == expected.expires);
    QCOMPARE(one.by, expected.by);
  }
  QCOMPARE(befores, std::size_t{1});
  QCOMPARE(list.held().size(), told.size() + 1);
}

void DenylistTest::forgets_in_bounded_steps() {
  Denylist list(clock_);
  for (int i = 0; i < 100'000; ++i) list.add(of(new_id()), clock_.now() + 60s);
  clock_.advance(61s);
  int ticks = 0;
  for (std::size_t before = list.size(); before != 0; before = list.size(), ++ticks) {
    list.tick();
    QVERIFY(list.size() < before);
    QVERIFY(before - list.size() <= 10'000);
  }
  QVERIFY(ticks >= 10);
}

void DenylistTest::agrees_with_a_map() {
  Denylist list(clock_);
  std::mt19937_64 dice(5);
  std::map<PublicId, Instant> model;
  std::vector<PublicId> pool(300);
  for (PublicId& id : pool) id = new_id();
  for (int i = 0; i < 200'000; ++i) {
    const PublicId& id = pool[dice() % pool.size()];
    const auto found = model.find(id);
    if (dice() % 4 == 0) {
      const Instant until = clock_.now() + std::chrono::milliseconds(dice() % 5000);
      QCOMPARE(list.add(of(id), until), found == model.end());
      model[id] = std::max(model[id], until);
    } else if (dice() % 10 == 0) {
      clock_.advance(std::chrono::milliseconds(dice() % 300));
      list.tick();
      std::erase_if(model, [&](const auto& one) { return ExpiryWheel::is_due(one.second, clock_.now()); });
    } else {
      QCOMPARE(list.names(id), found != model.end());
    }
  }
  QCOMPARE(list.size(), model.size());
}

void DenylistTest::threads_see_what_was_added() {
  Denylist list(clock_);
  std::atomic<int> wrong{0};
  std::atomic<bool> stop{false};
  const auto reads = [&] {
    while (!stop) {
      const std::vector<Revocation> held = list.held();
      for (const Revocation& one : held) wrong += one.by == "backend-1:8011" ? 0 : 1;
      list.tick();
      (void)list.size();
    }
  };
  const auto adds = [&](std::uint64_t seed) {
    SeededRandom random(seed);
    for (int i = 0; i < 3000; ++i) {
      const PublicId id{Uuid::generate(random).bytes};
      wrong += list.denies(id, clock_.wall() + 1h) ? 1 : 0;
      const bool lasts = i % 2 == 0;
      wrong += list.add(of(id), clock_.now() + (lasts ? 1h : 1ms)) ? 0 : 1;
      if (lasts) wrong += list.names(id) && list.denies(id, clock_.wall() + 1h) ? 0 : 1;
      const WallTime at = clock_.wall();
      if (i % 50 == 0) list.add(all_before(at), clock_.now() + 1h);
      if (i % 50 == 0) wrong += list.denies(PublicId{Uuid::generate(random).bytes}, at) && list.before() >= at ? 0 : 1;
      if (i % 20 == 0) clock_.advance(50ms);
    }
  };
  std::thread reader(reads);
  std::thread first(adds, 1);
  std::thread second(adds, 2);
  first.join();
  second.join();
  stop = true;
  reader.join();
  QCOMPARE(wrong.load(), 0);
  clock_.advance(1s);
  settle(list);
  QCOMPARE(list.size(), std::size_t{3001});
}

QTEST_GUILESS_MAIN(DenylistTest)
#include "denylist_test.moc"
