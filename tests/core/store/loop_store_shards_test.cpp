// What the store does when tokens lie on several servers and one of them is away, or another one takes its place.
#include <QTest>

#include "loop_store_fixture.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;
using store::IssueStatus;
using store::Mode;
using store::Purpose;
using store::Reason;
using store::Source;
using store::Verdict;

namespace {

const Value no_answer = Value::error("NOANSWER 127.0.0.1:7001 can't be connected to");
const redis::SlotSet every_slot = redis::SlotSet().set();

[[nodiscard]] std::string key_of(std::string_view token) { return "vx11:ephemeral_token:" + std::string(token); }

[[nodiscard]] redis::SlotSet slot_of(std::string_view key) { return redis::SlotSet().set(redis::slot_of(key)); }

/// What a cluster's client makes of a SCAN whose server is away.
[[nodiscard]] Value nothing_before(const char* cursor) { return Value::array({cursor, Value::array({})}); }

[[nodiscard]] std::size_t commands(const StoreUnderTest& t) { return t.redis.asked.front().commands.size(); }

}  // namespace

class LoopStoreShards : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void hybrid_issues_here_what_a_shard_cannot_take();
  void mode_redis_draws_another_token();
  void mode_redis_gives_up_after_five_or_too_long();
  void a_single_server_is_asked_once();
  void what_one_shard_missed_is_written_more_and_more_slowly();
  void of_a_rewrite_only_what_failed_is_repeated();
  void another_master_gets_its_slots_alone();
  void lost_writes_are_written_back_and_a_deletion_is_not();
  void others_wait_for_the_write_back();
  void marks_of_the_other_slots_are_trusted();
  void a_revocation_without_the_keys_shard();
  void a_revocation_without_the_feeds_shard();
  void a_revocation_in_mode_redis_happens_or_does_not();
  void what_waited_is_told_when_the_keys_shard_is_away();
  void tidying_goes_on_where_it_was_held_up();
  void tidying_goes_on_past_who_is_away();
  void tidying_begins_anew_for_what_came_meanwhile();
  void what_cannot_be_deleted_is_come_back_to();
  void an_end_to_all_goes_on_past_who_is_away();
  void after_an_end_to_all_what_was_moving_is_looked_for();
  void a_search_goes_on_past_who_is_away();
  void the_list_walks_over_servers();
};

void LoopStoreShards::hybrid_issues_here_what_a_shard_cannot_take() {
  StoreUnderTest t(Mode::hybrid);
  t.shared.sharded = true;
  t.issue();
  t.redis.fail(redis::Fault::not_connected);
  QVERIFY(t.issued->status == IssueStatus::issued && t.issued->degraded);
  const std::string token(t.issued->token.reveal());
  QVERIFY(t.check(token)->verdict == Verdict::valid);
  QCOMPARE(t.table.unwritten(), std::size_t{1});
}

void LoopStoreShards::mode_redis_draws_another_token() {
  StoreUnderTest t(Mode::redis);
  t.shared.sharded = true;
  QVERIFY(!t.issue());
  const std::string first = t.redis.next();
  t.redis.answer({Value::error("CLUSTERDOWN Hash slot not served")});
  QVERIFY(!t.issued && t.redis.next() != first);
  t.redis.answer({Value::status("OK")});
  QVERIFY(t.issued->status == IssueStatus::issued && !t.issued->degraded);
  QCOMPARE(t.table.stats().issued, std::uint64_t{1});
}

void LoopStoreShards::mode_redis_gives_up_after_five_or_too_long() {
  StoreUnderTest t(Mode::redis, true, 1);
  t.shared.sharded = true;
  t.issue();
  int asked = 0;
  while (t.redis.fail(redis::Fault::not_connected)) ++asked;
  QCOMPARE(asked, 5);
  QVERIFY(t.issued && t.issued->status == IssueStatus::unavailable);
  t.issue();
  t.clock.advance(150ms);
  t.redis.fail(redis::Fault::timed_out);
  QCOMPARE(t.redis.asked.front().deadline, 50ms);  // what is left of an answer's time
  t.clock.advance(50ms);
  t.redis.fail(redis::Fault::timed_out);
  QVERIFY(t.issued && t.issued->status == IssueStatus::unavailable);
  t.issue_in_redis();  // the table's only place was given back each time
  QVERIFY(t.issued->status == IssueStatus::issued);
}

void LoopStoreShards::a_single_server_is_asked_once() {
  StoreUnderTest t(Mode::redis);
  t.issue();
  t.redis.fail(redis::Fault::timed_out);
  QVERIFY(t.issued && t.issued->status == IssueStatus::unavailable);
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreShards::what_one_shard_missed_is_written_more_and_more_slowly() {
  StoreUnderTest t(Mode::hybrid);
  t.redis.go_down();
  t.issue();
  t.issue();
  t.redis.up = true;
  t.store().tick();
  QCOMPARE(commands(t), std::size_t{2});
  t.redis.answer({Value::status("OK"), no_answer});
  QCOMPARE(t.table.unwritten(), std::size_t{1});
  // The next attempts, of what is left alone: after 0.1, 0.2, 0.4, 0.8, 1 and 1 s.
  for (const int tenths : {1, 2, 4, 8, 10, 10}) {
    for (int tenth = 0; tenth < tenths; ++tenth) {
      t.store().tick();
      QVERIFY2(t.redis.asked.empty(), qPrintable(QStringLiteral("%1 of %2").arg(tenth).arg(tenths)));
      t.clock.advance(100ms);
    }
    t.store().tick();
    QVERIFY(!t.redis.asked.empty());
    QCOMPARE(commands(t), std::size_t{1});
    t.redis.answer({no_answer});
  }
  t.clock.advance(1s);
  t.store().tick();
  t.redis.answer({Value::status("OK")});
  QCOMPARE(t.table.unwritten(), std::size_t{0});
  // Then, and when Redis has been away, at once again.
  t.redis.go_down();
  t.issue();
  t.redis.up = true;
  t.store().tick();
  QVERIFY(t.redis.answer({Value::status("OK")}));
}

void LoopStoreShards::of_a_rewrite_only_what_failed_is_repeated() {
  StoreUnderTest t(Mode::hybrid);
  for (int i = 0; i < 20; ++i) t.issue_in_redis();
  t.shared.recovery.rewrite(t.clock.now(), every_slot);
  t.store().tick();
  QCOMPARE(commands(t), std::size_t{20});
  const std::string failed = t.redis.asked.front().commands[7][1];
  std::vector<Value> replies(20, Value::nil());
  replies[7] = no_answer;
  t.redis.answer(replies);
  QVERIFY(t.redis.asked.empty());
  t.clock.advance(100ms);
  t.store().tick();
  QCOMPARE(commands(t), std::size_t{1});
  QCOMPARE(t.redis.asked.front().commands[0][1], failed);
  t.redis.fail(redis::Fault::timed_out);
  t.clock.advance(200ms);
  t.store().tick();
  QCOMPARE(commands(t), std::size_t{1});
  t.redis.answer({Value::status("OK")});
  t.clock.advance(10s);
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreShards::another_master_gets_its_slots_alone() {
  StoreUnderTest t(Mode::hybrid);
  const std::string there = t.issue_in_redis();
  for (int i = 0; i < 20; ++i) t.issue_in_redis();
  t.shared.recovery.rewrite(t.clock.now(), slot_of(key_of(there)));
  t.store().tick();
  QCOMPARE(commands(t), std::size_t{1});
  QVERIFY(t.redis.next().starts_with("SET " + key_of(there)));
}

void LoopStoreShards::lost_writes_are_written_back_and_a_deletion_is_not() {
  StoreUnderTest t(Mode::hybrid);
  const std::string lost = t.issue_in_redis();
  const std::string elsewhere = t.issue_in_redis();
  const std::string revoked = t.issue_in_redis();
  const auto target = TokenText(revoked);
  t.revoke(target);
  t.redis.answer({"1-1", 1});
  QCOMPARE(t.revocation->revoked, std::uint64_t{1});
  t.clock.advance(6s);  // no copy is fresh any more
  t.shared.recovery.rewrite(t.clock.now(), slot_of(key_of(lost)) | slot_of(key_of(revoked)));
  t.clock.advance(store::Recovery::time_to_write);
  // Who issued it accepts it, though the new master doesn't have it; a revocation holds.
  t.check(lost);
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::valid && t.checked->source == Source::local);
  QVERIFY(t.check(revoked)->reason == Reason::revoked);
  // On a server that was there all the time a missing key is a deletion.
  t.check(elsewhere);
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::invalid);
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SCAN 0 "));
  t.redis.answer({Value::array({"0", Value::array({key_of(revoked)})})});
  QCOMPARE(commands(t), std::size_t{1});
  QVERIFY(t.redis.next().starts_with("SET " + key_of(lost)));
  t.redis.answer({Value::status("OK")});
  t.redis.answer({t.value(false, "a"), 50'000});
  QCOMPARE(t.redis.next(), "DEL " + key_of(revoked));  // the new master hadn't heard of it
  t.redis.answer({1});
  t.shared.recovery.rewrite(t.clock.now(), every_slot);
  QVERIFY(t.check(elsewhere)->verdict == Verdict::invalid);  // and stays one
}

void LoopStoreShards::others_wait_for_the_write_back() {
  StoreUnderTest t(Mode::hybrid);
  t.check(foreign);
  t.redis.answer({t.value(), 30'000});
  t.clock.advance(6s);
  t.shared.recovery.rewrite(t.clock.now(), slot_of(key_of(foreign)));
  t.store().tick();
  t.clock.advance(3999ms);
  t.check(foreign);
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::cannot_tell);  // who issued it may be writing it back
  t.clock.advance(1ms);
  t.check(foreign);
  t.redis.answer({Value::nil(), -2});
  QVERIFY(t.verdict() == Verdict::invalid);
}

void LoopStoreShards::marks_of_the_other_slots_are_trusted() {
  StoreUnderTest t(Mode::hybrid);
  const std::string mark = "vx11:operator:used:" + PublicId::of(foreign).text();
  t.shared.recovery.rewrite(t.clock.now(), ~slot_of(mark));
  t.check(foreign, Purpose::open);
  t.redis.answer({t.value(true), 30'000});
  QVERIFY(t.redis.next().starts_with("SET " + mark));
  t.redis.answer({Value::status("OK")});
  QVERIFY(t.verdict() == Verdict::valid);
}

void LoopStoreShards::a_revocation_without_the_keys_shard() {
  for (const Mode mode : {Mode::hybrid, Mode::redis}) {
    StoreUnderTest t(mode);
    const auto target = TokenText(t.issue_in_redis());
    t.revoke(target);
    t.redis.answer({"1-1", no_answer});
    QVERIFY(t.revocation->revoked == 1 && !t.revocation->others_pending && !t.revocation->unavailable);
    QVERIFY(t.shared.keys_left_behind);
    QCOMPARE(t.shared.untold.size(), std::size_t{0});
  }
}

void LoopStoreShards::a_revocation_without_the_feeds_shard() {
  StoreUnderTest t(Mode::hybrid);
  const auto target = TokenText(t.issue_in_redis());
  t.revoke(target);
  t.redis.answer({no_answer, 1});
  QVERIFY(t.revocation->revoked == 1 && t.revocation->others_pending);
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("TELL token"));
  t.redis.answer({no_answer, 0});
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
  t.clock.advance(100ms);
  t.store().tick();
  t.redis.answer({"1-1", 0});
  QCOMPARE(t.shared.untold.size(), std::size_t{0});
}

void LoopStoreShards::a_revocation_in_mode_redis_happens_or_does_not() {
  StoreUnderTest t(Mode::redis);
  const std::string token = t.issue_in_redis();
  t.revoke(TokenText(token));
  t.redis.answer({no_answer, no_answer});
  QVERIFY(t.revocation->unavailable);
  t.check(token);
  t.redis.answer({t.value(false, "a"), 50'000});
  QVERIFY(t.verdict() == Verdict::valid);
  // Its key is deleted: whoever asks Redis refuses it, so that it has happened.
  t.revoke(TokenText(token));
  t.redis.answer({no_answer, 1});
  QVERIFY(t.revocation->revoked == 1 && t.revocation->others_pending && !t.revocation->unavailable);
  QVERIFY(t.check(token)->reason == Reason::revoked);
  QCOMPARE(t.shared.untold.size(), std::size_t{1});
}

void LoopStoreShards::what_waited_is_told_when_the_keys_shard_is_away() {
  StoreUnderTest t(Mode::hybrid);
  const auto target = TokenText(t.issue_in_redis());
  t.redis.go_down();
  t.revoke(target);
  t.redis.up = true;
  t.store().tick();
  t.redis.answer({"1-1", no_answer});
  QCOMPARE(t.shared.untold.size(), std::size_t{0});
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SCAN 0"));
}

void LoopStoreShards::tidying_goes_on_where_it_was_held_up() {
  StoreUnderTest t(Mode::hybrid);
  t.shared.keys_left_behind = true;
  t.store().tick();
  t.redis.answer({Value::array({"5461-0123abcd-7", Value::array({})})});
  QVERIFY(t.redis.next().starts_with("SCAN 5461-0123abcd-7 "));
  for (const auto pause : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
    t.redis.fail(redis::Fault::not_connected);
    t.clock.advance(pause - 1ms);
    t.store().tick();
    QVERIFY(t.redis.asked.empty());
    t.clock.advance(1ms);
    t.store().tick();
    QVERIFY(t.redis.next().starts_with("SCAN 5461-0123abcd-7 "));
  }
  t.redis.fail(redis::Fault::not_connected);
  t.shared.recovery.rewrite(t.clock.now(), slot_of("anything"));
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SCAN 0 "));  // another server has another order
  t.redis.answer({Value::array({"0", Value::array({})})});
  t.clock.advance(10s);
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreShards::tidying_goes_on_past_who_is_away() {
  StoreUnderTest t(Mode::hybrid);
  t.revoke(PublicId::of(foreign));
  t.redis.answer({Value::array({"0", Value::array({})})});
  t.redis.answer({"1-1"});
  t.shared.keys_left_behind = true;
  t.store().tick();
  t.redis.fail(redis::Fault::not_connected, {nothing_before("5461-b-0-0-1")});
  QVERIFY(t.redis.next().starts_with("SCAN 5461-b-0-0-1 "));
  t.redis.answer({Value::array({"10923-c-0-0-1", Value::array({key_of(foreign)})})});
  t.redis.answer({t.value(), 9000});
  QCOMPARE(t.redis.next(), "DEL " + key_of(foreign));  // though the first one is away
  t.redis.answer({1});
  QVERIFY(t.redis.next().starts_with("SCAN 10923-c-0-0-1 "));
  t.redis.fail(redis::Fault::not_connected, {nothing_before("0")});
  // Then the first alone, more and more slowly, until it is back.
  for (const auto pause : {100ms, 200ms, 400ms}) {
    t.clock.advance(pause - 1ms);
    t.store().tick();
    QVERIFY(t.redis.asked.empty());
    t.clock.advance(1ms);
    t.store().tick();
    QVERIFY(t.redis.next().starts_with("SCAN 0 "));
    t.redis.fail(redis::Fault::not_connected, {nothing_before("5461-b-0-0-1")});
    QVERIFY(t.redis.asked.empty());
  }
  t.clock.advance(800ms);
  t.store().tick();
  t.redis.answer({Value::array({"5461-b-0-0-1", Value::array({})})});
  t.redis.answer({Value::array({"10923-c-0-0-1", Value::array({})})});
  t.redis.answer({Value::array({"0", Value::array({})})});
  t.clock.advance(10s);
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreShards::tidying_begins_anew_for_what_came_meanwhile() {
  StoreUnderTest t(Mode::hybrid);
  t.shared.keys_left_behind = true;
  t.store().tick();
  t.redis.answer({Value::array({"5461-b-0-0-1", Value::array({})})});
  t.redis.fail(redis::Fault::not_connected, {nothing_before("0")});
  t.shared.keys_left_behind = true;
  t.clock.advance(100ms);
  t.store().tick();
  QVERIFY(t.redis.next().starts_with("SCAN 0 "));  // the others aren't held up by the one that is away
}

void LoopStoreShards::what_cannot_be_deleted_is_come_back_to() {
  StoreUnderTest t(Mode::hybrid);
  t.revoke(PublicId::of(foreign));
  t.redis.answer({Value::array({"0", Value::array({})})});
  t.redis.answer({"1-1"});
  t.shared.keys_left_behind = true;
  t.store().tick();
  for (const auto pause : {100ms, 200ms, 400ms}) {
    QVERIFY(t.redis.next().starts_with("SCAN 0 "));
    t.redis.answer({Value::array({"0", Value::array({key_of(foreign)})})});
    t.redis.answer({t.value(), 9000});
    t.redis.answer({Value::error("NOREPLICAS Not enough good replicas to write.")});
    t.clock.advance(pause - 1ms);
    t.store().tick();
    QVERIFY(t.redis.asked.empty());
    t.clock.advance(1ms);
    t.store().tick();
  }
  t.redis.answer({Value::array({"0", Value::array({})})});
  t.clock.advance(10s);
  t.store().tick();
  QVERIFY(t.redis.asked.empty());
}

void LoopStoreShards::an_end_to_all_goes_on_past_who_is_away() {
  StoreUnderTest t(Mode::hybrid);
  const std::string before = t.value();
  t.clock.advance(10ms);
  t.revoke(store::RevokeAll{});
  t.redis.answer({"1-1"});
  t.redis.fail(redis::Fault::timed_out, {nothing_before("5461-b-0-0-1")});
  QVERIFY(!t.revocation && t.shared.keys_left_behind);
  t.redis.answer({Value::array({"0", Value::array({key_of(foreign)})})});
  t.redis.answer({before, 59'000});
  QCOMPARE(t.redis.next(), "DEL " + key_of(foreign));
  QVERIFY(t.revocation && t.revocation->revoked == 1);
}

void LoopStoreShards::after_an_end_to_all_what_was_moving_is_looked_for() {
  for (const bool sharded : {true, false}) {
    StoreUnderTest t(Mode::hybrid);
    t.shared.sharded = sharded;
    t.store().tick();
    Revocation all;
    all.kind = Revocation::Kind::before;
    all.at = *t.redis.time(t.clock.now());
    all.expires = all.at + 300s;
    all.by = "b";  // who may have been ended before it had deleted all
    t.store().hear(std::span(&all, 1));
    t.store().tick();
    t.clock.advance(14'999ms);
    t.store().tick();
    QVERIFY(t.redis.asked.empty());
    t.clock.advance(1ms);
    t.store().tick();
    QCOMPARE(t.redis.next().starts_with("SCAN 0 "), sharded);
    t.redis.answer({Value::array({"0", Value::array({})})});
    t.clock.advance(60s);
    t.store().tick();
    QVERIFY(t.redis.asked.empty());  // once
  }
}

void LoopStoreShards::a_search_goes_on_past_who_is_away() {
  StoreUnderTest t(Mode::hybrid);
  t.revoke(PublicId::of(foreign));
  t.redis.fail(redis::Fault::not_connected, {nothing_before("5461-b-0-0-1")});
  QVERIFY(t.shared.keys_left_behind);
  t.redis.answer({Value::array({"0", Value::array({key_of(foreign)})})});
  QCOMPARE(t.redis.next(), "TELL token " + PublicId::of(foreign).text() + " | DEL " + key_of(foreign));
}

void LoopStoreShards::the_list_walks_over_servers() {
  StoreUnderTest t(Mode::redis);
  t.shared.sharded = true;
  const std::string cursor = "5461-0123abcd-18446744073709551615-3-89abcdef";
  t.list();
  t.redis.answer({Value::array({cursor, Value::array({})})});
  QVERIFY(t.redis.next().starts_with("SCAN " + cursor));
  t.clock.advance(100ms);
  t.redis.answer({Value::array({cursor, Value::array({})})});
  QVERIFY(t.page && t.page->cursor == "r" + cursor);
  QVERIFY(!t.list({"r" + cursor, 100, ""}));
  QVERIFY(t.redis.next().starts_with("SCAN " + cursor));
  QVERIFY(!t.list({"r\r\nFLUSHALL", 100, ""})->cursor_ok);
  // Of one server, of nobody's, or made up.
  for (const char* text : {"r", "r17", "rx", "r5461-0123abcd-7", "r16384-0123abcd-7-0-1", "r5461-0123abcd-x-0-1"}) {
    QVERIFY2(!t.list({text, 100, ""})->cursor_ok, text);
  }
  QVERIFY(t.list({"r" + std::string(64, '1'), 100, ""}) && !t.page->cursor_ok);
}

QTEST_GUILESS_MAIN(LoopStoreShards)
#include "loop_store_shards_test.moc"
