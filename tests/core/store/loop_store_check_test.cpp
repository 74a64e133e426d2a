// What the store says of tokens while Redis answers.
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

class LoopStoreCheck : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_issue_is_one_set_with_an_expiry_on_redis_clock();
  void a_key_that_is_there_already_is_our_own();
  void a_token_of_another_is_asked_for_in_one_round_trip();
  void life_counts_from_the_sending();
  void nothing_outlives_its_end_in_the_cache();
  void a_key_deleted_by_hand_is_refused_when_the_copy_is_stale();
  void what_a_doubtful_master_lacks_is_not_refused();
  void what_was_lost_stays_lost_while_redis_fails();
  void questions_for_one_token_wait_for_one_answer();
  void the_denylist_has_the_last_word();
  void broken_keys_are_refused_data();
  void broken_keys_are_refused();
  void rubbish_costs_redis_nothing();
  void mode_redis_asks_every_time();
  void a_single_use_token_is_marked();
  void a_mark_without_answer_is_taken_back();
  void a_copy_never_answers_for_a_single_use_token();
};

void LoopStoreCheck::an_issue_is_one_set_with_an_expiry_on_redis_clock() {
  StoreUnderTest t(Mode::redis);
  QVERIFY(!t.issue());
  QCOMPARE(t.redis.asked.size(), std::size_t{1});
  const auto words = t.redis.asked.front().commands.front();
  QCOMPARE(words.size(), std::size_t{6});
  QCOMPARE(words[0], std::string("SET"));
  QVERIFY(words[1].starts_with("vx11:ephemeral_token:"));
  QVERIFY(words[2].find(R"(,"ttl_sec":60,"issued_by":"a"})") != std::string::npos);
  QCOMPARE(words[3], std::string("PXAT"));
  const auto end = std::chrono::floor<std::chrono::milliseconds>(*t.redis.time(t.clock.now() + 60s));
  QCOMPARE(words[4], std::to_string(end.time_since_epoch().count()));
  QCOMPARE(words[5], std::string("NX"));
  QVERIFY(t.redis.answer({Value::status("OK")}));
  QVERIFY(t.issued && t.issued->status == store::IssueStatus::issued && !t.issued->degraded);
  QCOMPARE(words[1], "vx11:ephemeral_token:" + std::string(t.issued->token.reveal()));
}

void LoopStoreCheck::a_key_that_is_there_already_is_our_own() {
  StoreUnderTest t(Mode::redis);
  t.issue();
  QVERIFY(t.redis.answer({Value::nil()}));
  QVERIFY(t.issued->status == store::IssueStatus::issued);
}

void LoopStoreCheck::a_token_of_another_is_asked_for_in_one_round_trip() {
  StoreUnderTest t(Mode::hybrid);
  QVERIFY(!t.check(foreign));
  QCOMPARE(t.redis.next(),
           std::string("GET vx11:ephemeral_token:") + foreign + " | PTTL vx11:ephemeral_token:" + foreign);
  QVERIFY(t.redis.answer({t.value(), 30'000}));
  QVERIFY(t.verdict() == Verdict::valid && t.checked->source == Source::redis && t.checked->asked_redis);
  QVERIFY(t.checked->expires_in == 30'000ms);
  // From now on a copy answers.
  QVERIFY(t.check(foreign));
  QVERIFY(t.verdict() == Verdict::valid && t.checked->source == Source::local && !t.checked->asked_redis);
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreCheck::life_counts_from_the_sending() {
  StoreUnderTest t(Mode::hybrid);
  t.check(foreign);
  t.clock.advance(100ms);
  t.redis.answer({t.value(), 1000});
  QVERIFY(t.checked->expires_in == 900ms);
  t.check("11111111-2222-4333-8444-555555555555");
  t.clock.advance(20ms);
  t.redis.answer({t.value(), 20});
  QVERIFY(t.verdict() == Verdict::invalid && t.reason() == Reason::expired);
  // An answer that took long says little of a life that was about to end.
  t.check("22222222-2222-4333-8444-555555555555");
  t.clock.advance(140ms);
  t.redis.answer({t.value(), 100});
  QVERIFY(t.verdict() == Verdict::cannot_tell);
}

void LoopStoreCheck::nothing_outlives_its_end_in_the_cache() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis(false, 2);
  t.clock.advance(1900ms);
  t.check(foreign);
  t.redis.answer({t.value(), 100});
  QVERIFY(t.check(mine)->verdict == Verdict::valid);
  t.clock.advance(200ms);
  QVERIFY(t.check(mine)->verdict == Verdict::invalid);
  t.check(foreign);  // of another's token Redis may know better
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::invalid);
}

void LoopStoreCheck::a_key_deleted_by_hand_is_refused_when_the_copy_is_stale() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.clock.advance(4999ms);
  QVERIFY(t.check(mine)->verdict == Verdict::valid);
  t.clock.advance(1ms);
  QVERIFY(!t.check(mine));
  QVERIFY(t.redis.answer({Value::nil(), -2}));
  QVERIFY(t.verdict() == Verdict::invalid && t.reason() == Reason::unknown);
}

void LoopStoreCheck::what_a_doubtful_master_lacks_is_not_refused() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.clock.advance(5s);
  t.redis.believed = false;
  t.check(foreign);
  QVERIFY(t.redis.answer({Value::nil(), -2}));
  QVERIFY(t.verdict() == Verdict::cannot_tell);
  t.check(mine);
  QVERIFY(t.redis.answer({Value::nil(), -2}));
  QVERIFY(t.verdict() == Verdict::valid);
  t.redis.believed = true;
  t.check(foreign);
  QVERIFY(t.redis.answer({Value::nil(), -2}));
  QVERIFY(t.verdict() == Verdict::invalid && t.reason() == Reason::unknown);
}

void LoopStoreCheck::what_was_lost_stays_lost_while_redis_fails() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.clock.advance(5s);
  t.check(mine);
  t.redis.answer({Value::nil(), -2});
  t.redis.go_down();
  QVERIFY(t.check(mine)->verdict == Verdict::invalid);
}

void LoopStoreCheck::questions_for_one_token_wait_for_one_answer() {
  StoreUnderTest t(Mode::redis);
  int valid = 0;
  for (int i = 0; i < 200; ++i) {
    t.store().check(foreign, Purpose::look, [&](const store::CheckResult& r) { valid += r.verdict == Verdict::valid; });
  }
  QCOMPARE(t.redis.asked.size(), std::size_t{1});
  t.redis.answer({t.value(), 1000});
  QCOMPARE(valid, 200);
}

void LoopStoreCheck::the_denylist_has_the_last_word() {
  StoreUnderTest t(Mode::hybrid);
  t.check(foreign);
  Revocation revocation;
  revocation.id = PublicId::of(foreign);
  revocation.expires = *t.redis.time(t.clock.now() + 60s);
  t.store().hear(std::span(&revocation, 1));  // between question and answer
  t.redis.answer({t.value(), 30'000});
  QVERIFY(t.verdict() == Verdict::invalid && t.reason() == Reason::revoked);
  QVERIFY(t.check(foreign)->reason == Reason::revoked);
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreCheck::broken_keys_are_refused_data() {
  QTest::addColumn<int>("kind");
  QTest::newRow("no expiry") << 0;
  QTest::newRow("a list") << 1;
  QTest::newRow("ended between the two commands") << 2;
}

void LoopStoreCheck::broken_keys_are_refused() {
  QFETCH(const int, kind);
  StoreUnderTest t(Mode::hybrid);
  t.check(foreign);
  if (kind == 0) t.redis.answer({t.value(), -1});
  if (kind == 1)
    t.redis.answer({Value::error("WRONGTYPE Operation against a key holding the wrong kind of value"), 500});
  if (kind == 2) t.redis.answer({t.value(), -2});
  QVERIFY(t.verdict() == Verdict::invalid && t.reason() == Reason::unknown);
}

void LoopStoreCheck::rubbish_costs_redis_nothing() {
  StoreUnderTest t(Mode::redis);
  for (const char* text : {"", "x", "3F9A0B1C-2D3E-4F50-8A61-72839405C21E", "3f9a0b1c-2d3e-1f50-8a61-72839405c21e"}) {
    QVERIFY(t.check(text)->reason == Reason::malformed);
  }
  QVERIFY(t.redis.log.empty());
}

void LoopStoreCheck::mode_redis_asks_every_time() {
  StoreUnderTest t(Mode::redis);
  const std::string mine = t.issue_in_redis();
  QVERIFY(!t.check(mine));
  t.redis.answer({t.value(false, "a"), 59'000});
  QVERIFY(t.verdict() == Verdict::valid);
  QVERIFY(!t.check(mine));
  t.redis.go_down();
  QVERIFY(t.verdict() == Verdict::cannot_tell);
  QVERIFY(t.check(mine)->verdict == Verdict::cannot_tell);
}

void LoopStoreCheck::a_single_use_token_is_marked() {
  StoreUnderTest t(Mode::hybrid);
  t.check(foreign, Purpose::open);
  t.redis.answer({t.value(true), 30'000});
  QVERIFY(!t.checked);
  const auto words = t.redis.asked.front().commands.front();
  QCOMPARE(words[0] + " " + words[1], "SET vx11:operator:used:" + PublicId::of(foreign).text());
  QVERIFY(words[2].starts_with("a:"));
  QCOMPARE(words[5], std::string("NX"));
  t.redis.answer({Value::status("OK")});
  QVERIFY(t.verdict() == Verdict::valid);
  QCOMPARE(t.table.stats().used, std::uint64_t{1});
  QVERIFY(t.check(foreign, Purpose::open)->reason == Reason::used);  // remembered here
  QVERIFY(t.check(foreign)->reason == Reason::used);
  QVERIFY(t.redis.asked.empty());

  const std::string second = "11111111-2222-4333-8444-555555555555";  // used elsewhere
  t.check(second);
  t.redis.answer({t.value(true), 30'000});
  QCOMPARE(t.redis.next(), "EXISTS vx11:operator:used:" + PublicId::of(second).text());
  t.redis.answer({1});
  QVERIFY(t.reason() == Reason::used);
  t.check(second, Purpose::open);  // never from a copy
  t.redis.answer({t.value(true), 30'000});
  t.redis.answer({Value::nil()});
  QVERIFY(t.verdict() == Verdict::invalid && t.reason() == Reason::used);
}

void LoopStoreCheck::a_mark_without_answer_is_taken_back() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis(true);
  t.check(mine, Purpose::open);
  t.redis.answer({t.value(true, "a"), 60'000});
  const std::string nonce = t.redis.asked.front().commands.front()[2];
  t.redis.fail(redis::Fault::timed_out);
  QVERIFY(t.verdict() == Verdict::cannot_tell);
  t.redis.up = false;
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
  t.redis.up = true;
  t.store().tick();
  const auto words = t.redis.asked.front().commands.front();
  QCOMPARE(words[0], std::string("EVAL"));
  QCOMPARE(words.back(), nonce);
}

void LoopStoreCheck::a_copy_never_answers_for_a_single_use_token() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis(true);
  t.redis.go_down();
  QVERIFY(t.check(mine, Purpose::open)->verdict == Verdict::cannot_tell);
  QVERIFY(t.check(mine)->verdict == Verdict::cannot_tell);
}

QTEST_GUILESS_MAIN(LoopStoreCheck)
#include "loop_store_check_test.moc"
