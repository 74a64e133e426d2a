// When servers are asked how they are, and what is known while they don't answer.
#include <QTest>
#include <deque>
#include <utility>

#include "server/redis_survey.h"
#include "support/fake_redis_client.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;

namespace {

/// Questions to all masters wait until the test answers them.
class FakeServers final : public redis::LoopClient {
 public:
  void start() override {}
  void stop() override {}
  using Client::ask;
  void ask(redis::Request, std::chrono::milliseconds, Handler) override {}
  void ask_patiently(redis::Request, std::chrono::milliseconds, Handler, Handler) override {}
  void ask_each(redis::Request, std::chrono::milliseconds, EachHandler handler) override {
    ++questions;
    handler_.emplace(std::move(handler));
  }
  [[nodiscard]] bool usable() const noexcept override { return up; }
  [[nodiscard]] std::optional<WallTime> time(Instant) const noexcept override { return std::nullopt; }

  void answer(const std::vector<Value>& values, redis::Fault fault = redis::Fault::none, const char* error = "") {
    std::deque<std::vector<redis::Reply>> pool;
    redis::Answer answer;
    answer.fault = fault;
    answer.error = error;
    if (!values.empty()) answer.replies = Value::replies(values, pool);
    const redis::NodeAnswer one{"127.0.0.1:6379", answer};
    EachHandler handler = std::move(*handler_);
    handler_.reset();
    handler(std::span(&one, 1));
  }
  void answer_well(int keys) {
    answer({"role:master\r\nconnected_slaves:2\r\ndb0:keys=" + std::to_string(keys) + ",expires=0\r\n", Value(0),
            Value::array({})});
  }

  bool up = true;
  int questions = 0;

 private:
  std::optional<EachHandler> handler_;
};

struct Fixture {
  boost::asio::io_context io;
  ManualClock clock;
  SystemRandom random;
  FakeServers servers;
  server::RedisSurvey survey{io, servers, redis::Options(), clock, random};

  /// Ticks as often as an instance does; every question is answered at once.
  int questions_in(std::chrono::milliseconds time, bool somebody_looks) {
    const int before = servers.questions;
    for (auto passed = 0ms; passed < time; passed += 100ms) {
      clock.advance(100ms);
      if (somebody_looks) (void)survey.look();
      const int asked = servers.questions;
      survey.tick();
      if (servers.questions > asked) servers.answer_well(1);
    }
    return servers.questions - before;
  }
};

}  // namespace

class TestRedisSurvey : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void askedEverySecondWhileSomebodyLooksElseEveryTen() {
    Fixture all;
    QCOMPARE(all.questions_in(30s, true), 30);
    (void)all.questions_in(5s, false);  // interest lasts a little
    QCOMPARE(all.questions_in(40s, false), 4);
    (void)all.survey.look();
    QCOMPARE(all.questions_in(1s, false), 1);
  }

  void atOnceWhenItIsOld() {
    Fixture all;
    (void)all.questions_in(15s, false);
    all.survey.hurry();
    QCOMPARE(all.questions_in(200ms, false), 1);
  }

  void nothingIsKnownAtFirst() {
    Fixture all;
    const auto found = all.survey.look();
    QVERIFY(!found.age && !found.servers.health && found.servers.nodes.empty() && found.sentinels.empty());
  }

  void whatWasLearntLastIsKeptWithItsAge() {
    Fixture all;
    all.survey.tick();
    all.servers.answer_well(5);
    all.clock.advance(700ms);
    auto found = all.survey.look();
    QCOMPARE(found.servers.health->keys, 5);
    QCOMPARE(found.servers.fewest_replicas.value_or(-1), 2);
    QCOMPARE(found.age->count(), 700);
    // It is asked, and doesn't answer; then it can't even be asked.
    all.clock.advance(300ms);
    all.survey.tick();
    all.servers.answer({}, redis::Fault::timed_out, "127.0.0.1:6379 doesn't answer");
    all.servers.up = false;
    QCOMPARE(all.questions_in(9s, true), 0);
    found = all.survey.look();
    QCOMPARE(found.servers.health->keys, 5);
    QCOMPARE(found.age->count(), 10'000);
    all.servers.up = true;
    QCOMPARE(all.questions_in(100ms, false), 1);
    QCOMPARE(all.survey.look().servers.health->keys, 1);
  }

  void oneQuestionAtATime() {
    Fixture all;
    all.survey.tick();
    all.clock.advance(20s);
    all.survey.hurry();
    all.survey.tick();
    QCOMPARE(all.servers.questions, 1);
    all.servers.answer_well(1);
    all.survey.tick();
    QCOMPARE(all.servers.questions, 2);
  }

  void aRefusalIsToldUntilItIsOver() {
    Fixture all;
    const char* words = "NOPERM this user has no permissions to run the 'slowlog|len' command";
    all.survey.tick();
    all.servers.answer({"role:master\r\n", Value::error(words), Value::error(words)}, redis::Fault::no_permission,
                       words);
    QCOMPARE(all.survey.look().refusals.unavailable, std::string(words));
    QCOMPARE(all.survey.look().refusals.refused, std::string());
    QVERIFY(all.survey.look().servers.health);
    all.clock.advance(10s);
    all.survey.tick();
    all.servers.answer_well(1);
    QCOMPARE(all.survey.look().refusals.unavailable, std::string());
  }
};

QTEST_GUILESS_MAIN(TestRedisSurvey)
#include "test_redis_survey.moc"
