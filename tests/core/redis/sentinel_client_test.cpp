// A client that is told by sentinels where its master is: theirs are scripted, the servers are real or scripted.
#include <QTest>
#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/redis/client_fixture.h"
#include "core/redis/falling_master.h"
#include "core/redis/scripted_sentinel.h"
#include "support/scripted_redis.h"

using namespace vx11;
using namespace std::chrono_literals;
using redis::Fault;
using test::at;
using test::by_sentinels;
using test::ClientFixture;
using test::FallingMaster;
using test::naming;
using test::RedisServer;
using test::ScriptedRedis;
using test::silent;

class SentinelClientTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theMasterThatASentinelNamesIsUsed() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.ask({"SET", "a", "b"}), std::string("none: OK"));
    QCOMPARE(master.command({"GET", "a"}), std::string("b"));
    QCOMPARE(client.watch.facts().address, at(master.port()));
    QCOMPARE(client.watch.facts().role, std::string("master"));
    std::string told;
    client.loop.run([&] {
      client->ask_each({"PING"}, 2s, [&told](std::span<const redis::NodeAnswer> answers) {
        told = std::string(answers[0].address) + " " + test::shown(answers[0].answer.replies[0]);
      });
    });
    QVERIFY(client.loop.until([&] { return !told.empty(); }));
    QCOMPARE(told, at(master.port()) + " PONG");
    for (const std::string& command : sentinel.heard()) {
      QVERIFY2(!command.starts_with("SELECT") && !command.starts_with("TIME"), command.c_str());
    }
  }

  void theSentinelsHaveCredentialsOfTheirOwn() {
    RedisServer master({"--requirepass", "masters"});
    if (!master) QFAIL(master.error().c_str());
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.password = Secret("masters");
      options.sentinel_username = "watcher";
      options.sentinel_password = Secret("sentinels");
      options.database = 2;
      options.client_name = "me";
    });
    QVERIFY(client.wait_until_usable());
    const std::vector<std::string> said{"AUTH watcher sentinels",
                                        "CLIENT SETNAME me",
                                        "INFO server",
                                        "SENTINEL GET-MASTER-ADDR-BY-NAME mymaster",
                                        "SENTINEL SENTINELS mymaster",
                                        "SENTINEL MASTER mymaster"};
    QCOMPARE(sentinel.heard(), said);
  }

  void aSentinelThatIsSilentCostsItsTimeOnce() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    ScriptedRedis mute(silent());
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({mute.port(), test::free_port(), sentinel.port()})(options);
      options.seed_timeout = 1s;
    });
    QVERIFY(client.wait_until_usable());
    QCOMPARE(mute.connections(), 1);
    const int asked = sentinel.connections();
    client.loop.run([&] { client.restart(); });
    QVERIFY(client.wait_until_usable());
    QCOMPARE(mute.connections(), 1);  // the one that knew is the first now
    QVERIFY(sentinel.connections() > asked);
  }

  void whatNoSentinelKnowsIsSaid() {
    ScriptedRedis ignorant(naming(0));
    ScriptedRedis locked([](const ScriptedRedis::Words& command) {
      return command[0] == "INFO" ? ScriptedRedis::error("NOAUTH Authentication required.")
                                  : ScriptedRedis::as_usual(command);
    });
    RedisServer other;
    if (!other) QFAIL(other.error().c_str());
    const std::uint16_t nobody = test::free_port();
    ClientFixture client(nobody, by_sentinels({nobody, ignorant.port(), locked.port(), other.port()}));
    QVERIFY(client.loop.until([&] { return client.watch.downs() > 0; }));
    QCOMPARE(client.watch.fault(), Fault::no_auth);
    QCOMPARE(client.watch.why(), "no sentinel knows the master \"mymaster\": can't connect to " + at(nobody) +
                                     ": Connection refused; " + at(ignorant.port()) + " doesn't know it; " +
                                     at(locked.port()) +
                                     " wants a password, and none is configured for the sentinels; " +
                                     at(other.port()) + " is a Redis server and no sentinel");
    QVERIFY(client.ask({"PING"}).starts_with("not_connected: no sentinel knows"));
  }

  void aReplicaIsNotAMaster() {
    RedisServer master;
    RedisServer replica({"--replicaof", "127.0.0.1 " + std::to_string(master.port())});
    if (!master || !replica) QFAIL("no servers");
    ScriptedRedis sentinel(naming(replica.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.loop.until([&] { return client.watch.downs() > 0; }));
    QCOMPARE(client.watch.fault(), Fault::read_only);
    QCOMPARE(client.watch.why(),
             at(replica.port()) + " is a replica and not the master; the sentinels are asked again");
    QVERIFY(!client.usable());
    sentinel.say(naming(master.port()));
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.watch.facts().address, at(master.port()));
  }

  void aFailoverIsFollowed() {
    RedisServer first, second;
    if (!first || !second) QFAIL("no servers");
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    first.kill();
    QVERIFY(client.loop.until([&] { return client.watch.downs() >= 2; }));
    QCOMPARE(client.watch.why(), "can't connect to " + at(first.port()) + ": Connection refused");
    sentinel.say(naming(second.port()));
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.watch.facts().address, at(second.port()));
    QCOMPARE(client.ask({"SET", "a", "b"}), std::string("none: OK"));
    QCOMPARE(second.command({"GET", "a"}), std::string("b"));
  }

  void withoutSentinelsTheKnownMasterIsUsed() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    auto sentinel = std::make_unique<ScriptedRedis>(naming(master.port()));
    ClientFixture client(sentinel->port(), by_sentinels({sentinel->port()}));
    QVERIFY(client.wait_until_usable());
    sentinel.reset();
    QCOMPARE(client.ask({"PING"}), std::string("none: PONG"));
    master.kill();
    QVERIFY(client.loop.until([&] { return client.watch.downs() > 0; }));
    QVERIFY(master.start_again());
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.watch.facts().address, at(master.port()));
  }

  void whatAReplicaSaysIsToldAndEndsTheConnection_data() {
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<QByteArray>("fault");
    QTest::newRow("read only") << QByteArray("READONLY You can't write against a read only replica.")
                               << QByteArray("read_only");
    QTest::newRow("no master") << QByteArray(
                                      "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set "
                                      "to 'no'.")
                               << QByteArray("master_down");
    QTest::newRow("blocked") << QByteArray("UNBLOCKED force unblock from blocking operation, instance state changed")
                             << QByteArray("try_again");
  }
  void whatAReplicaSaysIsToldAndEndsTheConnection() {
    QFETCH(QByteArray, refusal);
    QFETCH(QByteArray, fault);
    FallingMaster first(refusal.constData());
    FallingMaster second("");
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    sentinel.say(naming(second.port()));
    first.is_master = false;
    QCOMPARE(client.ask({"SET", "a", "b"}), fault.toStdString() + ": !" + refusal.toStdString());
    QVERIFY(client.loop.until([&] { return client.watch.facts().address == at(second.port()); }));
    QCOMPARE(client.watch.downs(), 1);
    QCOMPARE(client.watch.why(),
             at(first.port()) + " says " + refusal.toStdString() + "; the master is looked for again");
    QCOMPARE(client.ask({"SET", "a", "b"}), std::string("none: OK"));
  }

  void otherRefusalsLeaveTheConnectionAlone() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    master.command({"CONFIG", "SET", "min-replicas-to-write", "1"});
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.ask({"SET", "a", "b"}), std::string("master_down: !NOREPLICAS Not enough good replicas to write."));
    QCOMPARE(client.ask({"PING"}), std::string("none: PONG"));
    QCOMPARE(client.watch.downs(), 0);
    QCOMPARE(client.watch.refusals(), std::vector<std::string>{"NOREPLICAS Not enough good replicas to write."});
  }

  void whoIsMasterNoMoreIsLeftWhenTheClockIsLookedAt() {
    FallingMaster first(""), second("");
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.clock_period = 20ms;
    });
    QVERIFY(client.loop.until([&] { return client.watch.clocks() >= 3; }));
    QCOMPARE(client.watch.downs(), 0);
    first.is_master = false;
    QVERIFY(client.loop.until([&] { return client.watch.downs() > 0; }));
    QCOMPARE(client.watch.whys()[0], at(first.port()) + " is the master no more; another one is looked for");
    sentinel.say(naming(second.port()));
    QVERIFY(client.loop.until([&] { return client.watch.facts().address == at(second.port()); }));
  }

  /// So it is for ten seconds after a failover by order, at the old master.
  void aMasterThatAReplicaHasLeftIsNotBelieved() {
    std::atomic<bool> followed{true};
    ScriptedRedis first([&followed](const ScriptedRedis::Words& command) {
      if (command[0] != "ROLE") return ScriptedRedis::as_usual(command);
      const std::string one = ScriptedRedis::texts({"127.0.0.1", "7001", "5"});
      const std::string other = ScriptedRedis::texts({"127.0.0.1", "7002", "5"});
      return ScriptedRedis::array({ScriptedRedis::text("master"), ":5\r\n",
                                   followed ? ScriptedRedis::array({one, other}) : ScriptedRedis::array({other})});
    });
    FallingMaster second("");
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    const auto believed = [&client] {
      std::optional<bool> told;
      client.loop.run([&] { client->confirm_absence(2s, [&told](bool proved) { told = proved; }); });
      return client.loop.until([&] { return told.has_value(); }) && *told;
    };
    QVERIFY(believed());
    QVERIFY(believed());
    followed = false;
    QVERIFY(!believed());
    QVERIFY(!believed());
    QCOMPARE(client.watch.downs(), 0);
    sentinel.say(naming(second.port()));
    QVERIFY(client.loop.until([&] { return client.watch.facts().address == at(second.port()); }));
  }

  void aMasterThatSleptThroughItsFailoverIsLeft() {
    RedisServer first, second;
    if (!first || !second) QFAIL("no servers");
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.silence_limit = 60s;  // not why it is left here
    });
    QVERIFY(client.wait_until_usable());
    first.pause();
    // Nobody asks it anything, and yet its silence is noticed.
    QVERIFY(client.loop.until([&] { return client.watch.breaker() != redis::BreakerState::closed; }));
    sentinel.say(naming(second.port()));
    first.resume();
    QVERIFY(client.wait_until_usable());
    // It says that it is the master, and is never asked for anything.
    QCOMPARE(client.watch.facts().address, at(second.port()));
    QCOMPARE(client.watch.why(),
             "the sentinels name the master " + at(second.port()) + " in place of " + at(first.port()));
    QCOMPARE(client.watch.downs(), 1);
  }

  void aMasterThatSleptThroughItsGreetingIsNotBelieved() {
    RedisServer first, second;
    if (!first || !second) QFAIL("no servers");
    first.pause();
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.connect_timeout = 60s;
      options.drop_on_timeout = true;  // the feed's too
    });
    // Asked twice more: the greeting waits for long by now.
    QVERIFY(client.loop.until([&] { return sentinel.connections() >= 3; }));
    QCOMPARE(client.watch.downs(), 0);
    sentinel.say(naming(second.port()));
    first.resume();
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.watch.facts().address, at(second.port()));
    QCOMPARE(client.watch.ups(), 1);
    QCOMPARE(client.watch.why(),
             "the sentinels name the master " + at(second.port()) + " in place of " + at(first.port()));
  }

  void aMasterThatStaysSilentIsLeftAsSoonAsTheSentinelsNameAnother_data() {
    QTest::addColumn<bool>("was_used");
    QTest::newRow("in its greeting") << false;
    QTest::newRow("while it is used") << true;
  }
  void aMasterThatStaysSilentIsLeftAsSoonAsTheSentinelsNameAnother() {
    QFETCH(bool, was_used);
    RedisServer first, second;
    if (!first || !second) QFAIL("no servers");
    ScriptedRedis sentinel(naming(first.port()));
    if (!was_used) first.pause();
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.connect_timeout = options.silence_limit = 60s;  // not why it is left here
    });
    if (was_used) {
      QVERIFY(client.wait_until_usable());
      first.pause();
    }
    const int asked = sentinel.connections();
    QVERIFY(client.loop.until([&] { return sentinel.connections() >= asked + 2 && !client->usable(); }));
    QCOMPARE(client.watch.downs(), 0);
    sentinel.say(naming(second.port()));
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.watch.facts().address, at(second.port()));
    QCOMPARE(client.watch.why(),
             "the sentinels name the master " + at(second.port()) + " in place of " + at(first.port()));
  }

  void aSlowGreetingHasTimeWhileAllSentinelsAreSilent() {
    std::atomic<bool> slow{false};
    ScriptedRedis master([&slow](const ScriptedRedis::Words& command) {
      if (command[0] == "ROLE" && slow) std::this_thread::sleep_for(350ms);
      return ScriptedRedis::as_usual(command);
    });
    ScriptedRedis mute(silent()), second(silent()), third(silent());
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port(), mute.port(), second.port(), third.port()})(options);
      options.seed_timeout = 100ms;
      options.connect_timeout = 600ms;  // less than the greeting and all sentinels take
    });
    QVERIFY(client.wait_until_usable());
    slow = true;
    sentinel.say(silent());
    client.loop.run([&] { client.restart(); });
    QVERIFY(client.wait_until_usable());
  }

  void whoIsToldThatTheMasterIsElsewhereLooksAtOnce() {
    FallingMaster master("");
    ScriptedRedis sentinel(naming(test::free_port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.backoff_base = options.backoff_cap = std::chrono::hours(100);
    });
    QVERIFY(client.loop.until([&] { return client.watch.downs() > 0; }));
    sentinel.say(naming(master.port()));
    client.loop.run([&] { client->look_again(); });
    QVERIFY(client.wait_until_usable());
    const int asked = sentinel.connections();
    client.loop.run([&] { client->look_again(); });
    QVERIFY(client.loop.until([&] { return sentinel.connections() > asked; }));
    QCOMPARE(client.watch.downs(), 1);
  }

  void aMasterThatIsSlowIsUsedAllTheSame() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    master.pause();
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.connect_timeout = 60s;
    });
    QVERIFY(!client.loop.until([&] { return client->usable(); }, 500ms));
    master.resume();
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.watch.downs(), 0);
    QCOMPARE(client.ask({"PING"}), std::string("none: PONG"));
  }

  void aMasterThatWasSilentAndIsStillTheMasterIsKept() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.silence_limit = 60s;
    });
    QVERIFY(client.wait_until_usable());
    const int asked = sentinel.connections();
    master.pause();
    QVERIFY(client.loop.until([&] { return client.watch.breaker() != redis::BreakerState::closed; }));
    master.resume();
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.ask({"PING"}), std::string("none: PONG"));
    QCOMPARE(client.watch.downs(), 0);
    QVERIFY(sentinel.connections() > asked);
  }

  void aMasterOnTheWrongSideOfASplitIsLeft() {
    RedisServer first, second;
    if (!first || !second) QFAIL("no servers");
    first.command({"CONFIG", "SET", "min-replicas-to-write", "1"});
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    sentinel.say(naming(second.port()));
    QVERIFY(client.ask({"SET", "a", "b"}).starts_with("master_down: !NOREPLICAS"));
    QVERIFY(client.loop.until([&] { return client.watch.facts().address == at(second.port()); }));
    QCOMPARE(client.watch.downs(), 1);
  }

  void theSentinelsAreAskedAgainNowAndThen() {
    RedisServer first, second;
    if (!first || !second) QFAIL("no servers");
    ScriptedRedis sentinel(naming(first.port()));
    ClientFixture client(sentinel.port(), by_sentinels({sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    const int asked = sentinel.connections();
    QVERIFY(client.loop.until([&] { return sentinel.connections() >= asked + 2; }));
    QCOMPARE(client.watch.downs(), 0);
    sentinel.say(naming(second.port()));  // the first one goes on as if nothing had happened
    QVERIFY(client.loop.until([&] { return client.watch.facts().address == at(second.port()); }));
    QCOMPARE(client.watch.why(),
             "the sentinels name the master " + at(second.port()) + " in place of " + at(first.port()));
  }

  void aSentinelThatNamesADeadMasterDoesNotHoldTheOthersBack() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    ScriptedRedis cut_off(naming(test::free_port()));
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), by_sentinels({cut_off.port(), sentinel.port()}));
    QVERIFY(client.wait_until_usable());
    QCOMPARE(cut_off.connections(), 1);
  }

  void roleNeedsARightOfItsOwn() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    master.command({"ACL", "SETUSER", "app", "on", ">secret-two", "~*", "+@all", "-role"});
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.username = "app";
      options.password = Secret("secret-two");
    });
    QVERIFY(client.loop.until([&] { return client.watch.downs() > 0; }));
    QCOMPARE(client.watch.fault(), Fault::no_permission);
    QCOMPARE(client.watch.why(), at(master.port()) + " forbids ROLE of user app, which Sentinel needs");
  }

  void whatTheServerForbidsIsTold() {
    RedisServer server;
    if (!server) QFAIL(server.error().c_str());
    server.command({"ACL", "SETUSER", "app", "on", ">secret-two", "~*", "+@all", "-xread", "-client|setname"});
    ClientFixture client(server.port(), [](redis::Options& options) {
      options.username = "app";
      options.password = Secret("secret-two");
      options.client_name = "me";
    });
    QVERIFY(client.wait_until_usable());
    QVERIFY(client.ask({"XREAD", "STREAMS", "a", "0"}).starts_with("no_permission: !NOPERM"));
    const std::vector<std::string> told{"NOPERM this user has no permissions to run the 'client|setname' command",
                                        "NOPERM this user has no permissions to run the 'xread' command"};
    QCOMPARE(client.watch.refusals(), told);
    QCOMPARE(client.ask({"LPUSH", "a", "b"}), std::string("none: 1"));
    QVERIFY(client.ask({"GET", "a"}).starts_with("none: !WRONGTYPE"));  // not the server's failure
    QCOMPARE(client.watch.refusals().size(), std::size_t{2});
  }

  void whatIsForbiddenToTheClientItselfIsToldToo() {
    RedisServer master;
    if (!master) QFAIL(master.error().c_str());
    master.command({"ACL", "SETUSER", "app", "on", ">secret-two", "~*", "+@all", "-ping"});
    ScriptedRedis sentinel(naming(master.port()));
    ClientFixture client(sentinel.port(), [&](redis::Options& options) {
      by_sentinels({sentinel.port()})(options);
      options.username = "app";
      options.password = Secret("secret-two");
    });
    QVERIFY(client.loop.until([&] { return !client.watch.refusals().empty(); }));
    QCOMPARE(client.watch.refusals()[0], std::string("NOPERM this user has no permissions to run the 'ping' command"));
    QVERIFY(client.usable());
  }

  void itMayEndWhileItLooks() {
    ScriptedRedis mute(silent());
    for (int i = 0; i < 3; ++i) {
      ClientFixture client(mute.port(), by_sentinels({mute.port()}));
      const int before = mute.connections();
      QVERIFY(client.loop.until([&] { return mute.connections() >= before; }));
      client.loop.run([&] { client.restart(); });
      QVERIFY(!client.usable());
      client.loop.run([&] { client.drop(); });
    }
    QVERIFY(mute.connections() <= 6);
  }
};

QTEST_GUILESS_MAIN(SentinelClientTest)
#include "sentinel_client_test.moc"
