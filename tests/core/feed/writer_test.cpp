// How events and revocations are written.
#include <QTest>

#include "feed/writer.h"

#include "feed_listener.h"
#include "support/fake_redis_client.h"

using namespace vx11;
using namespace vx11::test;

namespace {

struct Fixture {
  SeededRandom random{1};
  FakeRedisClient redis;
  feed::Writer writer{redis, random, feed::Keys("vx11:"), "me"};
  std::vector<std::string> published;  ///< ids; "failed"

  void publish(const std::string& name, const std::string& data) {
    writer.publish(name, data, [this](const feed::Writer::Published& result) {
      published.push_back(result.ok ? result.id : "failed" + result.id);
    });
  }
};

const std::string xadd = "XADD {vx11:operator}:events NOMKSTREAM MAXLEN ~ 10000 * event ";
const std::string hget = " | HGET {vx11:operator}:key epoch";
const Value joined = Value::array({"e2e2e2e2", std::string(64, 'a'), "9-0", "9-0", "9-0"});

}  // namespace

class WriterTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void publishesInOneRoundTrip() {
    Fixture f;
    f.publish("news", "{\"a\": 1}\r\n");
    f.publish("more", "2");
    QCOMPARE(f.redis.next(), xadd + "news data {\"a\": 1}\r\n by me" + hget);
    f.redis.answer({"7-0", "e1e1e1e1"});
    f.redis.answer({"7-1", "e1e1e1e1"});
    QCOMPARE(f.published, (std::vector<std::string>{"e1e1e1e1.7-0", "e1e1e1e1.7-1"}));
  }

  void makesTheStreamOnce() {
    Fixture f;
    f.publish("news", "1");
    f.redis.answer({Value::nil(), Value::nil()});
    QVERIFY(f.redis.next().starts_with("EVAL"));
    f.redis.answer({joined});
    QCOMPARE(f.redis.next(), xadd + "news data 1 by me" + hget);
    f.redis.answer({"9-1", "e2e2e2e2"});
    QCOMPARE(f.published, (std::vector<std::string>{"e2e2e2e2.9-1"}));
    f.publish("news", "2");
    f.redis.answer({Value::nil(), Value::nil()});
    f.redis.answer({joined});
    f.redis.answer({Value::nil(), Value::nil()});  // gone again: that's enough
    QCOMPARE(f.published.back(), std::string("failed"));
    QVERIFY(f.redis.asked.empty());
  }

  void anEventAfterWhichTheEpochWasMissing() {
    Fixture f;
    f.publish("news", "1");
    f.redis.answer({"7-0", "e1e1e1e1"});
    f.publish("news", "2");
    f.redis.answer({"8-0", Value::nil()});
    QVERIFY(f.redis.next().starts_with("EVAL"));
    f.redis.answer({joined});
    QCOMPARE(f.published.back(), std::string("e1e1e1e1.8-0"));
  }

  void saysWhenRedisFails_data() {
    QTest::addColumn<QString>("error");
    QTest::newRow("out of memory") << "OOM command not allowed";
    QTest::newRow("wrong type") << "WRONGTYPE Operation against";
    QTest::newRow("no answer") << "";
  }
  void saysWhenRedisFails() {
    QFETCH(QString, error);
    Fixture f;
    f.publish("news", "1");
    if (error.isEmpty()) {
      f.redis.fail(redis::Fault::timed_out);
    } else {
      f.redis.answer({Value::error(error.toStdString()), "e1e1e1e1"});
    }
    QCOMPARE(f.published, (std::vector<std::string>{"failed"}));
  }

  void saysWhenTheStreamCantBeMade() {
    Fixture f;
    f.publish("news", "1");
    f.redis.answer({Value::nil(), Value::nil()});
    f.redis.answer({Value::error("WRONGTYPE {vx11:operator}:key holds a string instead of a hash")});
    QCOMPARE(f.published, (std::vector<std::string>{"failed"}));
  }

  void writesRevocations() {
    std::vector<Revocation> revocations{revoked(1, 1000, 61'000)};
    revocations.push_back({Revocation::Kind::before, {}, 0, at_ms(2000), at_ms(3000), "x"});
    revocations.push_back({Revocation::Kind::principal, {}, 0xff2a, at_ms(2000), at_ms(3000), "y"});
    redis::Request request{"DEL", "k"};
    feed::add_revocations(request, feed::Keys("p:"), revocations, at_ms(700));
    QCOMPARE(request.commands(), 4U);
    FakeRedisClient redis;
    redis.ask(std::move(request), [](const redis::Answer&) {});
    const std::string start = " | XADD {p:operator}:feed MINID ~ 700 * kind ";
    QCOMPARE(redis.next(), "DEL k" + start + "token id 00000000000000000000000000000001 at 1000 exp 61000 by a" +
                               start + "before at 2000 exp 3000 by x" + start +
                               "principal id 0000ff2a at 2000 exp 3000 by y");
  }
};

QTEST_GUILESS_MAIN(WriterTest)
#include "writer_test.moc"
