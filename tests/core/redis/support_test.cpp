// What the tests of Redis stand on: a server that can be hurt, and a client without a server.
#include <QTest>
#include <string>

#include "support/fake_redis_client.h"
#include "support/loop_runner.h"
#include "support/redis_server.h"

using namespace vx11;

class SupportTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aServerAnswersAndStartsAgainEmpty() {
    test::RedisServer redis({"--requirepass", "p w"});
    if (!redis) QFAIL(redis.error().c_str());
    QCOMPARE(redis.command({"SET", "a", "b c"}), std::string("OK"));
    QCOMPARE(redis.command({"MGET", "a", "none"}), std::string("b c\n(nil)"));
    QVERIFY(redis.command({"NONSENSE"}).starts_with("-ERR"));
    redis.pause();
    QCOMPARE(test::RedisConsole(redis.port(), std::chrono::milliseconds(20)).command({"PING"}), std::string());
    redis.resume();
    redis.kill();
    QVERIFY(!test::RedisConsole(redis.port()).connected());
    QVERIFY(redis.start_again());
    QCOMPARE(redis.command({"GET", "a"}), std::string("(nil)"));
  }

  void aServerThatCannotStartSaysWhy() {
    test::RedisServer redis({"--no-such-option", "x"});
    QVERIFY(!redis);
    QVERIFY2(redis.error().find("no-such-option") != std::string::npos, redis.error().c_str());
  }

  void theFakeKeepsWordsAndGivesReplies() {
    test::FakeRedisClient client;
    redis::Request request{"GET", "a b"};
    request.add({"PTTL", ""});
    int calls = 0;
    client.ask(std::move(request), [&calls](const redis::Answer& answer) {
      ++calls;
      QCOMPARE(answer.fault, redis::Fault::none);
      QCOMPARE(answer.replies.size(), std::size_t{2});
      QCOMPARE(answer.replies[0].text, std::string_view("x"));
      QCOMPARE(answer.replies[1].elements()[1].integer, std::int64_t{7});
      QCOMPARE(answer.replies[1].elements()[2].elements()[0].text, std::string_view("deep"));
    });
    QCOMPARE(client.next(), std::string("GET a b | PTTL "));
    QVERIFY(client.answer({"x", test::Value::array({test::Value::nil(), 7, test::Value::array({"deep"})})}));
    QCOMPARE(calls, 1);
    redis::Fault fault = redis::Fault::none;
    const auto keep = [&fault](const redis::Answer& answer) { fault = answer.fault; };
    client.ask({"GET", "a"}, keep);
    client.answer({test::Value::error("LOADING Redis is loading the dataset in memory")});
    QCOMPARE(fault, redis::Fault::loading);
    client.ask({"GET", "a"}, keep);
    client.go_down();
    QCOMPARE(fault, redis::Fault::connection_lost);
    client.ask({"GET", "a"}, keep);
    QCOMPARE(fault, redis::Fault::not_connected);
    QVERIFY(!client.answer({}));
  }

  void theLoopAnswers() {
    test::LoopRunner loop;
    const auto here = std::this_thread::get_id();
    QVERIFY(loop.run([here] { return std::this_thread::get_id() != here; }));
    int times = 0;
    QVERIFY(loop.until([&times] { return ++times == 3; }));
    QVERIFY(!loop.until([] { return false; }, std::chrono::milliseconds(5)));
  }
};

QTEST_GUILESS_MAIN(SupportTest)
#include "support_test.moc"
