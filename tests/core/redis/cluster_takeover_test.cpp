// A replica becomes master while its former master lives, and says so by MOVED: nobody may take what it lacks for
// deleted before it is told that it was replaced.
#include <QTest>

#include "cluster_fixture.h"
#include "redis/slot.h"

using namespace vx11;
using namespace vx11::test;
using namespace std::chrono_literals;

class ClusterTakeoverTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whoever_takes_over_is_told_of_before_it_answers() {
    RedisCluster cluster(3, true);
    if (!cluster) QFAIL(cluster.error().c_str());
    ClusterFixture client(cluster);
    QVERIFY(client.wait_until_up());
    std::string key;
    do key += 'k';
    while (redis::slot_of(key) >= redis::slot_count / 3);  // the first master's
    const std::string new_port = "tcp_port:" + std::to_string(cluster[3].port()) + "\r";
    QCOMPARE(cluster[3].command({"CLUSTER", "FAILOVER", "TAKEOVER"}), std::string("OK"));
    std::atomic<int> told_first = 0, told_later = 0;
    const auto ask = [&] {
      client->ask({"EVAL", "return redis.call('INFO','server')", "1", key}, [&](const redis::Answer& answer) {
        if (answer.replies.empty() || answer.replies[0].text.find(new_port) == std::string_view::npos) return;
        (client.observer.replaced().empty() ? told_later : told_first) += 1;
      });
    };
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (told_first + told_later == 0 && std::chrono::steady_clock::now() < end) {
      client.loop.run(ask);
      QTest::qWait(1);
    }
    QCOMPARE(told_later.load(), 0);
    QVERIFY(told_first > 0);
    // The map that says the same is no second time.
    QVERIFY(!client.loop.until([&] { return client.observer.replaced().size() > 1; }, 1500ms));
    const auto replaced = client.observer.replaced().front();
    QCOMPARE(replaced.slots.count(), std::size_t{5461});
    QCOMPARE(replaced.from, cluster.address(0));
    QCOMPARE(replaced.to, cluster.address(3));
    QCOMPARE(replaced.to_run_id.size(), std::size_t{40});
  }
};

QTEST_GUILESS_MAIN(ClusterTakeoverTest)
#include "cluster_takeover_test.moc"
