// A cluster asked straight from here: its nodes, its state and its sums; and a walk over the tokens of all its masters.
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include "cluster/direct_redis.h"
#include "support/needs_processes.h"
#include "support/redis_cluster.h"

using namespace vx11::cluster;
using vx11::test::RedisCluster;

namespace {

constexpr int patienceMs = 30'000, tokens = 120;

}  // namespace

class DirectRedisTest : public QObject {
  Q_OBJECT
  vx11::SystemClock clock_;
  vx11::SystemRandom random_;
  std::unique_ptr<RedisCluster> cluster_;

  [[nodiscard]] std::unique_ptr<DirectRedis> open(const QString& url) {
    auto opened = DirectRedis::open({url, {}, {}}, clock_, random_);
    return opened.has_value() ? *std::move(opened) : nullptr;
  }
  /// Asks until an answer is as wanted.
  static bool told(DirectRedis& redis, const std::function<bool(const RedisInfo&)>& wanted) {
    bool found = false;
    const auto connection = QObject::connect(&redis, &DirectRedis::answered, &redis, [&](const RedisInfo& info) {
      found = found || wanted(info);
      if (!found) redis.ask();
    });
    const auto again = QObject::connect(&redis, &DirectRedis::failed, &redis, [&] { redis.ask(); });
    redis.ask();
    const bool came = QTest::qWaitFor([&] { return found; }, patienceMs);
    QObject::disconnect(connection);
    QObject::disconnect(again);
    return came;
  }

 private Q_SLOTS:
  void initTestCase() {
    VX11_NEEDS_PROCESSES();
    cluster_ = std::make_unique<RedisCluster>(3, true);
    if (!*cluster_) QSKIP(cluster_->error().c_str());
  }
  void cleanupTestCase() { cluster_.reset(); }

  void tellsItsNodesAndItsState() {
    const QString url =
        QStringLiteral("redis+cluster://%1,%2")
            .arg(QString::fromStdString(cluster_->address(0)), QString::fromStdString(cluster_->address(1)));
    const auto redis = open(url);
    QVERIFY(redis != nullptr);
    RedisInfo info;
    QVERIFY(told(*redis, [&](const RedisInfo& came) {
      info = came;
      return came.servers.nodes.size() == 6;
    }));
    QVERIFY(info.servers.topology == RedisServers::Topology::Cluster);
    QVERIFY(info.servers.state && info.servers.state->state == QStringLiteral("ok"));
    QCOMPARE(info.servers.state->slotsOk, 16'384);
    QStringList slots;
    for (const RedisNode& node : info.servers.nodes) {
      if (!node.isReplica()) slots << node.slotRanges;
      QCOMPARE(node.state, QStringLiteral("online"));
    }
    slots.sort();
    QCOMPARE(slots,
             (QStringList{QStringLiteral("0-5460"), QStringLiteral("10922-16383"), QStringLiteral("5461-10921")}));
    QVERIFY(info.roundTripMs.has_value() && info.usedMemory.value_or(0) > 0);
    QVERIFY2(info.address.contains(QString::fromStdString(cluster_->address(0))), qPrintable(info.address));
    QCOMPARE(info.servers.failovers, 0);
  }

  void walksOverTheTokensOfAllItsMasters() {
    QSet<QString> wanted;
    for (int i = 0; i < tokens; ++i) {
      const std::string text =
          QStringLiteral("%1-0000-4000-8000-000000000000").arg(i, 8, 16, QLatin1Char('0')).toStdString();
      const std::string key = "vx11:ephemeral_token:" + text;
      // Each where it belongs: the others answer MOVED.
      for (std::size_t master = 0; master < 3; ++master) (*cluster_)[master].command({"SET", key, "1", "EX", "50"});
      wanted.insert(QString::fromStdString(text).left(4));
    }
    const auto redis = open(QStringLiteral("redis+cluster://%1").arg(QString::fromStdString(cluster_->address(2))));
    QVERIFY(redis != nullptr && told(*redis, [](const RedisInfo&) { return true; }));
    QSet<QByteArray> found;
    int steps = 0;
    bool ended = false, refused = false;
    connect(redis.get(), &DirectRedis::listed, this, [&](const DirectRedis::Page& page) {
      ++steps;
      for (const auto& token : page.tokens)
        found.insert(QByteArray(reinterpret_cast<const char*>(token.id.bytes.data()), std::ssize(token.id.bytes)));
      ended = page.cursor == "0";
      if (!ended) redis->askForTokens(QStringLiteral("vx11:"), page.cursor);
    });
    connect(redis.get(), &DirectRedis::notListed, this, [&] { refused = true; });
    redis->askForTokens(QStringLiteral("vx11:"), "0");
    QVERIFY(QTest::qWaitFor([&] { return ended || refused; }, patienceMs));
    QVERIFY(!refused);
    QCOMPARE(found.size(), tokens);
    QVERIFY(steps >= 3);
  }

  void saysWhyANameIsNone() {
    const auto redis = open(QStringLiteral("redis+cluster://127.0.0.1:%1").arg(vx11::test::free_port()));
    QSignalSpy failed(redis.get(), &DirectRedis::failed);
    redis->ask();
    QTRY_VERIFY_WITH_TIMEOUT(!failed.isEmpty(), patienceMs);
    const QString sentence = failed.at(0).at(0).toString();
    QVERIFY2(sentence.contains(QStringLiteral("127.0.0.1:")), qPrintable(sentence));
    const auto wrong = DirectRedis::open({QStringLiteral("redis+cluster://a/3"), {}, {}}, clock_, random_);
    QVERIFY(wrong.has_error());
    QVERIFY2(wrong.error().contains(QStringLiteral("database 0 only")), qPrintable(wrong.error()));
  }
};

QTEST_GUILESS_MAIN(DirectRedisTest)
#include "direct_redis_test.moc"
