// The process' mode: what may be switched to, what is still read of the mode before, and who holds it.
#include <QtTest>
#include <atomic>
#include <thread>

#include "store/mode_switch.h"

using namespace vx11;
using namespace vx11::store;
using namespace std::chrono_literals;
using Outcome = ModeSwitch::Outcome;
using Operation = ModeSwitch::Operation;

Q_DECLARE_METATYPE(vx11::store::Mode)
Q_DECLARE_METATYPE(vx11::store::ModeSwitch::Outcome)

class ModeSwitchTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void begins_as_configured();
  void changes_at_once();
  void the_same_mode_changes_nothing();
  void needs_its_means_data();
  void needs_its_means();
  void memory_is_read_until_its_last_token_has_expired();
  void no_token_left_no_window();
  void redis_is_read_for_the_longest_life_data();
  void redis_is_read_for_the_longest_life();
  void of_several_windows_the_longest_is_shown();
  void a_mode_that_is_back_does_not_drain();
  void an_operation_holds_the_mode();
  void a_hold_lapses_so_long_after_the_last_sign();
  void a_lapsed_hold_is_shown_with_its_last_sign();
  void a_lapsed_hold_goes_data();
  void a_lapsed_hold_goes();
  void its_own_call_makes_a_lapsed_hold_whole();
  void a_sign_begins_a_hold_and_changes_no_mode();
  void only_the_holder_releases();
  void every_call_of_the_holder_is_a_sign();
  void what_is_impossible_begins_no_hold();
  void readers_never_miss_a_window();

 private:
  static constexpr std::chrono::seconds kMaxTtl{300};
  static constexpr ModeSwitch::Means kAll{true, true};

  ManualClock clock_;
  const Operation ours_{"op-1", "console"};
  const Operation theirs_{"op-2", "somebody else"};
};

void ModeSwitchTest::begins_as_configured() {
  const ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  const ModeSwitch::View view = modes.view();
  QCOMPARE(modes.mode(), Mode::hybrid);
  QCOMPARE(view.mode, Mode::hybrid);
  QCOMPARE(view.configured, Mode::hybrid);
  QVERIFY(view.since == clock_.wall());
  QVERIFY(!view.draining);
  QVERIFY(!view.held);
  QVERIFY(modes.reads_redis());
  QVERIFY(!ModeSwitch(clock_, Mode::memory, kAll, kMaxTtl).reads_redis());
  QVERIFY(!ModeSwitch(clock_, Mode::signed_tokens, kAll, kMaxTtl).reads_redis());
}

void ModeSwitchTest::changes_at_once() {
  ModeSwitch modes(clock_, Mode::memory, kAll, kMaxTtl);
  clock_.advance(10s);
  const ModeSwitch::Result result = modes.set(Mode::redis, std::nullopt, {});
  QCOMPARE(result.outcome, Outcome::changed);
  QCOMPARE(result.from, Mode::memory);
  QCOMPARE(modes.mode(), Mode::redis);
  QVERIFY(modes.reads_redis());
  QCOMPARE(modes.view().configured, Mode::memory);
  QVERIFY(modes.view().since == clock_.wall());
}

void ModeSwitchTest::the_same_mode_changes_nothing() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  modes.set(Mode::memory, std::nullopt, {});
  const WallTime since = modes.view().since;
  clock_.advance(100s);
  QCOMPARE(modes.set(Mode::memory, std::nullopt, clock_.now() + 300s).outcome, Outcome::same);
  QVERIFY(modes.view().since == since);
  QCOMPARE(modes.view().draining->from, Mode::hybrid);
  QVERIFY(modes.view().draining->remaining == 200s);
}

void ModeSwitchTest::needs_its_means_data() {
  QTest::addColumn<Mode>("wanted");
  QTest::addColumn<bool>("redis");
  QTest::addColumn<bool>("keys");
  QTest::addColumn<Outcome>("outcome");
  QTest::newRow("redis without one") << Mode::redis << false << true << Outcome::no_redis;
  QTest::newRow("hybrid without one") << Mode::hybrid << false << true << Outcome::no_redis;
  QTest::newRow("signed without keys") << Mode::signed_tokens << true << false << Outcome::no_keys;
  QTest::newRow("redis") << Mode::redis << true << false << Outcome::changed;
  QTest::newRow("hybrid") << Mode::hybrid << true << false << Outcome::changed;
  QTest::newRow("signed") << Mode::signed_tokens << false << true << Outcome::changed;
}

void ModeSwitchTest::needs_its_means() {
  QFETCH(Mode, wanted);
  QFETCH(bool, redis);
  QFETCH(bool, keys);
  QFETCH(Outcome, outcome);
  ModeSwitch modes(clock_, Mode::memory, {redis, keys}, kMaxTtl);
  const WallTime since = modes.view().since;
  clock_.advance(1s);
  QCOMPARE(modes.set(wanted, std::nullopt, clock_.now() + 60s).outcome, outcome);
  if (outcome == Outcome::changed) return;
  QCOMPARE(modes.mode(), Mode::memory);
  QVERIFY(modes.view().since == since);
  QVERIFY(!modes.view().draining);
}

void ModeSwitchTest::memory_is_read_until_its_last_token_has_expired() {
  ModeSwitch modes(clock_, Mode::memory, kAll, kMaxTtl);
  modes.set(Mode::hybrid, std::nullopt, clock_.now() + 42s);
  QCOMPARE(modes.view().draining->from, Mode::memory);
  QVERIFY(modes.view().draining->remaining == 42s);
  clock_.advance(42s - 1ns);
  QVERIFY(modes.view().draining->remaining == 1ms);  // rounded up
  clock_.advance(1ns);
  QVERIFY(!modes.view().draining);
}

void ModeSwitchTest::no_token_left_no_window() {
  ModeSwitch modes(clock_, Mode::memory, kAll, kMaxTtl);
  modes.set(Mode::hybrid, std::nullopt, clock_.now() - 1s);
  QVERIFY(!modes.view().draining);
}

void ModeSwitchTest::redis_is_read_for_the_longest_life_data() {
  QTest::addColumn<Mode>("left");
  QTest::addColumn<Mode>("wanted");
  QTest::newRow("redis to memory") << Mode::redis << Mode::memory;
  QTest::newRow("hybrid to memory") << Mode::hybrid << Mode::memory;
  QTest::newRow("hybrid to signed") << Mode::hybrid << Mode::signed_tokens;
}

void ModeSwitchTest::redis_is_read_for_the_longest_life() {
  QFETCH(Mode, left);
  QFETCH(Mode, wanted);
  ModeSwitch modes(clock_, left, kAll, kMaxTtl);
  modes.set(wanted, std::nullopt, clock_.now() + 1s);  // what we know of says nothing about the others
  QCOMPARE(modes.view().draining->from, left);
  QVERIFY(modes.view().draining->remaining == kMaxTtl);
  clock_.advance(kMaxTtl - 1ns);
  QVERIFY(modes.reads_redis());
  clock_.advance(1ns);
  QVERIFY(!modes.reads_redis());
  QVERIFY(!modes.view().draining);
}

void ModeSwitchTest::of_several_windows_the_longest_is_shown() {
  ModeSwitch modes(clock_, Mode::redis, kAll, kMaxTtl);
  modes.set(Mode::memory, std::nullopt, {});
  clock_.advance(10s);
  modes.set(Mode::signed_tokens, std::nullopt, clock_.now() + 20s);
  QVERIFY(modes.reads_redis());
  QCOMPARE(modes.view().draining->from, Mode::redis);
  QVERIFY(modes.view().draining->remaining == 290s);
  clock_.advance(280s);
  modes.set(Mode::memory, std::nullopt, clock_.now() + 30s);
  QCOMPARE(modes.view().draining->from, Mode::signed_tokens);
  QVERIFY(modes.view().draining->remaining == 30s);
  QVERIFY(modes.reads_redis());
  clock_.advance(10s);
  QVERIFY(!modes.reads_redis());
  QCOMPARE(modes.view().draining->from, Mode::signed_tokens);
}

void ModeSwitchTest::a_mode_that_is_back_does_not_drain() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  modes.set(Mode::memory, std::nullopt, {});
  clock_.advance(10s);
  modes.set(Mode::hybrid, std::nullopt, clock_.now() + 60s);
  QCOMPARE(modes.view().draining->from, Mode::memory);
  QVERIFY(modes.view().draining->remaining == 60s);
  clock_.advance(100s);
  QVERIFY(!modes.view().draining);
  modes.set(Mode::memory, std::nullopt, {});
  QVERIFY(modes.view().draining->remaining == kMaxTtl);  // counted anew
}

void ModeSwitchTest::an_operation_holds_the_mode() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  const WallTime begin = clock_.wall();
  QCOMPARE(modes.set(Mode::memory, ours_, {}).outcome, Outcome::changed);
  clock_.advance(5s);
  QCOMPARE(modes.view().held->by.id, ours_.id);
  const std::optional<Operation> none;
  for (const auto& other : {std::optional(theirs_), none}) {
    for (const Mode wanted : {Mode::hybrid, Mode::memory}) {
      const ModeSwitch::Result result = modes.set(wanted, other, {});
      QCOMPARE(result.outcome, Outcome::held_by_other);
      QCOMPARE(result.held->by.id, ours_.id);
      QCOMPARE(result.held->by.owner, ours_.owner);
      QVERIFY(result.held->since == begin);
      QCOMPARE(modes.mode(), Mode::memory);
    }
  }
  QCOMPARE(modes.set(Mode::redis, ours_, {}).outcome, Outcome::changed);
  QVERIFY(modes.view().held->since == begin);
}

void ModeSwitchTest::a_hold_lapses_so_long_after_the_last_sign() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  modes.set(Mode::memory, ours_, {});
  clock_.advance(60s - 1ns);
  QVERIFY(!modes.view().held->lapsed);
  QCOMPARE(modes.set(Mode::hybrid, theirs_, {}).outcome, Outcome::held_by_other);  // and that is no sign
  clock_.advance(1ns);
  QVERIFY(modes.view().held->lapsed);
  const WallTime begin = clock_.wall();
  QCOMPARE(modes.set(Mode::hybrid, theirs_, {}).outcome, Outcome::changed);
  QCOMPARE(modes.view().held->by.id, theirs_.id);
  QVERIFY(modes.view().held->since == begin);
  clock_.advance(60s);
  QCOMPARE(modes.set(Mode::memory, std::nullopt, {}).outcome, Outcome::changed);
  QVERIFY(!modes.view().held);
}

void ModeSwitchTest::a_lapsed_hold_is_shown_with_its_last_sign() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  const WallTime begin = clock_.wall();
  modes.set(Mode::memory, ours_, {});
  clock_.advance(20s);
  const WallTime last = clock_.wall();
  QCOMPARE(modes.sign(ours_).outcome, Outcome::same);
  clock_.advance(90s);
  const auto held = modes.view().held;
  QCOMPARE(held->by.owner, ours_.owner);
  QVERIFY(held->since == begin);
  QVERIFY(held->last_sign == last);
  QVERIFY(held->silent == 90s);
  QVERIFY(held->lapsed);
}

void ModeSwitchTest::a_lapsed_hold_goes_data() {
  QTest::addColumn<QString>("call");
  QTest::addColumn<QString>("holder");
  QTest::newRow("nobody wants another mode") << "set memory" << "ours";
  QTest::newRow("nobody wants the impossible") << "set signed" << "ours";
  QTest::newRow("nobody changes the mode") << "set redis" << "";
  QTest::newRow("another operation begins") << "their set memory" << "theirs";
  QTest::newRow("another operation wants the impossible") << "their set signed" << "ours";
  QTest::newRow("another operation signs") << "their sign" << "theirs";
  QTest::newRow("another operation ends") << "their release" << "ours";
  QTest::newRow("it ends") << "our release" << "";
}
void ModeSwitchTest::a_lapsed_hold_goes() {
  QFETCH(QString, call);
  ModeSwitch modes(clock_, Mode::hybrid, {true, false}, kMaxTtl);
  modes.set(Mode::memory, ours_, {});
  clock_.advance(60s);
  const std::optional<Operation> by = call.startsWith("their") ? std::optional(theirs_) : std::nullopt;
  if (call.endsWith("memory")) modes.set(Mode::memory, by, {});
  if (call.endsWith("signed")) modes.set(Mode::signed_tokens, by, {});
  if (call.endsWith("redis")) modes.set(Mode::redis, by, {});
  if (call.endsWith("sign")) modes.sign(theirs_);
  if (call.endsWith("release")) modes.release(by.value_or(ours_));
  const auto held = modes.view().held;
  QTEST(held ? QString(held->by.id == ours_.id ? "ours" : "theirs") : QString(""), "holder");
  QCOMPARE(held && held->lapsed, held && held->by.id == ours_.id);
}

void ModeSwitchTest::its_own_call_makes_a_lapsed_hold_whole() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  const WallTime begin = clock_.wall();
  modes.set(Mode::memory, ours_, {});
  clock_.advance(100s);
  QCOMPARE(modes.sign(ours_).outcome, Outcome::same);
  QVERIFY(!modes.view().held->lapsed);
  QVERIFY(modes.view().held->since == begin);
  QCOMPARE(modes.set(Mode::redis, theirs_, {}).outcome, Outcome::held_by_other);
}

void ModeSwitchTest::a_sign_begins_a_hold_and_changes_no_mode() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  QCOMPARE(modes.sign(ours_).outcome, Outcome::same);
  QCOMPARE(modes.mode(), Mode::hybrid);
  QVERIFY(!modes.view().draining);
  const ModeSwitch::Result refused = modes.sign(theirs_);
  QCOMPARE(refused.outcome, Outcome::held_by_other);
  QCOMPARE(refused.held->by.id, ours_.id);
  QCOMPARE(modes.set(Mode::memory, std::nullopt, {}).outcome, Outcome::held_by_other);
}

void ModeSwitchTest::only_the_holder_releases() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  modes.set(Mode::memory, ours_, {});
  QCOMPARE(modes.release(theirs_).outcome, Outcome::held_by_other);
  QVERIFY(modes.view().held);
  QCOMPARE(modes.release(ours_).outcome, Outcome::same);
  QVERIFY(!modes.view().held);
  QCOMPARE(modes.release(ours_).outcome, Outcome::same);  // there is nothing left to release
  QCOMPARE(modes.set(Mode::hybrid, theirs_, {}).outcome, Outcome::changed);
}

void ModeSwitchTest::every_call_of_the_holder_is_a_sign() {
  ModeSwitch modes(clock_, Mode::hybrid, {true, false}, kMaxTtl);
  QCOMPARE(modes.set(Mode::hybrid, ours_, {}).outcome, Outcome::same);  // a hold may begin without a change
  clock_.advance(50s);
  QCOMPARE(modes.set(Mode::hybrid, ours_, {}).outcome, Outcome::same);
  clock_.advance(50s);
  QCOMPARE(modes.set(Mode::signed_tokens, ours_, {}).outcome, Outcome::no_keys);
  clock_.advance(50s);
  QCOMPARE(modes.set(Mode::memory, theirs_, {}).outcome, Outcome::held_by_other);
}

void ModeSwitchTest::what_is_impossible_begins_no_hold() {
  ModeSwitch modes(clock_, Mode::memory, {false, false}, kMaxTtl);
  QCOMPARE(modes.set(Mode::redis, ours_, {}).outcome, Outcome::no_redis);
  QVERIFY(!modes.view().held);
}

void ModeSwitchTest::readers_never_miss_a_window() {
  ModeSwitch modes(clock_, Mode::hybrid, kAll, kMaxTtl);
  std::atomic<bool> stop{false};
  std::atomic<int> missed{0};
  std::thread reader([&] {
    while (!stop) {
      if (!modes.reads_redis()) ++missed;
      const ModeSwitch::View view = modes.view();
      if (view.mode == Mode::memory && !view.draining) ++missed;
    }
  });
  for (int i = 0; i < 5000; ++i) {
    modes.set(i % 2 == 0 ? Mode::memory : Mode::redis, std::nullopt, clock_.now());
    clock_.advance(1ms);
  }
  stop = true;
  reader.join();
  QCOMPARE(missed.load(), 0);
}

QTEST_GUILESS_MAIN(ModeSwitchTest)
#include "mode_switch_test.moc"
