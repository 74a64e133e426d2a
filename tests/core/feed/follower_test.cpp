// How the follower joins, reads, checks, and writes back what Redis has lost.
#include <QTest>

#include <set>

#include "follower_fixture.h"

using namespace std::chrono_literals;
using namespace vx11;
using namespace vx11::test;

class FollowerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void joinsThenReadsTheWindowThenFollows() {
    Fixture f;
    QVERIFY(!f.follower.following());
    f.follower.connected();
    QCOMPARE(f.asked(), std::string("EVAL"));
    const Lines words = f.last_words();
    QCOMPARE((Lines{words.begin() + 2, words.begin() + 5}), (Lines{"2", events_key, "{vx11:operator}:key"}));
    QCOMPARE(words.at(5).size(), 8U);
    QCOMPARE(words.at(6).size(), 64U);
    QCOMPARE((Lines{words.begin() + 7, words.end()}), (Lines{"", "0", "0"}));
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "7-0")});
    QCOMPARE(f.listener.news(), (Lines{"joined e1e1e1e1 at [5-0]"}));
    QCOMPARE(f.listener.resume, resume);
    QCOMPARE(f.asked(), f.page("0-0"));
    QVERIFY(!f.follower.following());
    f.redis.answer({fed({token("3-0", id1)})});
    QCOMPARE(f.listener.news(), (Lines{"token " + id1 + " at 10 exp 90 by b (window)"}));
    QVERIFY(f.follower.following());
    QCOMPARE(f.follower.last_problem(), std::string());
    QCOMPARE(f.asked(), f.loop("3-0", "5-0"));
    QCOMPARE(f.redis.asked.front().deadline, 1150ms);
    f.redis.answer(
        {Value::array({stream(feed_key, {token("8-0", id2)}), stream(events_key, {published("7-0", "x")})})});
    QCOMPARE(f.listener.news(), (Lines{"token " + id2 + " at 10 exp 90 by b", "7-0 n=x"}));
    QCOMPARE(f.asked(), f.loop("8-0", "7-0"));
  }

  void startsAtTheBeginningOfWhatIsBufferedWhenTheMarkerIsTrimmed() {
    Fixture f;
    f.follower.connected();
    f.redis.answer({joined("e1e1e1e1", "5-0", "9-0", "9-7")});
    QCOMPARE(f.listener.news(), (Lines{"joined e1e1e1e1 at []"}));
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.loop("0-0", "0-0"));
  }

  void readsTheWindowInPages() {
    Fixture f;
    f.follower.connected();
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "5-0")});
    std::vector<Value> page;
    for (int i = 1; i <= 1000; ++i) page.push_back(token(std::to_string(i) + "-0", id1));
    f.redis.answer({fed(page)});
    QCOMPARE(f.listener.heard.size(), 1000U);
    QCOMPARE(f.asked(), f.page("1000-0"));
    QVERIFY(!f.follower.following());
    f.redis.answer({fed({token("1001-0", id2)})});
    QCOMPARE(f.asked(), f.loop("1001-0", "5-0"));
    for (const auto& heard : f.listener.heard) QVERIFY(heard.first_reading);
  }

  void asksForLessWhenAnswersDontComeInTime() {
    Fixture f;
    f.follow();
    f.redis.fail(redis::Fault::timed_out);
    f.reconnect();
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "5-0")});
    QCOMPARE(f.asked(), "XREAD COUNT 250 STREAMS " + feed_key + " 0-0");
    f.redis.answer({Value::nil()});
    QVERIFY(f.asked().starts_with("XREAD COUNT 500 BLOCK"));
    f.redis.answer({Value::nil()});
    QVERIFY(f.asked().starts_with("XREAD COUNT 1000 BLOCK"));
  }

  void skipsWhatItCantRead_data() {
    QTest::addColumn<QStringList>("fields");
    QTest::addColumn<bool>("broken");
    const QString id = QString::fromStdString(id1);
    QTest::newRow("unknown kind") << QStringList{"kind", "issuer", "id", "zz"} << false;
    QTest::newRow("no kind") << QStringList{"id", id, "at", "1", "exp", "2"} << true;
    QTest::newRow("no fields") << QStringList{} << true;
    QTest::newRow("odd fields") << QStringList{"kind"} << true;
    QTest::newRow("no id") << QStringList{"kind", "token", "at", "1", "exp", "2"} << true;
    QTest::newRow("short id") << QStringList{"kind", "token", "id", "00ff", "at", "1", "exp", "2"} << true;
    QTest::newRow("no at") << QStringList{"kind", "token", "id", id, "exp", "2"} << true;
    QTest::newRow("no exp") << QStringList{"kind", "token", "id", id, "at", "1"} << true;
    QTest::newRow("word for a time") << QStringList{"kind", "before", "at", "now", "exp", "2"} << true;
    QTest::newRow("time too late") << QStringList{"kind", "before", "at", "99999999999999", "exp", "2"} << true;
    QTest::newRow("negative time") << QStringList{"kind", "before", "at", "-1", "exp", "2"} << true;
    QTest::newRow("long principal") << QStringList{"kind", "principal", "id", "0000002a1", "at", "1", "exp", "2"}
                                    << true;
    QTest::newRow("sign in principal") << QStringList{"kind", "principal", "id", "-000002a", "at", "1", "exp", "2"}
                                       << true;
  }
  void skipsWhatItCantRead() {
    QFETCH(QStringList, fields);
    QFETCH(bool, broken);
    Fixture f;
    f.follow();
    std::vector<Value> values;
    for (const QString& field : fields) values.emplace_back(field.toStdString());
    f.redis.answer({fed({entry("6-0", values), token("7-0", id1)})});
    QCOMPARE(f.listener.news(), (Lines{"token " + id1 + " at 10 exp 90 by b"}));
    QCOMPARE(f.follower.broken_entries(), broken ? 1U : 0U);
    QCOMPARE(f.asked(), f.loop("7-0", "5-0"));
    QVERIFY(f.follower.following());
  }

  void skipsBrokenEvents() {
    Fixture f;
    f.follow();
    f.redis.answer({events({entry("6-0", {"event", "n"}), entry("6-1", {"data", "d"}), Value("junk"),
                            published("7-0", "x"), entry("8-0", {"event", "m", "later", "field", "data", "y"})})});
    QCOMPARE(f.listener.news(), (Lines{"7-0 n=x", "8-0 m=y"}));
    QCOMPARE(f.follower.broken_entries(), 3U);
  }

  void readsEveryKind() {
    Fixture f;
    f.follow();
    f.redis.answer({fed({entry("50-0", {"kind", "principal", "id", "0000002a", "at", "1", "exp", "2", "by", "x"}),
                         entry("50-1", {"kind", "before", "at", "40", "exp", "99"}),
                         entry("50-2", {"kind", "before", "at", "60", "exp", "99", "more", "m"})})});
    QCOMPARE(f.listener.news(),
             (Lines{"principal 42 at 1 exp 2 by x", "before at 50 exp 99 by ", "before at 60 exp 99 by "}));
  }

  void whatIsWrittenBackIsNoNewsAndKeepsItsTime() {
    Fixture f;
    f.follow();
    f.redis.answer({fed({token("50-0", id1), entry("50-1", {"kind", "before", "at", "40", "exp", "99", "again", "1"}),
                         token("51-0", id2)})});
    QCOMPARE(f.listener.news(), (Lines{"token " + id1 + " at 10 exp 90 by b", "before at 40 exp 99 by  (window)",
                                       "token " + id2 + " at 10 exp 90 by b"}));
  }

  void checksOnceASecond() {
    Fixture f;
    f.follow();
    QCOMPARE(f.asked(), f.loop("0-0", "5-0"));
    f.clock.advance(999ms);
    f.redis.answer({events({published("6-0", "x")})});
    QCOMPARE(f.asked(), f.loop("0-0", "6-0"));
    f.clock.advance(1ms);
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.check() + f.loop("0-0", "6-0"));
    f.clock.advance(10ms);
    f.redis.answer({nothing, last("6-0"), "e1e1e1e1", fed({token("8-0", id1)})});
    QCOMPARE(f.asked(), f.loop("8-0", "6-0"));
    QCOMPARE(f.follower.last_heard(), f.clock.now());
    QVERIFY(f.follower.following());
  }

  void writesBackWhenTheStreamHasVanished() {
    Fixture f;
    f.follow();
    f.redis.answer({fed({token("60-0", id1)})});
    f.listener.held = {test::revoked(1, 10, 90), test::revoked(2, 20, 90)};
    f.clock.advance(1s);
    f.redis.answer({Value::nil()});
    f.redis.answer({nothing, last("5-0"), "e1e1e1e1", Value::nil()});
    QCOMPARE(f.asked(), f.page("0-0"));
    f.redis.answer({fed({token("70-0", id2)})});  // somebody was faster with this one
    QCOMPARE(f.asked(), "XADD " + feed_key + " * kind token id " + id1 + " at 10 exp 90 by me again 1");
    f.redis.answer({"71-0"});
    QCOMPARE(f.asked(), f.loop("70-0", "5-0"));
    QVERIFY(f.follower.following());
  }

  void writesBackWhenTheLastIdIsBelowTheCursor() {
    Fixture f;
    f.follow();
    f.redis.answer({fed({token("60-0", id1), token("61-0", id2)})});
    f.listener.held = {test::revoked(1, 10, 90), test::revoked(2, 20, 90)};
    f.clock.advance(1s);
    f.redis.answer({Value::nil()});
    f.redis.answer({last("60-0"), last("5-0"), "e1e1e1e1", Value::nil()});
    QCOMPARE(f.asked(), f.page("0-0"));
    f.redis.answer({fed({token("60-0", id1)})});
    QCOMPARE(f.asked(), "XADD " + feed_key + " * kind token id " + id2 + " at 20 exp 90 by me again 1");
  }

  void writesWhatNeverReachedTheStream() {
    Fixture f;
    f.follow();
    f.clock.advance(1s);
    f.redis.answer({Value::nil()});
    f.redis.answer({nothing, last("5-0"), "e1e1e1e1", Value::nil()});
    QCOMPARE(f.listener.asked_for_held, 2);  // after the window, and now
    QCOMPARE(f.asked(), f.loop("0-0", "5-0"));
    f.listener.held = {test::revoked(1, 10, 90)};
    f.clock.advance(1s);
    f.redis.answer({Value::nil()});
    QVERIFY(f.follower.following());
    f.redis.answer({nothing, last("5-0"), "e1e1e1e1", Value::nil()});
    QVERIFY(f.asked().starts_with("XADD"));
    f.redis.answer({"6-0"});
    QCOMPARE(f.asked(), f.loop("0-0", "5-0"));
  }

  void readsAgainWhatMayHaveBeenWrittenElsewhere() {
    Fixture f;
    f.follow();
    f.redis.answer({fed({token("60-0", id1)})});
    f.listener.held = {test::revoked(1, 10, 90), test::revoked(2, 20, 90)};
    f.follower.read_again();
    QCOMPARE(f.asked(), f.loop("60-0", "5-0"));  // the answer is waited for
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.page("0-0"));
    f.follower.read_again();  // it is about to
    f.redis.answer({fed({token("60-0", id1)})});
    QCOMPARE(f.asked(), "XADD " + feed_key + " * kind token id " + id2 + " at 20 exp 90 by me again 1");
    f.redis.answer({"61-0"});
    QCOMPARE(f.asked(), f.loop("60-0", "5-0"));
    QVERIFY(f.follower.following());
  }

  void writesBackInBoundedPortionsAndOnlyWhatLivesStill() {
    Fixture f;
    f.redis.set_time(test::at_ms(1000), f.clock.now());
    f.listener.held.push_back(test::revoked(9999, 10, 1000));
    for (std::uint32_t i = 0; i < 501; ++i) f.listener.held.push_back(test::revoked(i, 10, 2000));
    f.follower.connected();
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "5-0")});
    f.redis.answer({Value::nil()});
    QCOMPARE(f.redis.asked.front().commands.size(), 500U);
    f.redis.answer(std::vector<Value>(500, "6-0"));
    QCOMPARE(f.redis.asked.front().commands.size(), 1U);
    f.redis.answer({"6-1"});
    QCOMPARE(f.asked(), f.loop("0-0", "5-0"));
    std::set<std::string> written;
    for (const auto& words : f.redis.log) {
      if (words[0] == "XADD") written.insert(words.at(6));
    }
    QCOMPARE(written.size(), 501U);
    QVERIFY(!written.contains(test::id_of(9999).text()));
  }

  void whatCantBeWrittenIsTriedAgainWhileFollowing() {
    Fixture f;
    f.listener.held = {test::revoked(1, 10, 90)};
    f.follow();
    f.redis.answer({Value::error("OOM command not allowed")});
    QCOMPARE(f.asked(), f.loop("0-0", "5-0"));
    QVERIFY(f.follower.last_problem().find("OOM") != std::string::npos);
    f.redis.answer({fed({token("6-0", id2)})});
    QCOMPARE(f.listener.news(), (Lines{"token " + id2 + " at 10 exp 90 by b"}));
    f.clock.advance(100ms);
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.page("0-0"));
    f.redis.answer({fed({token("6-0", id2), token("6-1", id1)})});  // somebody else has written it
    QCOMPARE(f.asked(), f.loop("6-1", "5-0"));
    QCOMPARE(f.follower.last_problem(), std::string());
  }
};

QTEST_GUILESS_MAIN(FollowerTest)
#include "follower_test.moc"
