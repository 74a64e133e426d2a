// How the follower goes on when Redis refuses, or does not answer.
#include <QTest>

#include "follower_fixture.h"

using namespace std::chrono_literals;
using namespace vx11;
using namespace vx11::test;

class FollowerFaultTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aWrongTypeUnderTheEventsLeavesTheRevocations() {
    Fixture f;
    f.follower.connected();
    f.redis.answer({Value::error("WRONGTYPE it holds a string")});
    QCOMPARE(f.asked(), f.page("0-0"));
    f.redis.answer({Value::nil()});
    const std::string alone = "XREAD COUNT 1000 BLOCK 1000 STREAMS " + feed_key + " ";
    QVERIFY(f.asked().ends_with(alone + "0-0"));
    QVERIFY(!f.follower.following());
    QCOMPARE(f.follower.last_problem(), "events (" + events_key + "): WRONGTYPE it holds a string");
    f.redis.answer({nothing, fed({token("6-0", id1)})});
    QCOMPARE(f.listener.news(), (Lines{"token " + id1 + " at 10 exp 90 by b"}));
    QVERIFY(f.asked().ends_with(alone + "6-0"));
    f.clock.advance(100ms);
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), std::string("EVAL"));
    f.redis.answer({joined("e1e1e1e1", "5-0", "5-0", "5-0")});
    QVERIFY(f.follower.following());
    QCOMPARE(f.follower.last_problem(), std::string());
  }

  void aWrongTypeUnderTheRevocationsLeavesTheEvents() {
    Fixture f;
    f.follow();
    f.redis.answer({Value::error("WRONGTYPE Operation against")});
    QCOMPARE(f.asked(), f.check() + f.loop("0-0", "5-0"));
    f.redis.answer({Value::error("WRONGTYPE Operation against"), last("5-0"), "e1e1e1e1",
                    Value::error("WRONGTYPE Operation against")});
    const std::string alone = "XREAD COUNT 1000 BLOCK 1000 STREAMS " + events_key + " ";
    QCOMPARE(f.asked(), alone + "5-0");
    QVERIFY(!f.follower.following());
    f.redis.answer({events({published("6-0", "x")})});
    QCOMPARE(f.listener.news(), (Lines{"6-0 n=x"}));
    f.clock.advance(100ms);
    f.redis.answer({Value::nil()});
    QCOMPARE(f.asked(), f.page("0-0"));
    f.redis.answer({Value::error("WRONGTYPE Operation against")});
    QCOMPARE(f.asked(), alone + "6-0");
    f.clock.advance(200ms);
    f.redis.answer({Value::nil()});
    f.redis.answer({Value::nil()});
    QVERIFY(f.follower.following());
  }

  void aServerThatRefusesEverythingIsAskedAgainAtTicks() {
    Fixture f;
    f.follower.connected();
    std::vector<std::chrono::milliseconds> waits;
    std::chrono::milliseconds waited{0};
    for (int i = 0; i < 5; ++i) {
      f.redis.answer({Value::error("LOADING Redis is loading")});
      f.redis.answer({Value::error("LOADING Redis is loading")});
      QVERIFY(f.redis.asked.empty());
      for (waited = 0ms; f.redis.asked.empty() && waited < 5s; waited += 50ms) {
        f.clock.advance(50ms);
        f.follower.tick();
      }
      waits.push_back(waited);
    }
    QCOMPARE(waits, (std::vector{100ms, 200ms, 400ms, 800ms, 1000ms}));
    QVERIFY(f.follower.last_problem().find("LOADING") != std::string::npos);
  }

  void anErrorThatNoCheckExplainsWaits() {
    Fixture f;
    f.follow();
    f.redis.answer({Value::error("NOPERM xread")});
    f.redis.answer({nothing, last("5-0"), "e1e1e1e1", Value::error("NOPERM xread")});
    QVERIFY(f.redis.asked.empty());
    QVERIFY(!f.follower.following());
    f.clock.advance(100ms);
    f.follower.tick();
    QCOMPARE(f.asked(), std::string("EVAL"));
  }

  void whatCantBeSentIsTriedAgainAtATick() {
    Fixture f;
    f.redis.up = false;
    f.follower.connected();  // the breaker is open still
    QCOMPARE(f.follower.last_problem(), std::string("not connected"));
    f.redis.up = true;
    f.follower.tick();
    QVERIFY(f.redis.asked.empty());
    f.clock.advance(100ms);
    f.follower.tick();
    QCOMPARE(f.asked(), std::string("EVAL"));
    f.follower.tick();
    QCOMPARE(f.redis.asked.size(), 1U);
  }

  void anAnswerThatComesAfterAReconnectIsIgnored() {
    Fixture f;
    f.follow();
    f.follower.disconnected();
    f.follower.connected();
    QCOMPARE(f.redis.asked.size(), 2U);
    f.redis.answer({events({published("6-0", "x")})});
    QVERIFY(f.listener.news().empty());
    QCOMPARE(f.asked(), std::string("EVAL"));
  }

  void isGoneBeforeTheAnswer() {
    FakeRedisClient redis;
    FeedListener listener;
    ManualClock clock;
    SeededRandom random{1};
    auto follower = std::make_unique<feed::Follower>(redis, clock, random, feed::Keys("vx11:"), listener,
                                                     feed::Follower::Options{1000ms, "me"});
    follower->connected();
    follower.reset();
    QVERIFY(redis.answer({joined("e1e1e1e1", "5-0", "5-0", "5-0")}));
    QVERIFY(listener.log.empty());
  }

  void theHeartbeatIsTheIdleAnswer() {
    Fixture f;
    const Instant made = f.clock.now();
    f.clock.advance(3s);
    QCOMPARE(f.follower.last_heard(), made);
    f.follow();
    f.clock.advance(1s);
    f.redis.answer({Value::nil()});
    QCOMPARE(f.follower.last_heard(), f.clock.now());
    f.clock.advance(5s);
    f.redis.fail(redis::Fault::timed_out);
    QCOMPARE(f.clock.now() - f.follower.last_heard(), Instant::duration(5s));
  }
};

QTEST_GUILESS_MAIN(FollowerFaultTest)
#include "follower_fault_test.moc"
