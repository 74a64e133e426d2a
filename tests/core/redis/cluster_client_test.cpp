// A client and a real cluster, whose slots move and whose masters die.
#include <QTest>
#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/redis/cluster_fixture.h"

using namespace vx11;
using namespace std::chrono_literals;
using redis::Fault;
using redis::slot_of;
using test::ClusterFixture;
using test::RedisCluster;
using test::RedisServer;
using test::shown;

namespace {

/// With the actual text in the message.
#define COMPARE_TEXT(actual, expected) QCOMPARE(QString::fromStdString(actual), QString::fromStdString(expected))

/// A key of the slots of that master, out of three or two.
std::string key_at(std::size_t master, std::size_t masters, const std::string& name = "k") {
  for (int i = 0;; ++i) {
    const std::string key = name + std::to_string(i);
    if (slot_of(key) * masters / redis::slot_count == master) return key;
  }
}

}  // namespace

class ClusterClientTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    cluster_ =
        std::make_unique<RedisCluster>(3, false, std::vector<std::string>{"--cluster-require-full-coverage", "no"});
    if (!*cluster_) QFAIL(cluster_->error().c_str());
  }
  void cleanupTestCase() { cluster_.reset(); }
  void cleanup() {
    for (std::size_t i = 0; i < cluster_->size(); ++i) {
      if (!(*cluster_)[i]) QVERIFY((*cluster_)[i].start_again());
      (*cluster_)[i].resume();
      (*cluster_)[i].command({"FLUSHALL"});
    }
  }

  void eachCommandGoesToTheMasterOfItsKey() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    redis::Request writes, reads;
    std::string ok, values;
    for (int i = 0; i < 100; ++i) {
      const std::string key = "key" + std::to_string(i);
      writes.add({"SET", key, std::to_string(i)});
      reads.add({"GET", key});
      ok += (i == 0 ? "" : ", ") + std::string("OK");
      values += (i == 0 ? "" : ", ") + std::to_string(i);
    }
    COMPARE_TEXT(client.ask(writes), "none: " + ok);
    COMPARE_TEXT(client.ask(reads), "none: " + values);
    int keys = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const int its = std::stoi((*cluster_)[i].command({"DBSIZE"}));
      QVERIFY(its > 10);
      keys += its;
    }
    QCOMPARE(keys, 100);
    redis::Request two{"SET", "one", "1"};
    two.add({"INCR", "one"}).add({"PTTL", "one"});
    COMPARE_TEXT(client.ask(two), std::string("none: OK, 2, -1"));
    COMPARE_TEXT(client.ask({"PING"}), std::string("none: PONG"));
    QVERIFY(client.ask({"DEL", "key1", "key2"}).starts_with("none: !CROSSSLOT"));
    QVERIFY(client.loop.run([&] { return client->usable() && client->time(client.clock.now()).has_value(); }));
    const auto facts = client.observer.watch.facts();
    QCOMPARE(facts.address, cluster_->address(0));
    QCOMPARE(facts.role, std::string("master"));
    QCOMPARE(client.observer.watch.breaker(), redis::BreakerState::closed);
  }

  void aWalkMeetsEveryKeyOnce() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    redis::Request writes;
    for (int i = 0; i < 300; ++i) writes.add({"SET", "walk" + std::to_string(i), "x"});
    QVERIFY(client.ask(writes).starts_with("none: OK"));
    std::map<std::string, int> met;
    std::string cursor = "0";
    int steps = 0;
    do {
      std::promise<bool> done;
      client.loop.run([&] {
        client->ask({"SCAN", cursor, "MATCH", "walk*", "COUNT", "20"}, 2s, [&](const redis::Answer& answer) {
          const bool whole = answer.fault == Fault::none && answer.replies[0].count == 2;
          if (whole) {
            cursor = answer.replies[0].first[0].text;
            for (const redis::Reply& key : answer.replies[0].first[1].elements()) ++met[std::string(key.text)];
          }
          done.set_value(whole);
        });
      });
      QVERIFY(done.get_future().get());
    } while (cursor != "0" && ++steps < 300);
    QCOMPARE(met.size(), std::size_t{300});
    QVERIFY(std::all_of(met.begin(), met.end(), [](const auto& one) { return one.second >= 1; }));
    QVERIFY(client.ask({"SCAN", "17"}).starts_with("none: !ERR invalid cursor"));
  }

  void eachMasterIsAsked() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    std::promise<std::string> told;
    client.loop.run([&] {
      client->ask_each({"INFO", "server"}, 2s, [&told](std::span<const redis::NodeAnswer> answers) {
        std::string text;
        for (const redis::NodeAnswer& one : answers) {
          const auto port = one.address.substr(one.address.rfind(':') + 1);
          const bool is_its =
              one.answer.replies.size() == 1 &&
              one.answer.replies[0].text.find("tcp_port:" + std::string(port) + "\r") != std::string::npos;
          text += std::string(one.address) + (is_its ? " " : "? ");
        }
        told.set_value(text);
      });
    });
    QCOMPARE(told.get_future().get(),
             cluster_->address(0) + " " + cluster_->address(1) + " " + cluster_->address(2) + " ");
  }

  void aSlotThatMovesIsFollowed() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    const std::string here = key_at(0, 3, "{move"), gone = here + "}a", stays = here + "}b";
    const redis::Slot slot = slot_of(gone);
    const std::size_t from = slot * 3U / redis::slot_count, to = (from + 1) % 3;
    redis::Request writes{"SET", gone, "1"};
    writes.add({"SET", stays, "2"});
    COMPARE_TEXT(client.ask(writes), std::string("none: OK, OK"));
    cluster_->begin_move(slot, from, to);
    QVERIFY(cluster_->move_key(gone, from, to));
    redis::Request reads{"GET", gone};
    reads.add({"GET", stays}).add({"INCR", gone});
    COMPARE_TEXT(client.ask(reads), std::string("none: 1, 2, 2"));  // ASK, followed
    // Keys on both sides: TRYAGAIN until the other has come too.
    std::promise<std::string> both;
    client.loop.run([&] {
      client->ask({"DEL", gone, stays}, 5s, [&both](const redis::Answer& answer) {
        both.set_value(answer.replies.empty() ? std::string(answer.error) : shown(answer.replies[0]));
      });
    });
    auto told = both.get_future();
    QVERIFY(told.wait_for(100ms) == std::future_status::timeout);
    QVERIFY(cluster_->move_key(stays, from, to));
    QCOMPARE(told.get(), std::string("2"));
    QVERIFY(client.ask({"SET", gone, "3"}).starts_with("none: OK"));
    cluster_->end_move(slot, to);
    COMPARE_TEXT(client.ask(reads), std::string("none: 3, nil, 4"));  // MOVED, followed
    QVERIFY(client.observer.replaced().empty());                      // its keys went with it
    cluster_->begin_move(slot, to, from);
    QVERIFY(cluster_->move_key(gone, to, from));
    cluster_->end_move(slot, from);
  }

  void aWalkMeetsWhatMovesPastIt() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    const std::string key = key_at(2, 3);
    COMPARE_TEXT(client.ask({"SET", key, "1"}), std::string("none: OK"));
    std::set<std::string> met;
    const auto step = [&](const std::string& cursor) {
      std::promise<std::string> next;
      client.loop.run([&] {
        client->ask({"SCAN", cursor, "COUNT", "1000"}, 2s, [&](const redis::Answer& page) {
          const bool whole = page.fault == Fault::none && page.replies[0].count == 2;
          if (!whole) return next.set_value("?");
          for (const redis::Reply& name : page.replies[0].first[1].elements()) met.emplace(name.text);
          next.set_value(std::string(page.replies[0].first[0].text));
        });
      });
      return next.get_future().get();
    };
    const std::string second = step("0");
    QVERIFY2(second.starts_with("5461-"), second.c_str());
    cluster_->begin_move(slot_of(key), 2, 0);
    QVERIFY(cluster_->move_key(key, 2, 0));
    cluster_->end_move(slot_of(key), 0);
    std::string next = step(step(second));
    QVERIFY(met.empty());
    QVERIFY2(next.starts_with("0-"), next.c_str());  // once more, though nobody has told it of the move
    for (int i = 0; i < 10 && next != "0"; ++i) next = step(next);
    QCOMPARE(next, std::string("0"));
    QCOMPARE(met, std::set<std::string>{key});
    cluster_->begin_move(slot_of(key), 0, 2);
    QVERIFY(cluster_->move_key(key, 0, 2));
    cluster_->end_move(slot_of(key), 2);
  }

  void aNewMasterIsConnectedWhenASlotGoesThere() {
    RedisCluster cluster(2);
    if (!cluster) QFAIL(cluster.error().c_str());
    ClusterFixture client(cluster);
    QVERIFY(client.wait_until_up());
    QVERIFY(cluster.add_master());
    const std::string key = key_at(0, 2);
    COMPARE_TEXT(client.ask({"SET", key, "1"}), std::string("none: OK"));
    cluster.begin_move(slot_of(key), 0, 2);
    QVERIFY(cluster.move_key(key, 0, 2));
    COMPARE_TEXT(client.ask({"GET", key}), std::string("none: 1"));  // ASK, to somebody never met
    cluster.end_move(slot_of(key), 2);
    COMPARE_TEXT(client.ask({"GET", key}), std::string("none: 1"));
    QVERIFY(client.observer.replaced().empty());
  }

  void aMasterNeverMetIsNoSilence() {
    RedisCluster cluster(2);
    if (!cluster) QFAIL(cluster.error().c_str());
    ClusterFixture client(cluster);
    QVERIFY(client.wait_until_up());
    QVERIFY(cluster.add_master());
    const std::string key = key_at(0, 2);
    cluster.begin_move(slot_of(key), 0, 2);
    cluster.end_move(slot_of(key), 2);
    const int silences = client.observer.watch.silences();
    COMPARE_TEXT(client.ask({"SET", key, "1"}), std::string("none: OK"));  // MOVED, to somebody never met
    QCOMPARE(client.observer.watch.silences(), silences);
    QCOMPARE(client.observer.watch.breaker(), redis::BreakerState::closed);
    QCOMPARE(client.observer.watch.downs(), 0);
  }

  void aMasterThatIsGoneCostsItsCommandsOnly() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    const std::string lost = key_at(1, 3), kept = key_at(0, 3), behind = key_at(2, 3);
    COMPARE_TEXT(client.ask({"SET", behind, "1"}), std::string("none: OK"));
    const std::string run_id = client.observer.watch.facts().run_id;
    (*cluster_)[1].kill();
    QVERIFY(client.loop.until([&] { return client.observer.watch.downs() > 0; }));
    QVERIFY(client.observer.watch.why().find(cluster_->address(1)) != std::string::npos);
    QVERIFY(client.observer.watch.why().ends_with("; it serves 5461 of the cluster's slots"));
    redis::Request both{"SET", kept, "1"};
    both.add({"SET", lost, "2"});
    const std::string answer = client.ask(both, 150ms);
    QVERIFY2(answer.starts_with("not_connected: OK, !NOANSWER "), answer.c_str());
    QVERIFY(client.ask({"SET", lost, "2"}, 150ms).starts_with("not_connected: "));
    QVERIFY(client.loop.run([&] { return client->usable(); }));
    QVERIFY(client.observer.watch.breaker() == redis::BreakerState::open);
    std::promise<std::string> each;
    client.loop.run([&] {
      client->ask_each({"PING"}, 2s, [&each](std::span<const redis::NodeAnswer> answers) {
        std::string text;
        for (const redis::NodeAnswer& one : answers) text += std::string(redis::to_string(one.answer.fault)) + " ";
        each.set_value(text);
      });
    });
    COMPARE_TEXT(each.get_future().get(), std::string("none not_connected none "));
    // A walk goes on past it.
    std::set<std::string> met;
    std::string cursor = "0", faults;
    do {
      std::promise<std::string> next;
      client.loop.run([&] {
        client->ask({"SCAN", cursor, "COUNT", "1000"}, 2s, [&](const redis::Answer& page) {
          for (const redis::Reply& key : page.replies[0].first[1].elements()) met.emplace(key.text);
          faults += std::string(redis::to_string(page.fault)) + " ";
          next.set_value(std::string(page.replies[0].first[0].text));
        });
      });
      cursor = next.get_future().get();
    } while (cursor != "0" && faults.size() < 100);
    COMPARE_TEXT(faults, std::string("none not_connected none "));
    QCOMPARE(met, (std::set<std::string>{kept, behind}));
    const int ups = client.observer.watch.ups();
    QVERIFY((*cluster_)[1].start_again());
    QVERIFY(client.loop.until([&] { return client.observer.watch.ups() > ups; }));
    const auto replaced = client.observer.replaced();
    QCOMPARE(replaced.size(), std::size_t{1});
    QCOMPARE(replaced[0].slots.count(), std::size_t{5461});
    QCOMPARE(replaced[0].from, cluster_->address(1));
    QCOMPARE(replaced[0].to, cluster_->address(1));
    QVERIFY(RedisCluster::wait([&] { return client.ask({"SET", lost, "2"}) == "none: OK"; }));
  }

  void aSilentMasterIsAnsweredForInTime() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    const std::string silent = key_at(2, 3), kept = key_at(0, 3);
    (*cluster_)[2].pause();
    redis::Request both{"SET", kept, "1"};
    both.add({"GET", silent});
    const std::string answer = client.ask(both, 100ms);
    std::promise<Fault> first;
    client.loop.run([&] {
      client->ask_patiently(
          {"GET", silent}, 50ms, [&](const redis::Answer& given) { first.set_value(given.fault); },
          [](const redis::Answer&) {});
    });
    const Fault fault = first.get_future().get();
    (*cluster_)[2].resume();
    QVERIFY2(answer.starts_with("timed_out: OK, !NOANSWER "), answer.c_str());
    QVERIFY(fault == Fault::timed_out || fault == Fault::not_connected);
    QVERIFY(RedisCluster::wait([&] { return client.ask({"GET", silent}) == "none: nil"; }));
  }

  void whatComesLateIsToldLate() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    const std::string key = key_at(2, 3);
    COMPARE_TEXT(client.ask({"SET", key, "7"}), std::string("none: OK"));
    (*cluster_)[2].pause();
    std::atomic<int> told = 0;
    std::promise<std::string> later;
    client.loop.run([&] {
      client->ask_patiently(
          {"GET", key}, 20ms, [&](const redis::Answer& answer) { told += answer.fault == Fault::timed_out; },
          [&](const redis::Answer& answer) { later.set_value(shown(answer.replies[0])); });
    });
    QVERIFY(client.loop.until([&] { return told == 1; }));
    (*cluster_)[2].resume();
    QCOMPARE(later.get_future().get(), std::string("7"));
    QCOMPARE(told.load(), 1);
  }

  void replicasAreWaitedForOnceEach() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    redis::Request writes{"SET", key_at(0, 3), "1"};
    writes.add({"SET", key_at(1, 3), "1"}).add({"WAIT", "0", "10"});
    COMPARE_TEXT(client.ask(writes), std::string("none: OK, OK, [0 0 nil]"));
    COMPARE_TEXT(client.ask({"WAIT", "0", "10"}), std::string("none: 0"));
  }

  void whoeverWaitsIsToldOnceWhenItEnds() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    for (std::size_t i = 0; i < 3; ++i) (*cluster_)[i].pause();
    std::vector<Fault> faults;
    client.loop.run([&] {
      for (int i = 0; i < 50; ++i) {
        redis::Request both{"GET", "a" + std::to_string(i)};
        both.add({"GET", "b" + std::to_string(i)});
        client->ask(both, 30s, [&faults](const redis::Answer& answer) { faults.push_back(answer.fault); });
      }
    });
    client.loop.settle();
    client.loop.run([&] { client->stop(); });
    for (std::size_t i = 0; i < 3; ++i) (*cluster_)[i].resume();
    client.loop.run([&] { QCOMPARE(faults, std::vector<Fault>(50, Fault::connection_lost)); });
    QVERIFY(client.ask({"PING"}).starts_with("not_connected: "));
    client.loop.run([&] { client->start(); });
    QVERIFY(RedisCluster::wait([&] { return client.ask({"PING"}) == "none: PONG"; }));
  }

  void noMoreWaitThanMay() {
    ClusterFixture client((*cluster_)[0].port(), [](redis::Options& options) { options.max_waiting = 10; });
    QVERIFY(client.wait_until_up());
    for (std::size_t i = 0; i < 3; ++i) (*cluster_)[i].pause();
    std::vector<Fault> faults;
    client.loop.run([&] {
      for (int i = 0; i < 14; ++i) {
        client->ask({"GET", "k" + std::to_string(i)}, 20s,
                    [&faults](const redis::Answer& answer) { faults.push_back(answer.fault); });
      }
    });
    const auto at_once = client.loop.run([&] { return faults; });
    for (std::size_t i = 0; i < 3; ++i) (*cluster_)[i].resume();
    QCOMPARE(at_once, std::vector<Fault>(4, Fault::queue_full));
    QVERIFY(client.loop.until([&] { return faults.size() == 14; }));
    QVERIFY(RedisCluster::wait([&] { return client.ask({"PING"}) == "none: PONG"; }));
  }

  void aHandlerMayEndTheClient() {
    ClusterFixture client(*cluster_);
    QVERIFY(client.wait_until_up());
    std::atomic<int> told = 0, later = 0;
    (*cluster_)[2].pause();
    client.loop.run([&] {
      redis::Request both{"GET", key_at(0, 3)};
      both.add({"GET", key_at(1, 3)});
      client->ask(both, [&](const redis::Answer& answer) {
        client.drop();
        told += static_cast<int>(answer.replies.size());  // they outlive the client within the call
      });
      client->ask({"GET", key_at(2, 3)}, [&later](const redis::Answer&) { ++later; });
    });
    const bool was_told = client.loop.until([&] { return told == 2; });
    (*cluster_)[2].resume();
    QVERIFY(was_told);
    QVERIFY(!client.loop.until([&] { return later != 0; }, 50ms));
  }

  void whoIsNoClusterIsNamed() {
    RedisServer single;
    if (!single) QFAIL(single.error().c_str());
    ClusterFixture client(single.port());
    QVERIFY(client.loop.until([&] { return client.observer.watch.downs() > 0; }));
    const std::string why = client.observer.watch.why();
    const std::string address = "127.0.0.1:" + std::to_string(single.port());
    QVERIFY2(why.find(address + " is no cluster: ERR This instance has cluster support disabled") != std::string::npos,
             why.c_str());
    QVERIFY(client.ask({"GET", "a"}).starts_with("not_connected: "));
    std::promise<std::string> told;
    client.loop.run([&] {
      client->ask_each({"PING"}, 1s, [&told](std::span<const redis::NodeAnswer> answers) {
        told.set_value(std::to_string(answers.size()) + std::string(answers[0].address));
      });
    });
    QCOMPARE(told.get_future().get(), "1" + address);
  }

  void aReplicaTakesTheMastersPlace() {
    RedisCluster cluster(3, true);
    if (!cluster) QFAIL(cluster.error().c_str());
    ClusterFixture client(cluster);
    QVERIFY(client.wait_until_up());
    const std::string key = key_at(0, 3);
    redis::Request write{"SET", key, "1"};
    write.add({"WAIT", "1", "2000"});
    COMPARE_TEXT(client.ask(write, 3s), std::string("none: OK, 1"));
    cluster[0].kill();
    QVERIFY(RedisCluster::wait([&] { return client.ask({"GET", key}, 150ms) == "none: 1"; }));
    QVERIFY(client.loop.until([&] { return !client.observer.replaced().empty(); }));
    const auto replaced = client.observer.replaced();
    QCOMPARE(replaced.size(), std::size_t{1});
    QCOMPARE(replaced[0].slots.count(), std::size_t{5461});
    QVERIFY(replaced[0].slots[slot_of(key)]);
    QCOMPARE(replaced[0].from, cluster.address(0));
    QCOMPARE(replaced[0].to, cluster.address(3));
    QCOMPARE(replaced[0].to_run_id.size(), std::size_t{40});
    QVERIFY(client.loop.until([&] { return client.observer.watch.facts().address == cluster.address(3); }));
    QVERIFY(client.loop.run([&] { return client->time(client.clock.now()).has_value(); }));
  }

 private:
  std::unique_ptr<RedisCluster> cluster_;
};

QTEST_GUILESS_MAIN(ClusterClientTest)
#include "cluster_client_test.moc"
