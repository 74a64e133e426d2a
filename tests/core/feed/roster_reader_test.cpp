// Who is there, asked by several at a time, of a Redis that answers or doesn't.
#include <QTest>

#include "feed/roster_reader.h"
#include "support/fake_redis_client.h"

using namespace std::chrono_literals;
using namespace vx11;
using namespace vx11::test;

namespace {

struct Fixture {
  ManualClock clock;
  FakeRedisClient redis;
  feed::Roster roster{300};
  feed::RosterReader reader{redis, clock, feed::Keys("vx11:"), roster};
  std::vector<std::string> heard;  ///< "1: a, b" or "1: a, b 2000 ms ago" or "1: nothing"

  void ask(int who) {
    reader.ask([this, who](const std::optional<feed::Listing>& listing) {
      std::string text = std::to_string(who) + ':';
      if (!listing) text += " nothing";
      if (listing) {
        for (const auto& one : listing->instances) text += ' ' + one.record.id;
        if (!listing->fresh) text += ' ' + std::to_string(listing->age.count()) + " ms ago";
      }
      heard.push_back(std::move(text));
    });
  }
  void answer(const std::vector<std::string>& ids) {
    std::vector<Value> scored, records;
    for (const std::string& id : ids) {
      scored.insert(scored.end(), {id, "1"});
      records.emplace_back("{}");
    }
    redis.answer({Value::array(scored)});
    if (!ids.empty()) redis.answer(records);
  }
};

using Heard = std::vector<std::string>;

}  // namespace

class RosterReaderTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whoAsksWhileAReadingIsUnderWayGetsTheNext() {
    Fixture f;
    f.ask(1);
    f.ask(2);
    f.ask(3);
    QCOMPARE(f.redis.asked.size(), 1U);
    f.answer({"a"});
    QCOMPARE(f.heard, (Heard{"1: a"}));
    f.answer({"a", "b"});
    QCOMPARE(f.heard, (Heard{"1: a", "2: a b", "3: a b"}));
    QVERIFY(f.redis.asked.empty());
    QVERIFY(!f.reader.under_way());
  }

  void saysHowOldItIs() {
    Fixture f;
    f.redis.up = false;
    f.ask(1);
    QCOMPARE(f.heard, (Heard{"1: nothing"}));
    f.redis.up = true;
    f.ask(2);
    f.answer({"a"});
    f.clock.advance(7s);
    f.ask(3);
    f.redis.fail(redis::Fault::timed_out);
    f.ask(4);
    f.redis.answer({Value::array({"a", "1"})});
    f.clock.advance(1s);
    f.redis.fail(redis::Fault::timed_out);
    f.redis.up = false;
    f.ask(5);
    QCOMPARE(f.heard, (Heard{"1: nothing", "2: a", "3: a 7000 ms ago", "4: a 8000 ms ago", "5: a 8000 ms ago"}));
  }

  void nobodyIsThere() {
    Fixture f;
    f.ask(1);
    f.answer({});
    QCOMPARE(f.heard, (Heard{"1:"}));
  }

  void whoLeftIsForgotten() {
    Fixture f;
    f.ask(1);
    f.answer({"a", "b"});
    f.ask(2);
    f.answer({"a"});
    f.ask(3);
    f.redis.answer({Value::array({"a", "1", "b", "1"})});
    f.redis.answer({"{}", Value::nil()});
    QCOMPARE(f.heard.back(), std::string("3: a b"));
    QCOMPARE(f.roster.listing(f.clock.now(), true)->instances[1].record.url, std::string());
  }

  void aRecordWithoutAnAnswerMakesTheReadingOld() {
    Fixture f;
    f.ask(1);
    f.answer({"a", "b"});
    f.clock.advance(2s);
    f.ask(2);
    f.redis.answer({Value::array({"a", "1", "b", "1"})});
    f.redis.answer({"{}", Value::error("CLUSTERDOWN The cluster is down")});  // its shard is away
    QCOMPARE(f.heard.back(), std::string("2: a b 2000 ms ago"));
  }

  void anAskerMayEndTheReader() {
    ManualClock clock;
    FakeRedisClient redis;
    feed::Roster roster(300);
    auto reader = std::make_unique<feed::RosterReader>(redis, clock, feed::Keys("vx11:"), roster);
    int told = 0;
    reader->ask([&](const std::optional<feed::Listing>&) {
      ++told;
      reader.reset();
    });
    redis.answer({Value::array({})});
    QCOMPARE(told, 1);
  }
};

QTEST_GUILESS_MAIN(RosterReaderTest)
#include "roster_reader_test.moc"
