// From settings to connections: where Redis is asked for, and as whom.
#include <QTest>

#include "server/redis_options.h"

using namespace vx11;
using redis::Topology;

class TestRedisOptions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void oneServer() {
    config::Settings settings;
    settings.redis_url = "rediss://[::1]:6390/3";
    settings.redis_db = 3;
    settings.redis_username = "vx11";
    settings.redis_password = Secret("of the server");
    settings.redis_timeout = std::chrono::milliseconds(70);
    const redis::Options options = server::redis_options(settings, "i-1", "loop0");
    QCOMPARE(options.topology, Topology::single);
    QCOMPARE(options.host, std::string("::1"));
    QCOMPARE(options.port, 6390);
    QVERIFY(options.seeds.empty() && options.tls.enabled);
    QCOMPARE(options.database, 3U);
    QCOMPARE(options.client_name, std::string("vx11:i-1:loop0"));
    QCOMPARE(options.username, std::string("vx11"));
    QVERIFY(options.password.reveal() == "of the server");
    QCOMPARE(options.timeout.count(), 70);
    QCOMPARE(server::seed_addresses(settings), std::string("[::1]:6390"));
    QCOMPARE(server::master_name(settings), std::string());
  }

  void sentinels() {
    config::Settings settings;
    settings.redis_url = "redis+sentinel://h1,10.0.0.2:26380/mymaster/2";
    settings.redis_db = 2;
    settings.sentinel_username = "watcher";
    settings.sentinel_password = Secret("of the sentinels");
    settings.redis_password = Secret("of the servers");
    const redis::Options options = server::redis_options(settings, "i-1", "feed");
    QCOMPARE(options.topology, Topology::sentinel);
    QCOMPARE(options.master_name, std::string("mymaster"));
    QCOMPARE(options.seeds, (std::vector<redis::Address>{{"h1", 26379}, {"10.0.0.2", 26380}}));
    QCOMPARE(options.sentinel_username, std::string("watcher"));
    QVERIFY(options.sentinel_password.reveal() == "of the sentinels");
    QVERIFY(options.password.reveal() == "of the servers");
    QCOMPARE(options.database, 2U);
    QVERIFY(!options.tls.enabled && !options.slot && !options.is_sentinel);
    QCOMPARE(server::redis_topology(settings), Topology::sentinel);
    QCOMPARE(server::seed_addresses(settings), std::string("h1:26379,10.0.0.2:26380"));
    QCOMPARE(server::master_name(settings), std::string("mymaster"));
  }

  void aCluster() {
    config::Settings settings;
    settings.redis_url = "rediss+cluster://a:7000,b";
    settings.redis_prefix = "other:";
    const redis::Options options = server::redis_options(settings, "i-1", "loop1");
    QCOMPARE(options.topology, Topology::cluster);
    QCOMPARE(options.seeds, (std::vector<redis::Address>{{"a", 7000}, {"b", 6379}}));
    QVERIFY(options.tls.enabled && options.master_name.empty() && !options.slot);
    // The clock of all is that of the server which dates the feed's entries.
    QCOMPARE(options.clock_slot, redis::slot_of("{other:operator}:feed"));
    QCOMPARE(server::redis_topology(settings), Topology::cluster);
  }
};

QTEST_GUILESS_MAIN(TestRedisOptions)
#include "test_redis_options.moc"
