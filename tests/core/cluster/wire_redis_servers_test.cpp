// What an instance says of the servers behind Redis: read as it is, and nothing made of what is no value.
#include <QTest>

#include "cluster/wire.h"
#include "cluster/wire_redis.h"

using namespace vx11::cluster;

namespace {

RedisServers serversOf(const QByteArray& members) {
  const auto report = wire::parseRedis("{\"configured\":true,\"up\":true" + members + '}');
  return report ? report->info.servers : RedisServers{};
}

}  // namespace

class WireRedisServersTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSentinelGroup() {
    const auto report = wire::parseRedis(
        R"({"configured":true,"up":true,"topology":"sentinel","address":"10.0.0.1:6379","master_name":"mymaster",)"
        R"("failovers":2,"last_failover_at":1795000000.25,"last_failover":"10.0.0.2:6379 to 10.0.0.1:6379",)"
        R"("nodes":[{"id":"","address":"10.0.0.1:6379","role":"master","master":"","state":"online","link_up":true,)"
        R"("lag_bytes":null,"lag_s":null,"slots":"","used_memory":1468006,"ops_per_sec":58,"keys":428},)"
        R"({"id":"","address":"10.0.0.2:6379","role":"replica","master":"10.0.0.1:6379","state":"sync",)"
        R"("link_up":false,"lag_bytes":120,"lag_s":4,"slots":"","used_memory":null,"ops_per_sec":null,"keys":null}],)"
        R"("sentinels":[{"address":"10.0.0.9:26379","up":true,"error":"","master":"10.0.0.1:6379",)"
        R"("master_state":"ok","quorum":2,"other_sentinels":2,"replicas":1,"can_fail_over":true},)"
        R"({"address":"10.0.0.8:26379","up":false,"error":"connection refused","master":"","master_state":"",)"
        R"("quorum":null,"other_sentinels":null,"replicas":null,"can_fail_over":null}],)"
        R"("cluster":null,"topology_age_ms":340,"wait":2,"wait_shortfalls":7,"fewest_replicas":1,"partly":false,)"
        R"("refused":"NOPERM this user has no permissions to run the 'xread' command"})");
    QVERIFY(report.has_value());
    QCOMPARE(report->serversAgeMs, 340);
    const RedisServers& servers = report->info.servers;
    QVERIFY(servers.topology == RedisServers::Topology::Sentinel && servers.isGroup() && !servers.state);
    QCOMPARE(servers.masterName, QStringLiteral("mymaster"));
    QCOMPARE(servers.failovers, 2);
    QCOMPARE(servers.lastFailoverAt, 1'795'000'000);
    QCOMPARE(servers.lastFailover, QStringLiteral("10.0.0.2:6379 to 10.0.0.1:6379"));
    QCOMPARE(servers.waitShortfalls, 7);
    QVERIFY(servers.wait == 2 && servers.fewestReplicas == 1 && !servers.partly);
    QVERIFY(servers.refused.endsWith(QStringLiteral("'xread' command")));
    QCOMPARE(servers.nodes.size(), 2);
    QVERIFY(!servers.nodes[0].isReplica() && servers.nodes[1].isReplica());
    QVERIFY(!servers.nodes[0].lagSec && servers.nodes[0].keys == 428 && servers.nodes[0].linkUp == true);
    QVERIFY(servers.nodes[1].lagSec == 4 && servers.nodes[1].lagBytes == 120 && servers.nodes[1].linkUp == false);
    QVERIFY(!servers.nodes[1].keys && servers.nodes[1].master == servers.nodes[0].address);
    QCOMPARE(servers.sentinels.size(), 2);
    QVERIFY(servers.sentinels[0].up && servers.sentinels[0].quorum == 2 && servers.sentinels[0].canFailOver == true);
    QVERIFY(!servers.sentinels[1].up && !servers.sentinels[1].quorum && !servers.sentinels[1].canFailOver);
    QCOMPARE(servers.sentinels[1].error, QStringLiteral("connection refused"));
  }

  void aCluster() {
    const RedisServers servers =
        serversOf(R"(,"topology":"cluster","nodes":[{"id":"ab12","address":"10.0.0.1:7000","role":"master",)"
                  R"("slots":"0-5460 10923-11000"}],"cluster":{"state":"fail","slots_assigned":16384,"slots_ok":10923,)"
                  R"("slots_failing":5461,"known_nodes":6,"size":3,"epoch":9})");
    QVERIFY(servers.topology == RedisServers::Topology::Cluster && servers.sentinels.isEmpty());
    QCOMPARE(servers.nodes.value(0).slotRanges, QStringLiteral("0-5460 10923-11000"));
    QVERIFY(servers.state.has_value());
    QCOMPARE(servers.state->state, QStringLiteral("fail"));
    QVERIFY(servers.state->slotsOk == 10'923 && servers.state->slotsFailing == 5'461 && servers.state->epoch == 9);
    QCOMPARE(servers.lastFailoverAt, -1);
    QVERIFY(!servers.failovers);  // nobody counted: unknown is not zero
  }

  void whatIsNoValueIsUnknown_data() {
    QTest::addColumn<QByteArray>("members");
    QTest::newRow("of an older instance") << QByteArray();
    QTest::newRow("null") << QByteArray(R"(,"topology":null,"nodes":null,"sentinels":null,"cluster":null)");
    QTest::newRow("of another kind") << QByteArray(R"(,"topology":3,"nodes":{"a":1},"sentinels":"x","cluster":[1])");
    QTest::newRow("another topology") << QByteArray(R"(,"topology":"ring","nodes":[7,null,"x",{}],"failovers":-1)");
    QTest::newRow("without addresses") << QByteArray(R"(,"nodes":[{"role":"master"}],"sentinels":[{"up":true}])");
  }
  void whatIsNoValueIsUnknown() {
    QFETCH(QByteArray, members);
    const RedisServers servers = serversOf(members);
    QVERIFY(servers.topology == RedisServers::Topology::Unknown && !servers.isGroup());
    QVERIFY(servers.nodes.isEmpty() && servers.sentinels.isEmpty() && !servers.state && !servers.failovers);
    QVERIFY(servers.lastFailoverAt == -1 && !servers.waitShortfalls && !servers.wait && !servers.fewestReplicas);
    QVERIFY(servers.refused.isEmpty() && !servers.partly);
  }

  void aFloodIsCutOff() {
    QByteArray nodes, sentinels;
    for (int i = 0; i < 3000; ++i) {
      const QByteArray address = "\"h" + QByteArray::number(i) + '"';
      const QByteArray one = "{\"address\":" + address + ",\"error\":\"" + QByteArray(5000, 'x') + "\"}";
      nodes += (i == 0 ? "" : ",") + one;
      if (i < 200) sentinels += (i == 0 ? "" : ",") + one;
    }
    const RedisServers servers = serversOf(",\"nodes\":[" + nodes + "],\"sentinels\":[" + sentinels + ']');
    QCOMPARE(servers.nodes.size(), 1000);
    QCOMPARE(servers.sentinels.size(), 100);
    QCOMPARE(servers.sentinels[0].error.size(), 300);
  }

  void aFailoverIsToldByTheWatch() {
    const auto event = wire::parseWatchEvent("failover", R"({"from":"a:1","to":"b:1"})");
    QVERIFY(event && std::holds_alternative<wire::WatchFailover>(*event));
  }
};

QTEST_APPLESS_MAIN(WireRedisServersTest)
#include "wire_redis_servers_test.moc"
