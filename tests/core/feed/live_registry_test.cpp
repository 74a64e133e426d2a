// Instances that list themselves in a real Redis.
#include <QTest>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "feed/registry.h"
#include "redis/node_client.h"
#include "support/loop_runner.h"
#include "support/redis_server.h"

using namespace std::chrono_literals;
using namespace vx11;
using namespace vx11::test;

namespace {

/// Made, used and destroyed on the loop.
struct Listed {
  Listed(boost::asio::io_context& io, const RedisServer& server, Random& random, const std::string& id,
         const std::string& boot, std::int64_t max_ttl_sec)
      : client(io, options(server), clock, random, nullptr),
        roster(max_ttl_sec),
        registry(client, clock, feed::Keys("vx11:"), roster, [=] {
          return feed::InstanceRecord{id, boot, "http://127.0.0.1:1", "hybrid", "1.0.0", 1.5, max_ttl_sec, 0};
        }) {
    client.start();
  }
  static redis::Options options(const RedisServer& server) {
    redis::Options made;
    made.port = server.port();
    return made;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> found;
    for (const auto& [record, silent] : roster.listing(clock.now(), false).value_or(feed::Listing()).instances) {
      found.push_back(silent.count() == 0 ? record.id : record.id + " is silent");
    }
    return found;
  }

  SystemClock clock;
  redis::NodeClient client;
  feed::Roster roster;
  feed::Registry registry;
};

struct Group {
  RedisServer server;
  SystemRandom random;
  LoopRunner runner;
  std::vector<std::unique_ptr<Listed>> all;

  ~Group() {
    runner.run([this] { all.clear(); });
  }
  void add(const std::string& id, const std::string& boot, std::int64_t max_ttl_sec) {
    runner.run([&] { all.push_back(std::make_unique<Listed>(runner.io(), server, random, id, boot, max_ttl_sec)); });
  }
  /// Faster than the usual rhythm.
  template <class Condition>
  bool until(Condition&& condition) {
    return runner.until([&] {
      for (const auto& one : all) {
        one->registry.hurry();
        one->registry.tick();
      }
      return condition();
    });
  }
  bool all_see(const std::vector<std::string>& ids) {
    return until(
        [&] { return std::all_of(all.begin(), all.end(), [&](const auto& one) { return one->ids() == ids; }); });
  }
};

using Ids = std::vector<std::string>;

}  // namespace

class LiveRegistryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void threeInstancesOfWhichOneLeaves() {
    Group g;
    if (!g.server) QFAIL(g.server.error().c_str());
    g.add("a", "boot-a", 300);
    g.add("b", "boot-b", 900);
    g.add("c", "boot-c", 60);
    QVERIFY(g.all_see({"a", "b", "c"}));
    g.runner.run([&] {
      QCOMPARE(g.all[2]->roster.longest_ttl_sec(), 900);
      QVERIFY(!g.all[0]->registry.id_taken());
      g.all[0]->registry.leave();
    });
    QVERIFY(g.until([&] { return g.all[1]->ids() == Ids{"b", "c"} && g.all[2]->ids() == Ids{"b", "c"}; }));
    QCOMPARE(g.server.command({"EXISTS", "vx11:operator:instance:a"}), std::string("0"));
    const int life = std::stoi(g.server.command({"TTL", "vx11:operator:instance:b"}));
    QVERIFY(life >= 8 && life <= 10);
  }

  void oneThatCrashedIsMissed() {
    Group g;
    if (!g.server) QFAIL(g.server.error().c_str());
    g.add("a", "boot-a", 300);
    g.add("b", "boot-b", 300);
    QVERIFY(g.all_see({"a", "b"}));
    g.runner.run([&] { g.all.pop_back(); });
    g.server.command({"DEL", "vx11:operator:instance:b"});  // as after 10 s
    QVERIFY(g.all_see({"a", "b is silent"}));
    g.server.command({"ZADD", "vx11:operator:instances", "1000", "b"});  // long ago
    QVERIFY(g.until([&] { return g.server.command({"ZCARD", "vx11:operator:instances"}) == "1"; }));
  }

  void twoProcessesWithOneId() {
    Group g;
    if (!g.server) QFAIL(g.server.error().c_str());
    g.server.command({"SET", "vx11:operator:instance:a", R"({"boot":"before the crash"})", "EX", "10"});
    g.add("a", "boot-1", 300);
    QVERIFY(g.all_see({"a"}));
    g.runner.run([&] { QVERIFY(!g.all[0]->registry.id_taken()); });
    g.add("a", "boot-2", 300);
    QVERIFY(g.until([&] { return g.all[0]->registry.id_taken() && g.all[1]->registry.id_taken(); }));
  }

  void aWrongTypeUnderARecordIsReplaced() {
    Group g;
    if (!g.server) QFAIL(g.server.error().c_str());
    g.server.command({"LPUSH", "vx11:operator:instance:a", "x"});
    g.add("a", "boot-a", 300);
    QVERIFY(g.all_see({"a"}));
  }
};

QTEST_GUILESS_MAIN(LiveRegistryTest)
#include "live_registry_test.moc"
