// How tokens end before their time, and what the list shows of all.
#include <QTest>

#include "loop_store_fixture.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::Mode;
using store::Purpose;
using store::Reason;
using store::Verdict;

class LoopStoreRevoke : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_feed_and_the_key_go_in_one_write();
  void mode_redis_tells_all_or_changes_nothing();
  void memory_mode_answers_at_once_and_tells_later();
  void an_unknown_id_is_looked_for();
  void an_unknown_token_is_refused_all_the_same();
  void all_means_all_issued_before();
  void hearing_ends_tokens_and_deletes_ones_own_key();
  void what_is_heard_twice_is_told_once();
  void what_was_noted_before_redis_clock_was_known_is_put_right();
  void an_end_to_everything_reaches_what_an_older_master_timed();
  void a_second_end_to_everything_reaches_what_was_issued_since_the_first_data();
  void a_second_end_to_everything_reaches_what_was_issued_since_the_first();
  void ones_own_end_to_everything_read_again_ends_nothing_issued_since();
  void only_what_may_live_counts_of_a_clock_that_was_far_ahead();
  void keys_left_behind_are_deleted_later();
  void the_list_is_of_everybody();
  void the_list_fails_with_redis();
};

void LoopStoreRevoke::the_feed_and_the_key_go_in_one_write() {
  StoreUnderTest t(Mode::hybrid);
  const std::string token = t.issue_in_redis();
  const PublicId id = PublicId::of(token);
  QVERIFY(!t.revoke(id));
  QCOMPARE(t.heard.revoked.size(), std::size_t{1});  // refused here before Redis has answered
  QVERIFY(t.check(token)->reason == Reason::revoked);
  QCOMPARE(t.redis.next(), "TELL token " + id.text() + " | DEL vx11:ephemeral_token:" + token);
  t.redis.answer({"1-1", 1});
  QVERIFY(t.revocation && t.revocation->revoked == 1 && !t.revocation->others_pending);
  const auto stats = t.table.stats();
  QCOMPARE(stats.issued, stats.active + stats.expired + stats.revoked);
  QCOMPARE(stats.revoked, std::uint64_t{1});
}

void LoopStoreRevoke::mode_redis_tells_all_or_changes_nothing() {
  StoreUnderTest t(Mode::redis);
  const std::string token = t.issue_in_redis();
  t.revoke(TokenText(token));
  t.redis.fail(redis::Fault::timed_out);
  QVERIFY(t.revocation && t.revocation->unavailable);
  QVERIFY(!t.denylist.names(PublicId::of(token)));
  t.redis.go_down();
  QVERIFY(t.revoke(TokenText(token))->unavailable);
  QVERIFY(t.revoke(store::RevokeAll{})->unavailable);
  QCOMPARE(t.shared.untold.size(), std::size_t{0});
}

void LoopStoreRevoke::memory_mode_answers_at_once_and_tells_later() {
  StoreUnderTest t(Mode::memory);
  t.issue();
  QVERIFY(t.revoke(t.issued->token) && t.revocation->revoked == 1);
  QVERIFY(t.redis.next().starts_with("TELL token"));
  t.redis.go_down();
  QCOMPARE(t.shared.untold.size(), std::size_t{1});
  t.issue();
  QVERIFY(t.revoke(t.issued->token) && t.revocation->revoked == 1 && !t.revocation->others_pending);
}

void LoopStoreRevoke::an_unknown_id_is_looked_for() {
  StoreUnderTest t(Mode::hybrid);
  QVERIFY(!t.revoke(PublicId::of(foreign)));
  QVERIFY(t.redis.next().starts_with("SCAN 0 MATCH vx11:ephemeral_token:* COUNT"));
  t.redis.answer({Value::array({"7", Value::array({"vx11:ephemeral_token:11111111-2222-4333-8444-555555555555"})})});
  QVERIFY(t.redis.next().starts_with("SCAN 7"));
  t.redis.answer({Value::array({"0", Value::array({std::string("vx11:ephemeral_token:") + foreign})})});
  QCOMPARE(t.redis.next(),
           "TELL token " + PublicId::of(foreign).text() + " | DEL vx11:ephemeral_token:" + std::string(foreign));
  t.redis.answer({"1-1", 1});
  QVERIFY(t.revocation && t.revocation->revoked == 1);
}

void LoopStoreRevoke::an_unknown_token_is_refused_all_the_same() {
  StoreUnderTest t(Mode::hybrid);
  t.revoke(TokenText(foreign));
  t.redis.answer({"1-1", 0});
  QCOMPARE(t.revocation->revoked, std::uint64_t{0});
  QVERIFY(t.check(foreign)->reason == Reason::revoked);
  t.clock.advance(300s);
  t.denylist.tick();
  QVERIFY(!t.denylist.names(PublicId::of(foreign)));
}

void LoopStoreRevoke::all_means_all_issued_before() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.clock.advance(10ms);
  t.revoke(store::RevokeAll{});
  QCOMPARE(t.heard.all, 1);
  QCOMPARE(t.redis.next(), std::string("TELL before all"));
  const std::string before = t.value();
  t.redis.answer({"1-1"});
  QVERIFY(t.redis.next().starts_with("SCAN 0"));
  const std::string later = "11111111-2222-4333-8444-555555555555";
  t.redis.answer({Value::array(
      {"0", Value::array({std::string("vx11:ephemeral_token:") + foreign, "vx11:ephemeral_token:" + later})})});
  t.clock.advance(5ms);
  t.redis.answer({before, 59'000, t.value(), 60'000});
  QCOMPARE(t.redis.next(), std::string("DEL vx11:ephemeral_token:") + foreign);
  QVERIFY(t.revocation && t.revocation->revoked == 2);
  QVERIFY(t.check(mine)->reason == Reason::revoked);
  t.redis.answer({1});
  // What is issued from now on lives, even in the same millisecond.
  const std::string next = t.issue_in_redis();
  QVERIFY(t.check(next)->verdict == Verdict::valid);
  t.check(foreign);
  t.redis.answer({before, 59'000});
  QVERIFY(t.reason() == Reason::revoked);
}

void LoopStoreRevoke::hearing_ends_tokens_and_deletes_ones_own_key() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  Revocation revocation;
  revocation.id = PublicId::of(mine);
  revocation.expires = *t.redis.time(t.clock.now() + 60s);
  revocation.by = "b";
  t.store().hear(std::span(&revocation, 1));
  QVERIFY(t.check(mine)->reason == Reason::revoked);
  QCOMPARE(t.redis.next(), "DEL vx11:ephemeral_token:" + mine);
  QCOMPARE(t.heard.revoked.size(), std::size_t{1});
  QCOMPARE(t.table.stats().revoked, std::uint64_t{1});
}

void LoopStoreRevoke::what_is_heard_twice_is_told_once() {
  StoreUnderTest t(Mode::hybrid);
  Revocation revocation;
  revocation.id = PublicId::of(foreign);
  revocation.expires = *t.redis.time(t.clock.now() + 60s);
  for (int i = 0; i < 3; ++i) t.store().hear(std::span(&revocation, 1));
  QCOMPARE(t.heard.revoked.size(), std::size_t{1});
  revocation.id = PublicId::of("over");
  revocation.expires = *t.redis.time(t.clock.now() - 1s);
  t.store().hear(std::span(&revocation, 1));
  QCOMPARE(t.heard.revoked.size(), std::size_t{1});
}

void LoopStoreRevoke::what_was_noted_before_redis_clock_was_known_is_put_right() {
  StoreUnderTest t(Mode::hybrid, false);  // nothing has been measured yet
  t.issue();
  const std::string revoked(t.issued->token.reveal());
  Revocation one;
  one.id = PublicId::of(revoked);
  one.at = t.clock.wall();
  one.expires = t.clock.wall() + 60s;
  t.shared.untold.add({one, std::nullopt});
  one.kind = Revocation::Kind::before;
  t.denylist.add(one, t.clock.now() + 60s);
  const WallTime before = t.denylist.before();
  t.shared.learn_clock(-600s);
  QVERIFY(t.shared.common.at(t.clock.now()) == t.clock.wall() - 600s);
  QVERIFY(t.denylist.before() == before - 600s);
  QVERIFY(t.shared.untold.take(9).front().revocation.expires == t.clock.wall() - 540s);
  QVERIFY(t.table.look(PublicId::of(revoked)).token.created_at == t.issued->created_at - 600s);
  t.shared.learn_clock(-601s);  // only the first time
  QVERIFY(t.denylist.before() == before - 600s);
}

void LoopStoreRevoke::an_end_to_everything_reaches_what_an_older_master_timed() {
  StoreUnderTest t(Mode::hybrid);
  t.clock.advance(10s);
  const WallTime issued = t.shared.common.at(t.clock.now());
  t.clock.advance(1s);
  t.shared.learn_clock(1h - 5s);  // a failover: the new master's clock is behind
  const auto next = [&t] { return t.shared.common.at(t.clock.now()); };
  QVERIFY(next() < issued);
  t.clock.advance(100ms);
  t.shared.learn_clock(1h - 5s - 2ms);  // as exactly as it can be measured
  t.redis.up = false;
  QVERIFY(t.revoke(store::RevokeAll{})->others_pending);
  QVERIFY(t.denylist.denies(PublicId::of(foreign), issued));
  QVERIFY(t.denylist.denies(PublicId::of(foreign), issued + 1s));
  QVERIFY(!t.denylist.denies(PublicId::of(foreign), issued + 1s + 2ms));  // and no further than was necessary
  // What is issued from now on isn't meant, whatever the clock says.
  t.issue();
  QVERIFY(!t.denylist.denies(t.issued->id, t.issued->created_at));
  t.clock.advance(301s);  // nothing lives that the old master timed
  t.denylist.tick();
  QVERIFY(t.denylist.before() == WallTime{});
  QVERIFY(t.shared.common.latest(t.clock.now(), 300s) == next());
}

void LoopStoreRevoke::a_second_end_to_everything_reaches_what_was_issued_since_the_first_data() {
  QTest::addColumn<std::chrono::milliseconds>("set_back");
  QTest::newRow("in the same millisecond") << 0ms;
  QTest::newRow("while Redis' clock is behind what it was") << 5000ms;
}

void LoopStoreRevoke::a_second_end_to_everything_reaches_what_was_issued_since_the_first() {
  QFETCH(std::chrono::milliseconds, set_back);
  StoreUnderTest t(Mode::hybrid);
  t.clock.advance(10s);
  t.shared.learn_clock(1h - set_back);
  t.redis.up = false;
  for (int again = 0; again < 3; ++again) {
    t.revoke(store::RevokeAll{});
    t.clock.advance(set_back / 10);
    t.issue();
    const auto issued = *t.issued;
    QVERIFY(t.check(issued.token.reveal())->verdict == Verdict::valid);
    t.clock.advance(set_back / 10);
    QCOMPARE(t.revoke(store::RevokeAll{})->revoked, std::uint64_t{1});
    QVERIFY(t.check(issued.token.reveal())->reason == Reason::revoked);
    QVERIFY(t.denylist.denies(issued.id, issued.created_at));  // so it is for those who hear of it, too
  }
}

void LoopStoreRevoke::ones_own_end_to_everything_read_again_ends_nothing_issued_since() {
  StoreUnderTest t(Mode::hybrid);
  t.clock.advance(10s);
  t.shared.learn_clock(1h - 5s);
  t.redis.up = false;
  t.revoke(store::RevokeAll{});
  const std::vector<Revocation> told = t.denylist.held();
  QVERIFY(told.size() == 1 && told.front().by == "a" && told.front().at > t.shared.common.at(t.clock.now()));
  t.issue();
  t.clock.advance(1s);
  t.store().hear(told);
  QVERIFY(t.check(t.issued->token.reveal())->verdict == Verdict::valid);
  QCOMPARE(t.heard.all, 1);
  QCOMPARE(t.table.stats().revoked, std::uint64_t{0});
}

void LoopStoreRevoke::only_what_may_live_counts_of_a_clock_that_was_far_ahead() {
  ManualClock clock;
  store::CommonClock common(clock);
  common.learn(1000h);
  common.learn(0h);  // somebody has set it right
  QVERIFY(common.latest(clock.now(), 300s) == clock.wall() + 1000h);
  clock.advance(300s);
  QVERIFY(common.latest(clock.now(), 300s) == clock.wall());
  common.learn(-5s);
  QVERIFY(common.latest(clock.now(), 300s) == clock.wall() - 5s);  // the old one is the higher one, and over
  clock.advance(24h);
  const WallTime high = common.at(clock.now());
  common.learn(-10s);
  QVERIFY(common.latest(clock.now(), 300s) == high);
}

void LoopStoreRevoke::keys_left_behind_are_deleted_later() {
  StoreUnderTest t(Mode::hybrid);
  t.redis.up = false;
  QVERIFY(t.revoke(PublicId::of(foreign)) && t.revocation->others_pending);
  t.redis.up = true;
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("TELL token"));
  t.redis.answer({"1-1"});
  for (int again = 0; again < 2; ++again) {
    t.clock.advance(100ms);
    t.store().tick();
    QVERIFY(t.redis.next().starts_with("SCAN 0"));
    if (again == 0) t.redis.fail(redis::Fault::timed_out);  // once more, then
  }
  t.redis.answer({Value::array({"0", Value::array({std::string("vx11:ephemeral_token:") + foreign,
                                                   "vx11:ephemeral_token:11111111-2222-4333-8444-555555555555"})})});
  t.redis.answer({t.value(), 9000, t.value(), 9000});
  QCOMPARE(t.redis.next(), std::string("DEL vx11:ephemeral_token:") + foreign);
  t.redis.answer({1});
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreRevoke::the_list_is_of_everybody() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mine = t.issue_in_redis();
  t.redis.up = false;
  t.issue();
  const std::string degraded(t.issued->token.reveal());
  t.redis.up = true;
  QVERIFY(!t.list());
  QVERIFY(t.redis.next().starts_with("SCAN 0"));
  t.redis.answer({Value::array({"0", Value::array({"vx11:ephemeral_token:" + mine, "vx11:ephemeral_token:rubbish",
                                                   std::string("vx11:ephemeral_token:") + foreign})})});
  t.redis.answer({t.value(false, "a"), 50'000, R"({"created_at":1,"ttl_sec":60})", 40'000});
  QVERIFY(t.page && !t.page->cursor && t.page->tokens.size() == 3);
  QCOMPARE(t.page->tokens[0].id.text(), PublicId::of(degraded).text());
  QVERIFY(t.page->tokens[1].issued_by == "a" && t.page->tokens[1].cached_here);
  QVERIFY(!t.page->tokens[2].issued_by && !t.page->tokens[2].cached_here);
  QCOMPARE(t.page->tokens[2].masked, std::string("3f9a…c21e"));
  QVERIFY(!t.list({"r12", 100, ""}));
  QVERIFY(t.redis.next().starts_with("SCAN 12"));
  for (const char* text : {"r", "r12x", "r18446744073709551616", "r5461-0123abcd-7-0-1"}) {
    QVERIFY2(!t.list({text, 100, ""})->cursor_ok, text);
  }
}

void LoopStoreRevoke::the_list_fails_with_redis() {
  StoreUnderTest t(Mode::redis);
  t.redis.go_down();
  QVERIFY(t.list() && t.page->unavailable);
}

QTEST_GUILESS_MAIN(LoopStoreRevoke)
#include "loop_store_revoke_test.moc"
