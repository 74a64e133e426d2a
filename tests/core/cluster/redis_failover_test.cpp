// One failover is one, whoever tells of it: instances notice it one after the other, and their clocks differ.
#include <QNetworkAccessManager>
#include <QSignalSpy>
#include <QTest>

#include "cluster/redis_monitor.h"
#include "core/cluster/scripted_server.h"

using namespace vx11::cluster;
using testing::ScriptedReply;
using testing::ScriptedRequest;
using testing::ScriptedServer;

namespace {

constexpr int patienceMs = 20'000;

struct Witness {
  qint64 failovers = 0, at = -1;
  QByteArray words;
  bool answers = true;
  QByteArray nodes = R"([{"address":"10.0.0.1:6379","role":"master","state":"online"}])";
  qint64 serversAgeMs = 0;

  [[nodiscard]] ScriptedReply reply() const {
    ScriptedReply reply;
    reply.status = answers ? 200 : 500;
    reply.body = R"({"configured":true,"up":true,"topology":"sentinel","address":"10.0.0.1:6379","failovers":)" +
                 QByteArray::number(failovers) + ",\"last_failover_at\":" + (at < 0 ? "null" : QByteArray::number(at)) +
                 ",\"last_failover\":\"" + words + "\",\"nodes\":" + nodes +
                 ",\"sentinels\":[],\"topology_age_ms\":" + QByteArray::number(serversAgeMs) +
                 R"(,"health_age_ms":0,"health":{"version":"7.0.15"}})";
    return reply;
  }
};

}  // namespace

class RedisFailoverTest : public QObject {
  Q_OBJECT
  Witness a_, b_;
  std::unique_ptr<ScriptedServer> servers_[2];
  QNetworkAccessManager control_, work_;
  std::unique_ptr<InstanceClient> clients_[2];
  QList<InstanceInfo> instances_;
  qint64 now_ = 1'000'000;
  std::unique_ptr<RedisMonitor> monitor_;
  std::unique_ptr<QSignalSpy> told_;

  /// One question more, and what it brings.
  bool ask() {
    now_ += 2'000;
    monitor_->pollNow();
    return QTest::qWaitFor([this] { return monitor_->info().answeredAt == now_; }, patienceMs);
  }
  [[nodiscard]] static qint64 secondsAgo(qint64 seconds) { return QDateTime::currentSecsSinceEpoch() - seconds; }

 private Q_SLOTS:
  void init() {
    a_ = b_ = {};
    servers_[0] = std::make_unique<ScriptedServer>([this](const ScriptedRequest&) { return a_.reply(); });
    servers_[1] = std::make_unique<ScriptedServer>([this](const ScriptedRequest&) { return b_.reply(); });
    instances_.clear();
    for (int slot = 0; slot < 2; ++slot) {
      clients_[slot] =
          std::make_unique<InstanceClient>(InstanceClient::Networks{control_, work_}, servers_[slot]->url(),
                                           vx11::Secret("principal-0123456789"), QStringLiteral("t"));
      InstanceInfo info;
      info.slot = slot;
      info.id = QString(QChar(u'a' + slot));
      info.state = InstanceState::Live;
      info.redisConfigured = true;
      instances_.append(info);
    }
    monitor_ = std::make_unique<RedisMonitor>(RedisMonitor::Surroundings{
        instances_, [this](int slot) { return clients_[slot].get(); }, [this] { return now_; }});
    told_ = std::make_unique<QSignalSpy>(monitor_.get(), &RedisMonitor::failedOver);
    for (int slot = 0; slot < 2; ++slot) {
      wire::RedisSummary summary;
      summary.seen.slot = slot;
      summary.seen.up = true;
      monitor_->see(slot, summary);
    }
  }
  void cleanup() {
    monitor_.reset();
    for (auto& client : clients_) client.reset();
    for (auto& server : servers_) server.reset();
  }

  void whatWasBeforeIsNoNews() {
    a_ = {3, secondsAgo(20), "x:1 to y:1"};
    QVERIFY(ask() && ask());
    QCOMPARE(monitor_->info().servers.failovers, 3);
    QCOMPARE(told_->size(), 0);
  }

  void oneIsToldOnce() {
    QVERIFY(ask());
    a_ = {1, secondsAgo(2), "x:1 to y:1"};
    QVERIFY(ask() && ask());
    QCOMPARE(told_->size(), 1);
    QCOMPARE(told_->at(0).at(0).toString(), QStringLiteral("x:1 to y:1"));
    // Another witness noticed it later, by a clock that runs ahead.
    b_ = {1, secondsAgo(-20), "x:1 to y:1"};
    a_.answers = false;
    QVERIFY(ask());
    QTRY_COMPARE_WITH_TIMEOUT(monitor_->info().sourceName, QStringLiteral("b"), patienceMs);
    QVERIFY(ask());
    QCOMPARE(told_->size(), 1);
  }

  void backAgainIsAnother() {
    QVERIFY(ask());
    a_ = {1, secondsAgo(9), "x:1 to y:1"};
    QVERIFY(ask());
    a_ = {2, secondsAgo(3), "y:1 to x:1"};
    QVERIFY(ask());
    QCOMPARE(told_->size(), 2);
  }

  void longAgoIsNoNewsOfANewWitness() {
    QVERIFY(ask());
    a_.answers = false;
    b_ = {1, secondsAgo(3600), "x:1 to y:1"};
    QVERIFY(ask());
    QTRY_COMPARE_WITH_TIMEOUT(monitor_->info().sourceName, QStringLiteral("b"), patienceMs);
    QCOMPARE(told_->size(), 0);
  }

  void serversSeenLaterAreNotTakenBack() {
    a_.nodes = R"([{"address":"new:1","role":"master","state":"online"}])";
    QVERIFY(ask());
    QCOMPARE(monitor_->info().servers.nodes.value(0).address, QStringLiteral("new:1"));
    const qint64 toldAt = monitor_->info().servers.toldAt;
    a_.nodes = R"([{"address":"old:1","role":"master","state":"online"}])";
    a_.serversAgeMs = 60'000;
    QVERIFY(ask());
    QCOMPARE(monitor_->info().servers.nodes.value(0).address, QStringLiteral("new:1"));
    QCOMPARE(monitor_->info().servers.toldAt, toldAt);
  }
};

QTEST_GUILESS_MAIN(RedisFailoverTest)
#include "redis_failover_test.moc"
