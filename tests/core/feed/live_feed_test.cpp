// Two instances and what they tell each other through a real Redis, whatever happens to it.
#include <QTest>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "live_pair.h"

using namespace std::chrono_literals;
using namespace vx11;
using namespace vx11::test;

namespace {

const std::string feed_key = "{vx11:operator}:feed";
const std::string events_key = "{vx11:operator}:events";
const std::string hash_key = "{vx11:operator}:key";

std::vector<std::uint32_t> numbers(std::uint32_t first, std::uint32_t count) {
  std::vector<std::uint32_t> all(count);
  std::iota(all.begin(), all.end(), first);
  return all;
}

template <class T>
std::set<T> set_of(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

class LiveFeedTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everythingArrivesOnceAndInOrder() {
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    for (std::uint32_t i = 0; i < 1000; i += 10) {
      p.run([&] {
        for (std::uint32_t j = i; j < i + 10; ++j) {
          LiveFeed& one = j % 2 == 0 ? *p.a : *p.b;
          one.publish(std::to_string(j));
          one.revoke(j);
        }
      });
    }
    QVERIFY(p.until([&] { return p.a->listener.data.size() >= 1000 && p.b->listener.data.size() >= 1000; }));
    QVERIFY(p.until([&] { return p.a->heard(false).size() >= 1000 && p.b->heard(false).size() >= 1000; }));
    QVERIFY(p.until([&] { return p.a->published.size() + p.b->published.size() == 1000; }));
    for (const LiveFeed* one : {&*p.a, &*p.b}) {
      QCOMPARE(one->listener.data.size(), 1000U);
      QCOMPARE(set_of(one->listener.data).size(), 1000U);
      QCOMPARE(set_of(one->heard(false)), set_of(numbers(0, 1000)));
      QCOMPARE(one->heard(true).size(), 1000U);
    }
    QCOMPARE(p.a->listener.data, p.b->listener.data);
    QCOMPARE(p.a->heard(false), p.b->heard(false));
    QCOMPARE(p.a->listener.last_epoch, p.b->listener.last_epoch);
    QCOMPARE(p.a->listener.resume, p.b->listener.resume);
    for (const std::string& id : p.a->published) QVERIFY(id.starts_with(p.a->listener.last_epoch + "."));
    QCOMPARE(p.server.command({"XLEN", feed_key}), std::string("1000"));
    QCOMPARE(p.server.command({"XLEN", events_key}), std::string("1001"));
  }

  void aConnectionKilledAgainAndAgainLosesNothing() {
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    for (std::uint32_t i = 0; i < 150; ++i) {  // 3 s
      if (i % 2 == 0) p.kill_feed_connections();
      p.run([&] {
        p.a->publish(std::to_string(i));
        p.b->revoke(i);
        p.a->tick();
        p.b->tick();
      });
      QTest::qSleep(20);
    }
    QVERIFY(p.until([&] { return p.a->listener.data.size() >= 150 && p.b->listener.data.size() >= 150; }));
    QVERIFY(p.until([&] { return set_of(p.a->heard(true)).size() == 150 && set_of(p.b->heard(true)).size() == 150; }));
    std::vector<std::string> sent;
    for (int i = 0; i < 150; ++i) sent.push_back(std::to_string(i));
    QCOMPARE(p.a->listener.data, sent);
    QCOMPARE(p.b->listener.data, sent);
    QVERIFY(p.a->ups > 5);
    QCOMPARE(p.server.command({"XLEN", feed_key}), std::string("150"));
  }

  void whatRedisForgetsIsWrittenBack_data() {
    QTest::addColumn<bool>("restart");
    QTest::newRow("FLUSHALL") << false;
    QTest::newRow("restart with nothing") << true;
  }
  void whatRedisForgetsIsWrittenBack() {
    QFETCH(bool, restart);
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    p.run([&] {
      for (std::uint32_t i = 0; i < 700; ++i) p.a->revoke(i);
      p.a->publish("before");
    });
    QVERIFY(p.until([&] { return p.a->heard(true).size() == 700 && p.b->heard(true).size() == 700; }));
    QVERIFY(p.until([&] { return p.a->listener.data.size() == 1 && p.b->listener.data.size() == 1; }));
    std::string epoch, resume;
    p.run([&] {
      for (LiveFeed* one : {&*p.a, &*p.b}) {
        for (const auto& heard : one->listener.heard) one->listener.held.push_back(heard.revocation);
      }
      epoch = p.a->listener.last_epoch;
      resume = p.a->listener.resume;
    });
    if (restart) {
      QVERIFY(p.server.start_again());
    } else {
      p.server.command({"FLUSHALL"});
    }
    QVERIFY(p.in_a_new_epoch(epoch));
    QCOMPARE(p.a->listener.resume, resume);
    QVERIFY(p.until([&] { return p.a->heard(true).size() >= 1400 && p.b->heard(true).size() >= 1400; }));
    QVERIFY(p.until([&] { return p.a->commands.usable(); }));
    p.run([&] { p.a->publish("after"); });
    QVERIFY(p.until([&] { return p.a->listener.data.size() >= 2 && p.b->listener.data.size() >= 2; }));
    QCOMPARE(p.b->listener.data, (std::vector<std::string>{"before", "after"}));
    QVERIFY(p.until([&] { return p.a->published.size() == 2; }));
    QVERIFY(p.a->published.back().starts_with(p.a->listener.last_epoch + "."));
    for (const auto& heard : p.a->listener.heard)
      QCOMPARE(heard.first_reading, &heard - p.a->listener.heard.data() >= 700);

    std::optional<LiveFeed> late;
    p.run([&] { late.emplace(p.runner.io(), p.server, p.random, "late"); });
    const bool read = p.until([&] { return late->tick() && set_of(late->heard(true)) == set_of(numbers(0, 700)); });
    const std::string late_resume = late->listener.resume;
    p.run([&] { late.reset(); });
    QVERIFY(read);
    QCOMPARE(late_resume, resume);
  }

  void anEpochEndsWithItsStream_data() {
    QTest::addColumn<QStringList>("command");
    const auto name = [](const std::string& text) { return QString::fromStdString(text); };
    QTest::newRow("events deleted") << QStringList{"DEL", name(events_key)};
    QTest::newRow("events emptied") << QStringList{"XTRIM", name(events_key), "MAXLEN", "0"};
    QTest::newRow("hash deleted") << QStringList{"DEL", name(hash_key)};
    QTest::newRow("epoch is junk") << QStringList{"HSET", name(hash_key), "epoch", "x.y"};
    QTest::newRow("last event lost") << QStringList{"XDEL", name(events_key), "LAST"};
  }
  void anEpochEndsWithItsStream() {
    QFETCH(QStringList, command);
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    p.run([&] {
      p.a->publish("1");
      p.a->publish("2");
    });
    // The feed may be faster than the writer's answer.
    QVERIFY(p.until([&] {
      return p.a->listener.data.size() == 2 && p.b->listener.data.size() == 2 && p.a->published.size() == 2;
    }));
    const std::string epoch = p.a->listener.last_epoch;
    std::vector<std::string> words;
    for (const QString& word : command) words.push_back(word.toStdString());
    const std::string last = p.a->published.back();
    if (words.back() == "LAST") words.back() = last.substr(last.find('.') + 1);
    p.server.command(words);
    QVERIFY(p.in_a_new_epoch(epoch));
    p.run([&] { p.b->publish("3"); });
    QVERIFY(p.until([&] {
      return p.a->listener.data.size() == 3 && p.b->listener.data.size() == 3 && p.b->published.size() == 1;
    }));
    QCOMPARE(p.a->listener.data, (std::vector<std::string>{"1", "2", "3"}));
    QCOMPARE(p.b->listener.data, p.a->listener.data);
    QVERIFY(p.b->published.back().starts_with(p.b->listener.last_epoch + "."));
  }

  void aWrongTypeStopsOneStreamOnly_data() {
    QTest::addColumn<bool>("events");
    QTest::newRow("events") << true;
    QTest::newRow("revocations") << false;
  }
  void aWrongTypeStopsOneStreamOnly() {
    QFETCH(bool, events);
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    p.server.command({"SET", events ? events_key : feed_key, "x"});
    const auto is_told = [](const LiveFeed& feed) {  // on a busy machine it may be away for a moment as well
      return !feed.follower.following() && feed.follower.last_problem().find("WRONGTYPE") != std::string::npos;
    };
    QVERIFY(p.until([&] { return is_told(*p.a) && is_told(*p.b); }));
    p.run([&] {
      p.a->publish("1");
      p.b->revoke(1);
    });
    if (events) {
      QVERIFY(p.until([&] { return p.a->heard(false).size() == 1 && p.b->heard(false).size() == 1; }));
      QVERIFY(p.until([&] { return p.a->answered == 1; }));
      QVERIFY(p.a->published.empty());
    } else {
      QVERIFY(p.until([&] { return p.a->listener.data.size() == 1 && p.b->listener.data.size() == 1; }));
    }
    p.server.command({"DEL", events ? events_key : feed_key});
    QVERIFY(p.until([&] { return p.a->follower.following() && p.b->follower.following(); }));
    p.run([&] {
      p.a->publish("2");
      p.b->revoke(2);
    });
    QVERIFY(p.until([&] { return set_of(p.a->heard(true)).contains(2) && set_of(p.b->heard(true)).contains(2); }));
    QVERIFY(
        p.until([&] { return set_of(p.a->listener.data).contains("2") && set_of(p.b->listener.data).contains("2"); }));
  }

  void aFullRedisIsFollowedStill() {
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    p.run([&] {
      p.a->revoke(1);
      p.b->listener.held = {revoked(2, 1, 8'000'000'000'000)};
    });
    QVERIFY(p.until([&] { return p.a->heard(true).size() == 1 && p.b->heard(true).size() == 1; }));
    p.server.command({"CONFIG", "SET", "maxmemory", "1"});
    p.kill_feed_connections();
    QVERIFY(p.until([&] { return p.a->ups > 1 && p.b->ups > 1; }));
    QVERIFY(p.until([&] { return p.a->follower.following() && p.a->follower.last_problem().empty(); }));
    QVERIFY(p.until([&] { return p.b->follower.following() && !p.b->follower.last_problem().empty(); }));
    QVERIFY(p.b->follower.last_problem().find("OOM") != std::string::npos);
    p.server.command({"CONFIG", "SET", "maxmemory", "0"});
    QVERIFY(p.until([&] { return set_of(p.a->heard(true)) == std::set<std::uint32_t>{1, 2}; }));
    QVERIFY(p.until([&] { return p.b->follower.last_problem().empty(); }));
  }

  void aRedisThatHangsIsNoticedAndFollowedAgain() {
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    p.run([&] { p.a->publish("1"); });
    QVERIFY(p.until([&] { return p.b->listener.data.size() == 1; }));
    p.server.pause();
    QVERIFY(p.until([&] { return !p.a->follower.following() && !p.b->follower.following(); }));
    const Instant heard = p.a->follower.last_heard();
    p.server.resume();
    QVERIFY(p.until([&] { return p.a->follower.following() && p.b->follower.following(); }));
    QVERIFY(p.a->follower.last_heard() > heard);
    QVERIFY(p.until([&] { return p.a->commands.usable(); }));
    p.run([&] { p.a->publish("2"); });
    QVERIFY(p.until([&] { return p.b->listener.data.size() == 2; }));
    QCOMPARE(p.b->listener.data, (std::vector<std::string>{"1", "2"}));
  }

  void aProcessThatStartsReadsWhatIsThere() {
    Pair p;
    if (!p.server) QFAIL(p.server.error().c_str());
    QVERIFY(p.start());
    p.run([&] {
      for (std::uint32_t i = 0; i < 2500; ++i) p.a->revoke(i);
      for (int i = 0; i < 1500; ++i) p.b->publish(std::to_string(i));
    });
    QVERIFY(p.until([&] { return p.a->listener.data.size() == 1500 && p.a->written == 2500; }));
    std::optional<LiveFeed> late;
    p.run([&] { late.emplace(p.runner.io(), p.server, p.random, "late"); });
    const bool read = p.until([&] { return late->tick() && late->listener.data.size() >= 1500; });
    std::vector<std::string> log, data;
    std::vector<std::uint32_t> window;
    p.run([&] {
      log = late->listener.log;
      data = late->listener.data;
      window = late->heard(true);
      late.reset();
    });
    QVERIFY(read);
    QCOMPARE(window, numbers(0, 2500));
    QCOMPARE(data, p.a->listener.data);
    QCOMPARE(log.front(), p.a->listener.log.front());
  }
};

QTEST_GUILESS_MAIN(LiveFeedTest)
#include "live_feed_test.moc"
