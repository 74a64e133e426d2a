// A client and a real Redis, which is hurt in every way there is.
#include <QTest>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/redis/client_fixture.h"

using namespace vx11;
using namespace std::chrono_literals;
using redis::BreakerState;
using redis::Fault;
using test::ClientFixture;
using test::RedisServer;

class NodeClientTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatIsAskedIsAnswered() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server);
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.ask({"SET", "a", "b"}), std::string("none: OK"));
    redis::Request two{"GET", "a"};
    two.add({"PTTL", "a"});
    QCOMPARE(client.ask(std::move(two)), std::string("none: b, -1"));
    QCOMPARE(client.ask({"LPUSH", "a", "x"}),
             std::string("none: !WRONGTYPE Operation against a key holding the wrong kind of value"));
    QVERIFY(client.ask({"NONSENSE"}).starts_with("none: !ERR unknown command"));
    const auto facts = client.watch.facts();
    QVERIFY(facts.version.starts_with("7."));
    QCOMPARE(facts.role, std::string("master"));
    QCOMPARE(facts.run_id.size(), std::size_t{40});
    QCOMPARE(facts.replication_id.size(), std::size_t{40});
  }

  void tenThousandInOneTurnAreAnsweredInOrder() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) { options.timeout = 10s; });
    QVERIFY(client.wait_until_usable());
    constexpr int count = 10'000;
    std::vector<std::string> answers;
    client.loop.run([&] {
      for (int i = 0; i < count; ++i) {
        client->ask({"ECHO", std::to_string(i)}, [&answers](const redis::Answer& answer) {
          answers.emplace_back(answer.replies.empty() ? "" : answer.replies[0].text);
        });
      }
      QVERIFY(answers.empty());
    });
    QVERIFY(client.loop.until([&] { return answers.size() == count; }));
    for (int i = 0; i < count; ++i) QCOMPARE(answers[static_cast<std::size_t>(i)], std::to_string(i));
  }

  void aHandlerMayAskAgainAndMayEndTheClient() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server);
    QVERIFY(client.wait_until_usable());
    std::atomic<bool> ended = false;
    std::atomic<int> later = 0;
    client.loop.run([&] {
      client->ask({"PING"}, [&](const redis::Answer&) {
        client->ask({"PING"}, [&](const redis::Answer& answer) {
          client.drop();
          ended = answer.replies[0].text == "PONG";  // the reply outlives the client within the call
        });
        client->ask({"PING"}, [&later](const redis::Answer&) { ++later; });
      });
    });
    QVERIFY(client.loop.until([&] { return ended.load(); }));
    QVERIFY(!client.loop.until([&] { return later != 0; }, 50ms));
  }

  void aKilledServerFailsAllAtOnceAndIsFoundAgain() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) { options.timeout = 30s; });
    QVERIFY(client.wait_until_usable());
    server.pause();
    std::vector<Fault> faults;
    const auto keep = [&faults](const redis::Answer& answer) { faults.push_back(answer.fault); };
    client.loop.run([&] {
      for (int i = 0; i < 100; ++i) client->ask({"PING"}, keep);
    });
    client.loop.settle();  // they have been sent
    const auto start = std::chrono::steady_clock::now();
    server.kill();
    QVERIFY(client.loop.until([&] { return faults.size() == 100; }));
    QVERIFY(std::chrono::steady_clock::now() - start < 1s);
    client.loop.run([&] { QCOMPARE(faults, std::vector<Fault>(100, Fault::connection_lost)); });
    QVERIFY(client.ask({"PING"}).starts_with("not_connected: "));
    QVERIFY(client.loop.until([&] { return client.watch.downs() >= 3; }));
    QCOMPARE(client.watch.why(),
             "can't connect to 127.0.0.1:" + std::to_string(server.port()) + ": Connection refused");
    QVERIFY(client.loop.run([&] { return client->time(client.clock.now()).has_value(); }));
    QVERIFY(server.start_again());
    QVERIFY(client.wait_until_usable(1100ms));
    QCOMPARE(client.ask({"PING"}), std::string("none: PONG"));
  }

  void aSilentServerOpensTheBreaker() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) { options.timeout = 60ms; });
    QVERIFY(client.wait_until_usable());
    server.pause();
    const auto start = std::chrono::steady_clock::now();
    QVERIFY(client.ask({"PING"}).starts_with("timed_out: "));
    const auto took = std::chrono::steady_clock::now() - start;
    QVERIFY2(took >= 60ms && took < 200ms, std::to_string(took.count()).c_str());
    QVERIFY(!client.usable());
    std::string answer = "none";
    client.loop.run([&] {
      client->ask({"PING"}, [&answer](const redis::Answer& given) { answer = redis::to_string(given.fault); });
      QCOMPARE(answer, std::string("not_connected"));  // inside the call
    });
    QVERIFY(client.loop.until([&] { return client.watch.breaker() == BreakerState::half_open; }, 1s));
    server.resume();
    QVERIFY(client.wait_until_usable(1s));
    QCOMPARE(client.watch.ups(), 1);                                    // the same connection
    QCOMPARE(client.ask({"ECHO", "mine"}), std::string("none: mine"));  // not the late PONG
  }

  void aServerSilentForLongIsLeftAndUsedAgain() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server);
    QVERIFY(client.wait_until_usable());
    server.pause();
    QVERIFY(client.ask({"PING"}).starts_with("timed_out: "));
    QVERIFY(client.loop.until([&] { return client.watch.downs() >= 2; }, 5s));
    QVERIFY(client.watch.why().find("doesn't answer") != std::string::npos);
    server.resume();
    QVERIFY(client.wait_until_usable(1s));
    QCOMPARE(client.ask({"PING"}), std::string("none: PONG"));
  }

  void memoryStaysFlatWhileNothingIsAnswered() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) {
      options.timeout = 20s;
      options.max_waiting = 5'000;
      options.max_unsent = 100'000;
    });
    QVERIFY(client.wait_until_usable());
    server.pause();
    int full = 0, other = 0;
    const auto count = [&](const redis::Answer& answer) { ++(answer.fault == Fault::queue_full ? full : other); };
    client.loop.run([&] {
      for (int i = 0; i < 20'000; ++i) client->ask({"PING"}, count);
    });
    QCOMPARE(client.loop.run([&] { return full; }), 20'000 - 5'000);
    const std::string large(30'000, 'x');
    client.loop.run([&] {
      client.restart();
      full = 0;
    });
    server.resume();
    QVERIFY(client.wait_until_usable());
    server.pause();
    for (int turn = 0; turn < 500; ++turn) {
      client.loop.run([&] { client->ask({"ECHO", large}, count); });
    }
    QVERIFY(client.loop.run([&] { return full; }) > 0);  // the kernel takes some megabytes of it
  }

  void aBlockingReaderDropsWhatDoesNotAnswer() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) { options.drop_on_timeout = true; });
    QVERIFY(client.wait_until_usable());
    // Longer than the limit of silence, which is for what is over its deadline.
    QCOMPARE(client.ask({"BLPOP", "none", "1.2"}, 5s), std::string("none: nil"));
    QCOMPARE(client.watch.downs(), 0);
    QVERIFY(client.ask({"BLPOP", "none", "10"}, 50ms).starts_with("timed_out: "));
    QVERIFY(client.loop.until([&] { return client.watch.downs() == 1; }));
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.ask({"PING"}), std::string("none: PONG"));
  }

  void redisClockIsKnown() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    server.pause();
    ClientFixture client(server);
    QVERIFY(!client.loop.run([&] { return client->time(client.clock.now()); }).has_value());
    server.resume();
    QVERIFY(client.wait_until_usable());
    const auto ahead = client.loop.run([&] { return *client->time(client.clock.now()) - client.clock.wall(); });
    QVERIFY2(ahead > -50ms && ahead < 50ms, std::to_string(ahead.count()).c_str());  // one machine, one clock
    QCOMPARE(client.watch.clocks(), 1);
  }

  void redisClockIsLookedAtAgainAndAgain() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) { options.clock_period = 20ms; });
    QVERIFY(client.loop.until([&] { return client.watch.clocks() >= 4; }));
    QCOMPARE(client.watch.downs(), 0);
  }

  void aBlockingReaderLooksAtTheClockBetweenItsCommands() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server, [](redis::Options& options) {
      options.drop_on_timeout = true;
      options.timeout = 100ms;
      options.clock_period = 150ms;
    });
    QVERIFY(client.wait_until_usable());
    // Behind a blocking command its answer would come too late, and end the connection.
    QCOMPARE(client.ask({"BLPOP", "none", "0.5"}, 5s), std::string("none: nil"));
    const int before = client.watch.clocks();
    QCOMPARE(client.ask({"BLPOP", "none", "0.1"}, 5s), std::string("none: nil"));
    QVERIFY(client.watch.clocks() > before);
    QCOMPARE(client.watch.downs(), 0);
  }

  void stoppingFailsWhatWaits() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    ClientFixture client(server);
    QVERIFY(client.wait_until_usable());
    server.pause();
    std::vector<Fault> faults;
    const auto keep = [&faults](const redis::Answer& answer) { faults.push_back(answer.fault); };
    client.loop.run([&] { client->ask({"PING"}, keep); });
    client.loop.settle();
    client.loop.run([&] {
      client->ask({"PING"}, keep);  // not sent yet
      client->stop();
      client->ask({"PING"}, keep);
    });
    server.resume();
    QCOMPARE(client.loop.run([&] { return faults; }),
             (std::vector<Fault>{Fault::connection_lost, Fault::not_connected, Fault::not_connected}));
    client.loop.run([&] { client->start(); });
    QVERIFY(client.wait_until_usable());
  }
};

QTEST_GUILESS_MAIN(NodeClientTest)
#include "node_client_test.moc"
