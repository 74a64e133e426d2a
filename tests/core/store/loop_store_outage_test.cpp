// What the store does while Redis fails, and when it is back.
#include <QTest>

#include "loop_store_fixture.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::Mode;
using store::Purpose;
using store::Reason;
using store::Source;
using store::Verdict;

class LoopStoreOutage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void hybrid_vouches_for_what_it_has_seen_to_the_real_end();
  void a_stale_copy_waits_for_redis_only_briefly();
  void hybrid_issues_and_writes_later();
  void a_write_that_timed_out_is_written_again();
  void what_was_revoked_meanwhile_is_not_written();
  void mode_redis_issues_nothing();
  void a_full_table_issues_nothing();
  void redis_just_back_may_not_have_everything_yet();
  void another_server_gets_everything_again();
  void another_server_hears_first_what_was_used();
  void another_server_may_have_keys_of_revoked_tokens();
  void leaving_a_dead_redis_loses_nothing();
  void memory_tokens_stay_valid_in_every_mode();
};

void LoopStoreOutage::hybrid_vouches_for_what_it_has_seen_to_the_real_end() {
  StoreUnderTest t(Mode::hybrid);
  t.check(foreign);
  t.redis.answer({t.value(), 20'000});
  t.redis.go_down();
  t.clock.advance(19'999ms);
  QVERIFY(t.check(foreign)->verdict == Verdict::valid);
  QVERIFY(t.checked->source == Source::local && t.checked->asked_redis);
  t.clock.advance(1ms);
  QVERIFY(t.check(foreign)->verdict != Verdict::valid);
  QVERIFY(t.check("11111111-2222-4333-8444-555555555555")->verdict == Verdict::cannot_tell);
}

void LoopStoreOutage::a_stale_copy_waits_for_redis_only_briefly() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.clock.advance(6s);
  t.check(mine);
  QCOMPARE(t.redis.asked.front().deadline, 50ms);
  t.redis.fail(redis::Fault::timed_out);
  QVERIFY(t.verdict() == Verdict::valid && t.checked->source == Source::local);
  // What Redis says after that is heard all the same: it was slow, not dead.
  QVERIFY(t.redis.answer_late({t.value(false, "a"), 54'000}));
  QVERIFY(t.check(mine) && t.verdict() == Verdict::valid);
  t.clock.advance(6s);
  t.check(mine);
  t.redis.fail(redis::Fault::timed_out);
  QVERIFY(t.redis.answer_late({Value::nil(), -2}));  // deleted by hand
  QVERIFY(t.check(mine)->verdict == Verdict::invalid);
}

void LoopStoreOutage::hybrid_issues_and_writes_later() {
  StoreUnderTest t(Mode::hybrid);
  t.redis.go_down();
  QVERIFY(t.issue());
  QVERIFY(t.issued->degraded);
  const std::string token(t.issued->token.reveal());
  const auto end = std::chrono::floor<std::chrono::milliseconds>(*t.redis.time(t.clock.now() + 60s));
  QCOMPARE(t.table.unwritten(), std::size_t{1});
  t.clock.advance(10s);
  QVERIFY(t.check(token)->verdict == Verdict::valid);
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
  t.redis.up = true;
  t.store().tick();
  const auto words = t.redis.asked.front().commands.front();
  QCOMPARE(words[1], "vx11:ephemeral_token:" + token);
  QCOMPARE(words[4], std::to_string(end.time_since_epoch().count()));  // its end, not a new life
  t.redis.answer({Value::status("OK")});
  QCOMPARE(t.table.unwritten(), std::size_t{0});
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreOutage::a_write_that_timed_out_is_written_again() {
  StoreUnderTest t(Mode::hybrid);
  t.issue();
  t.redis.fail(redis::Fault::timed_out);
  QVERIFY(t.issued && t.issued->degraded);
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SET vx11:ephemeral_token:"));
  t.redis.answer({Value::nil()});  // executed late after all
  QCOMPARE(t.table.unwritten(), std::size_t{0});
}

void LoopStoreOutage::what_was_revoked_meanwhile_is_not_written() {
  StoreUnderTest t(Mode::hybrid);
  t.redis.go_down();
  t.issue();
  const auto result = t.revoke(t.issued->token);
  QVERIFY(result && result->revoked == 1 && result->others_pending);
  t.redis.up = true;
  t.store().tick();
  QCOMPARE(t.redis.next(), "TELL token " + t.issued->id.text() + " | DEL vx11:ephemeral_token:" +
                               std::string(t.issued->token.reveal()));
  t.redis.answer({"1-1", 0});
  QCOMPARE(t.shared.untold.size(), std::size_t{0});
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreOutage::mode_redis_issues_nothing() {
  StoreUnderTest t(Mode::redis);
  t.redis.go_down();
  QVERIFY(t.issue() && t.issued->status == store::IssueStatus::unavailable);
  t.redis.up = true;
  t.issue();
  t.redis.answer({Value::error("OOM command not allowed when used memory > 'maxmemory'.")});
  QVERIFY(t.issued->status == store::IssueStatus::unavailable);
  QCOMPARE(t.table.stats().issued, std::uint64_t{0});
}

void LoopStoreOutage::a_full_table_issues_nothing() {
  StoreUnderTest t(Mode::hybrid, true, 2);
  t.issue_in_redis();
  t.issue();  // under way: its place is taken
  t.issue();
  QVERIFY(t.issued && t.issued->status == store::IssueStatus::full);
  t.modes.set(Mode::redis, std::nullopt, {});
  t.redis.fail(redis::Fault::timed_out);  // asked for in mode hybrid, and answered as such
  QVERIFY(t.issued->status == store::IssueStatus::issued && t.issued->degraded);
}

void LoopStoreOutage::redis_just_back_may_not_have_everything_yet() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.clock.advance(6s);
  t.shared.recovery.begin(t.clock.now());
  t.check(foreign);
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::cannot_tell);
  t.check(mine);
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::valid);
  t.clock.advance(2s);
  t.check(foreign);
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::invalid);
}

void LoopStoreOutage::another_server_gets_everything_again() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.check(foreign);
  t.redis.answer({t.value(), 30'000});
  t.shared.recovery.rewrite(t.clock.now(), redis::SlotSet().set());
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SET vx11:ephemeral_token:" + mine));
  QCOMPARE(t.redis.asked.front().commands.size(), std::size_t{1});  // another's token is another's to write
  t.redis.fail(redis::Fault::connection_lost);
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
  t.clock.advance(100ms);
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SET vx11:ephemeral_token:" + mine));
  t.redis.answer({Value::nil()});
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreOutage::another_server_hears_first_what_was_used() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis(true);
  t.issue_in_redis();
  t.check(mine, Purpose::open);
  t.redis.answer({t.value(true, "a"), 60'000});
  t.redis.answer({Value::status("OK")});
  QVERIFY(t.verdict() == Verdict::valid);
  t.check(foreign, Purpose::open);
  t.redis.answer({t.value(true), 30'000});
  t.redis.answer({Value::status("OK")});
  t.shared.recovery.rewrite(t.clock.now(), redis::SlotSet().set());
  t.store().tick();
  QCOMPARE(t.redis.asked.front().commands.size(), std::size_t{2});
  QVERIFY(t.redis.next().starts_with("SET vx11:operator:used:"));
  // Until every instance has written its marks, nobody can say what is used.
  QVERIFY(t.check("11111111-2222-4333-8444-555555555555", Purpose::open) == std::nullopt);
  t.redis.answer({Value::status("OK"), Value::nil()});
  t.redis.answer({t.value(true), 30'000});
  QVERIFY(t.verdict() == Verdict::cannot_tell);
  QVERIFY(t.redis.next().starts_with("SET vx11:ephemeral_token:"));
  QCOMPARE(t.redis.asked.front().commands.size(), std::size_t{1});  // a used one isn't written again
  t.clock.advance(4s);
  t.check("11111111-2222-4333-8444-555555555555", Purpose::open);
  QVERIFY(t.redis.asked.size() == 2);
}

void LoopStoreOutage::another_server_may_have_keys_of_revoked_tokens() {
  StoreUnderTest t(Mode::hybrid);
  t.shared.recovery.rewrite(t.clock.now(), redis::SlotSet().set());
  t.store().tick();
  QVERIFY(t.redis.asked.empty());  // nothing was revoked: no key has to be looked for
  Revocation revocation;
  revocation.id = PublicId::of(foreign);
  revocation.at = t.clock.wall() + 1h;
  revocation.expires = revocation.at + 60s;
  t.store().hear({&revocation, 1});
  t.shared.recovery.rewrite(t.clock.now(), redis::SlotSet().set());
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SCAN 0"));
  t.redis.answer({Value::array({"0", Value::array({std::string("vx11:ephemeral_token:") + foreign})})});
  t.redis.answer({t.value(), 9000});
  QCOMPARE(t.redis.next(), std::string("DEL vx11:ephemeral_token:") + foreign);
}

void LoopStoreOutage::leaving_a_dead_redis_loses_nothing() {
  StoreUnderTest t(Mode::redis);
  const std::string mine = t.issue_in_redis();
  t.redis.go_down();
  t.modes.set(Mode::memory, std::nullopt, {});
  QVERIFY(t.check(mine)->verdict == Verdict::valid);
  t.clock.advance(6s);
  QVERIFY(t.check(mine)->verdict == Verdict::valid);
  QVERIFY(t.check(foreign)->verdict == Verdict::cannot_tell);
  QVERIFY(t.issue() && !t.issued->degraded);
  t.redis.up = true;
  t.check(foreign);
  t.redis.answer({t.value(), 10'000});
  QVERIFY(t.verdict() == Verdict::valid);
  t.clock.advance(300s);  // the drain window is over: Redis isn't asked any more
  QVERIFY(t.check(foreign)->verdict == Verdict::invalid);
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreOutage::memory_tokens_stay_valid_in_every_mode() {
  StoreUnderTest t(Mode::memory);
  QVERIFY(t.issue());
  const std::string token(t.issued->token.reveal());
  for (const Mode mode : {Mode::hybrid, Mode::redis, Mode::memory}) {
    t.modes.set(mode, std::nullopt, t.table.last_expiry(store::Home::here));
    QVERIFY(t.check(token) && t.verdict() == Verdict::valid && t.checked->source == Source::memory);
  }
}

QTEST_GUILESS_MAIN(LoopStoreOutage)
#include "loop_store_outage_test.moc"
