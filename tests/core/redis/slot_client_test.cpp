// A client of whoever has one slot of a cluster: the nodes are scripted.
#include <QTest>
#include <chrono>
#include <string>

#include "core/redis/client_fixture.h"
#include "core/redis/falling_master.h"
#include "support/scripted_redis.h"

using namespace vx11;
using namespace std::chrono_literals;
using test::at;
using test::ClientFixture;
using test::FallingMaster;
using test::ScriptedRedis;

class SlotClientTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aSlotsMasterIsFoundAndFollowed() {
    FallingMaster first(""), second("");
    std::atomic<std::uint16_t> owner{first.port()};
    ScriptedRedis seed([&owner](const ScriptedRedis::Words& command) {
      if (command[0] != "CLUSTER") return ScriptedRedis::as_usual(command);
      const std::string node =
          ScriptedRedis::array({ScriptedRedis::text(""), ":" + std::to_string(owner.load()) + "\r\n",
                                ScriptedRedis::text("07c37dfeb235213a872192d90877d0cd55635b91")});
      return ScriptedRedis::array({ScriptedRedis::array({":0\r\n", ":16383\r\n", node})});
    });
    ClientFixture client(seed.port(), [&](redis::Options& options) {
      options.topology = redis::Topology::cluster;
      options.slot = redis::Slot{7};
      options.seeds.push_back({"127.0.0.1", seed.port()});
      options.seed_timeout = 2s;
      options.clock_period = 50ms;
    });
    QVERIFY(client.wait_until_usable());
    QCOMPARE(client.watch.facts().address, at(first.port()));
    owner = second.port();
    first.is_master = false;
    QVERIFY(client.loop.until([&] { return client.watch.facts().address == at(second.port()); }));
  }

  void aSlotThatMovedIsFollowed_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("moved") << QByteArray("MOVED 7 127.0.0.1:7001");
    QTest::newRow("ask") << QByteArray("ASK 7 127.0.0.1:7001");
    QTest::newRow("down") << QByteArray("CLUSTERDOWN Hash slot not served");
  }
  void aSlotThatMovedIsFollowed() {
    QFETCH(QByteArray, answer);
    std::atomic<bool> moved{false};
    ScriptedRedis node([&](const ScriptedRedis::Words& command) {
      if (command[0] == "CLUSTER") {
        return ScriptedRedis::array({ScriptedRedis::array(
            {":0\r\n", ":16383\r\n",
             ScriptedRedis::array({ScriptedRedis::text("127.0.0.1"), ":" + std::to_string(node.port()) + "\r\n"})})});
      }
      if (command[0] == "XREAD" && moved.exchange(false)) return ScriptedRedis::error(answer.toStdString());
      return ScriptedRedis::as_usual(command);
    });
    ClientFixture client(node.port(), [&](redis::Options& options) {
      options.topology = redis::Topology::cluster;
      options.slot = redis::Slot{7};
      options.seeds.push_back({"127.0.0.1", node.port()});
      options.seed_timeout = 2s;
    });
    QVERIFY(client.wait_until_usable());
    moved = true;
    QVERIFY(client.ask({"XREAD", "STREAMS", "a", "0"}).find(answer.toStdString()) != std::string::npos);
    QVERIFY(client.loop.until([&] { return client.watch.ups() == 2; }));
    QCOMPARE(client.watch.why(),
             at(node.port()) + " says " + answer.toStdString() + "; the master is looked for again");
    QVERIFY(client.watch.refusals().empty());
    QCOMPARE(client.ask({"XREAD", "STREAMS", "a", "0"}), std::string("none: OK"));
  }
};

QTEST_GUILESS_MAIN(SlotClientTest)
#include "slot_client_test.moc"
