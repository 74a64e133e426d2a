// What sentinels say of their master: real ones, that find each other and lose each other, and scripted ones.
#include <QTest>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "redis/sentinel_watch.h"
#include "support/loop_runner.h"
#include "support/redis_server.h"
#include "support/scripted_redis.h"

using namespace vx11;
using namespace std::chrono_literals;
using redis::SentinelView;
using test::RedisServer;
using test::ScriptedRedis;

namespace {

class WatchFixture {
 public:
  explicit WatchFixture(std::vector<redis::Address> seeds) {
    redis::Options options;
    options.topology = redis::Topology::sentinel;
    options.master_name = "mymaster";
    options.seeds = std::move(seeds);
    loop_.run([&] { watch_ = std::make_unique<redis::SentinelWatch>(loop_.io(), options, clock_, random_); });
  }
  ~WatchFixture() {
    loop_.run([this] { watch_.reset(); });
  }

  [[nodiscard]] std::vector<SentinelView> refresh(std::chrono::milliseconds deadline = 2s) {
    std::optional<std::vector<SentinelView>> told;
    loop_.run(
        [&] { watch_->refresh(deadline, [&told](std::vector<SentinelView> views) { told = std::move(views); }); });
    static_cast<void>(loop_.until([&] { return told.has_value(); }, 30s));
    return told.value_or(std::vector<SentinelView>());
  }
  /// Again and again until what they say is as it should be.
  template <class Condition>
  [[nodiscard]] bool until(Condition&& condition) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < end) {
      if (condition(refresh())) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }
  void drop() {
    loop_.run([this] {
      watch_->refresh(10s, [this](std::vector<SentinelView>) { ++told_after_the_end; });
      watch_.reset();
    });
    loop_.settle();
  }

  int told_after_the_end = 0;

 private:
  SystemClock clock_;
  SystemRandom random_;
  test::LoopRunner loop_;
  std::unique_ptr<redis::SentinelWatch> watch_;
};

std::string sentinel_config(const RedisServer& master) {
  return "sentinel monitor mymaster 127.0.0.1 " + std::to_string(master.port()) +
         " 2\n"
         "sentinel down-after-milliseconds mymaster 300\n";
}

redis::Address at(std::uint16_t port) { return {"127.0.0.1", port}; }

/// Knows the master, has this id, and knows one other sentinel.
ScriptedRedis::Script sentinel_with(std::string id, std::string other_id, std::uint16_t other_port) {
  return [=](const ScriptedRedis::Words& command) {
    if (command[0] != "SENTINEL") return ScriptedRedis::as_usual(command);
    if (command[1] == "MYID") return ScriptedRedis::text(id);
    if (command[1] == "GET-MASTER-ADDR-BY-NAME") return ScriptedRedis::texts({"10.0.0.1", "6379"});
    if (command[1] == "CKQUORUM") return std::string("+OK 2 usable Sentinels\r\n");
    if (command[1] == "MASTER") return ScriptedRedis::texts({"flags", "master", "quorum", "2"});
    if (other_port == 0) return ScriptedRedis::array({});
    return ScriptedRedis::array(
        {ScriptedRedis::texts({"ip", "127.0.0.1", "port", std::to_string(other_port), "runid", other_id})});
  };
}

std::vector<std::string> addresses(const std::vector<SentinelView>& views) {
  std::vector<std::string> all;
  for (const SentinelView& view : views) all.push_back(view.address);
  return all;
}

}  // namespace

class SentinelWatchTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void realSentinels() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    RedisServer first({"--sentinel"}, sentinel_config(master));
    RedisServer second({"--sentinel"}, sentinel_config(master));
    if (!first) QFAIL(first.error().c_str());
    if (!second) QFAIL(second.error().c_str());
    WatchFixture watch({at(first.port())});
    // The second one isn't named: the first tells of it as soon as it has met it.
    QVERIFY(watch.until([](const auto& views) {
      return views.size() == 2 && views[0].up && views[1].up && views[0].can_fail_over == true &&
             views[1].can_fail_over == true;
    }));
    for (const SentinelView& view : watch.refresh()) {
      QCOMPARE(view.error, std::string());
      QCOMPARE(view.master, at(master.port()).to_text());
      QCOMPARE(view.master_state, std::string("ok"));
      QCOMPARE(*view.quorum, std::int64_t{2});
      QCOMPARE(*view.other_sentinels, std::int64_t{1});
      QCOMPARE(*view.replicas, std::int64_t{0});
    }
    master.pause();
    QVERIFY(watch.until([](const auto& views) { return views[0].master_state != "ok"; }));
    master.resume();
    QVERIFY(watch.until([](const auto& views) { return views[0].master_state == "ok"; }));
    second.kill();
    QVERIFY(watch.until([](const auto& views) { return views[0].can_fail_over == false; }));
    const auto views = watch.refresh();
    QVERIFY2(views[0].error.starts_with("NOQUORUM 1 usable"), views[0].error.c_str());
    QCOMPARE(views.size(), std::size_t{2});  // it is known, and away
    QCOMPARE(views[1].address, at(second.port()).to_text());
    QVERIFY(!views[1].up);
    QCOMPARE(views[1].error, "can't connect to " + views[1].address + ": Connection refused");
    QVERIFY(second.start_again());
    QVERIFY(watch.until([](const auto& all) { return all.size() == 2 && all[1].up; }));
  }

  void whatTheGreetingIsRefusedIsSaid() {
    const std::string refusal = "NOPERM this user has no permissions to run the 'info' command";
    const auto willing = sentinel_with("one", "", 0);
    ScriptedRedis sentinel([=](const ScriptedRedis::Words& command) {
      return command[0] == "INFO" ? ScriptedRedis::error(refusal) : willing(command);
    });
    WatchFixture watch({at(sentinel.port())});
    for (int round = 0; round < 2; ++round) {
      const auto views = watch.refresh();
      QCOMPARE(views.size(), std::size_t{1});
      QVERIFY(views[0].up);
      QCOMPARE(views[0].error, refusal);
    }
  }

  void theConnectionsAreKept() {
    ScriptedRedis sentinel(sentinel_with("a", "", 0));
    WatchFixture watch({at(sentinel.port())});
    for (int i = 0; i < 5; ++i) QVERIFY(watch.refresh().at(0).up);
    QCOMPARE(sentinel.connections(), 1);
  }

  void whatASentinelForbidsIsNamed() {
    const std::string words = "NOPERM this user has no permissions to run the 'info' command";
    ScriptedRedis sentinel([&words](const ScriptedRedis::Words& command) {
      return command[0] == "INFO" ? ScriptedRedis::error(words) : sentinel_with("a", "", 0)(command);
    });
    WatchFixture watch({at(sentinel.port())});
    const auto views = watch.refresh();
    QVERIFY(views.at(0).up);
    QCOMPARE(views[0].master, std::string("10.0.0.1:6379"));
    QVERIFY(watch.until([&](const auto& again) { return again[0].error == words; }));
  }

  void oneWithTwoNamesIsShownOnce() {
    ScriptedRedis second(sentinel_with("b", "", 0));
    ScriptedRedis first(sentinel_with("a", "b", second.port()));
    // By its name it is another address than the one that the first tells.
    WatchFixture watch({at(first.port()), {"localhost", second.port()}});
    const std::vector<std::string> named{at(first.port()).to_text(), "localhost:" + std::to_string(second.port())};
    for (int i = 0; i < 3; ++i) QCOMPARE(addresses(watch.refresh()), named);
  }

  void whoIsKnownToNobodyIsForgotten() {
    ScriptedRedis second(sentinel_with("b", "", 0));
    ScriptedRedis first(sentinel_with("a", "b", second.port()));
    WatchFixture watch({at(first.port())});
    QCOMPARE(watch.refresh().size(), std::size_t{2});
    first.say(sentinel_with("a", "", 0));
    const std::vector<std::string> alone{at(first.port()).to_text()};
    QCOMPARE(addresses(watch.refresh()), alone);
  }

  void aSilentOneIsWaitedForUntilTheDeadlineOnly() {
    ScriptedRedis mute([](const ScriptedRedis::Words&) { return std::string(); });
    ScriptedRedis sentinel(sentinel_with("a", "", 0));
    WatchFixture watch({at(mute.port()), at(sentinel.port())});
    const auto views = watch.refresh(700ms);
    QCOMPARE(views.size(), std::size_t{2});
    QVERIFY(!views[0].up && views[1].up);
    QCOMPARE(views[0].error, mute.address() + " doesn't answer in time");
  }

  void nobodyIsToldAfterTheEnd() {
    ScriptedRedis mute([](const ScriptedRedis::Words&) { return std::string(); });
    WatchFixture watch({at(mute.port())});
    watch.drop();
    QCOMPARE(watch.told_after_the_end, 0);
  }
};

QTEST_GUILESS_MAIN(SentinelWatchTest)
#include "sentinel_watch_test.moc"
