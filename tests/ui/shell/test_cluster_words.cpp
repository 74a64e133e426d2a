// The few words of toolbar and status bar: unknown is never zero, and a sum drops who doesn't answer.
#include <QTest>

#include "core/cluster/fake_cluster.h"
#include "shell/cluster_words.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::InstanceInfo;
using cluster::InstanceState;
using cluster::testing::FakeCluster;
using cluster::testing::makeRow;

namespace {

InstanceInfo instance(InstanceState state, std::optional<qint64> live = {}) {
  InstanceInfo info;
  info.id = QStringLiteral("local");
  info.state = state;
  info.liveTokens = live;
  return info;
}

}  // namespace

class TestClusterWords : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void connection_data() {
    QTest::addColumn<QList<InstanceInfo>>("instances");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("mark");
    using State = InstanceState;
    const auto row = [](const char* name, const QList<State>& states, const char* text, Mark mark) {
      QList<InstanceInfo> list;
      for (const State state : states) list.append(instance(state));
      QTest::newRow(name) << list << QString::fromLatin1(text) << static_cast<int>(mark);
    };
    row("none yet", {}, "Starting", Mark::Starting);
    row("live", {State::Live}, "Connected, 1 of 1", Mark::Live);
    row("starting", {State::Starting}, "Starting", Mark::Starting);
    row("away", {State::Unreachable}, "Unreachable", Mark::Unreachable);
    row("draining", {State::Draining}, "1 of 1", Mark::Draining);
    row("one of two away", {State::Live, State::Unreachable}, "1 of 2", Mark::Unreachable);
    row("all live", {State::Live, State::Live, State::Live}, "Connected, 3 of 3", Mark::Live);
  }
  void connection() {
    QFETCH(QList<InstanceInfo>, instances);
    const auto condition = words::connection(instances);
    QTEST(condition.text, "text");
    QTEST(static_cast<int>(condition.mark), "mark");
  }

  void severalSayHowManyAnswer() {
    using State = InstanceState;
    QCOMPARE(words::instances({instance(State::Live), instance(State::Live)}).text, QStringLiteral("2 instances"));
    const auto two = words::instances({instance(State::Live), instance(State::Unreachable), instance(State::Live)});
    QCOMPARE(two.text, QStringLiteral("2 of 3 instances"));
    QCOMPARE(two.mark, Mark::Unreachable);
    QCOMPARE(words::instances({instance(State::Live)}).text, QStringLiteral("local"));
  }

  void redisStandsBesideTheConnection() {
    FakeCluster cluster;
    cluster.setNow(1'000'000);
    for (int i = 0; i < 3; ++i) cluster.addInstance(instance(InstanceState::Degraded));
    for (int i = 0; i < 3; ++i) {
      InstanceInfo info = cluster.instances()[i];
      info.reason = QStringLiteral("redis_down");
      cluster.setInstance(info);
    }
    QVERIFY(!words::redis(cluster));
    cluster::RedisInfo redis;
    redis.configured = true;
    cluster.setRedis(redis);
    QVERIFY(!words::redis(cluster));  // unknown is nothing to shout about
    redis.up = false;
    redis.answeredAt = 1'000'000 - 12'000;
    cluster.setRedis(redis);
    QCOMPARE(words::redis(cluster)->text, QStringLiteral("Redis down 12 s"));
    QCOMPARE(words::redis(cluster)->mark, Mark::Unreachable);
    QCOMPARE(words::connection(cluster.instances()).text, QStringLiteral("3 of 3"));
    QCOMPARE(words::connection(cluster.instances()).mark, Mark::Live);
    redis.up = true;
    redis.policy = QStringLiteral("allkeys-lru");
    cluster.setRedis(redis);
    QCOMPARE(words::redis(cluster)->text, QStringLiteral("Redis warning"));
  }

  void unknownIsNotZero() {
    const auto words = [](const QList<InstanceInfo>& instances) {
      FakeCluster cluster;
      cluster.fakeTokens().setUpdatedAt(-1);  // nobody lists
      for (const InstanceInfo& one : instances) cluster.addInstance(one);
      return words::tokens(cluster);
    };
    QCOMPARE(words({instance(InstanceState::Live)}), QStringLiteral("unknown tokens"));
    QCOMPARE(words({instance(InstanceState::Live, 0)}), QStringLiteral("0 tokens"));
    QCOMPARE(words({instance(InstanceState::Live, 1)}), QStringLiteral("1 token"));
    QCOMPARE(words({instance(InstanceState::Live, 4318)}), QLocale().toString(4318) + QStringLiteral(" tokens"));
    QCOMPARE(words({instance(InstanceState::Live, 2), instance(InstanceState::Unreachable, 7)}),
             QStringLiteral("2 tokens"));
  }

  void oneIsNotMany() {
    QCOMPARE(words::openStreams(1), QStringLiteral("1 open stream"));
    QCOMPARE(words::openStreams(2), QStringLiteral("2 open streams"));
    QCOMPARE(words::liveTokens(1), QStringLiteral("1 live token"));
    QCOMPARE(words::liveTokens(0), QStringLiteral("0 live tokens"));
    QCOMPARE(words::liveTokens(std::nullopt), QStringLiteral("unknown live tokens"));
  }

  /// As the Tokens page counts: the rows of one that doesn't answer live to their end.
  void asManyAsTheListHas() {
    FakeCluster cluster;
    cluster.addInstance(instance(InstanceState::Live, 2));
    cluster.addInstance(instance(InstanceState::Unreachable, 1));
    cluster.fakeTokens().add({makeRow(1), makeRow(2), makeRow(3)});
    QCOMPARE(words::tokens(cluster), QStringLiteral("3 tokens"));
  }
};

QTEST_GUILESS_MAIN(TestClusterWords)
#include "test_cluster_words.moc"
