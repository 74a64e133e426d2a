// What decides in a cluster without a socket: where a command goes, where it is sent on to, and what nodes say of each
// other.
#include <QTest>
#include <string>
#include <vector>

#include "core/redis/reply_tree.h"
#include "redis/cluster_nodes.h"
#include "redis/cluster_operation.h"
#include "redis/command_keys.h"
#include "redis/owned_replies.h"
#include "redis/redirection.h"

using namespace vx11::redis;
using namespace std::chrono_literals;
using vx11::test::ReplyTree;

namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    words.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

std::string shown(const Route& route) {
  switch (route.kind) {
    case Route::Kind::slot:
      return std::to_string(route.slot);
    case Route::Kind::anywhere:
      return "anywhere";
    case Route::Kind::scan:
      return "scan";
    case Route::Kind::wait:
      return "wait";
  }
  return {};
}

std::string shown(const Reply& reply) {
  if (reply.type == Reply::Type::integer) return std::to_string(reply.integer);
  if (reply.is_nil()) return "-";
  if (!reply.is_array()) return std::string(reply.text);
  std::string all;
  for (const Reply& one : reply.elements()) all += (all.empty() ? "" : " ") + shown(one);
  return "[" + all + "]";
}

ClusterOperation operation_of(Request request, std::string& told) {
  return {std::move(request),
          vx11::Instant{1s},
          vx11::Instant{1s},
          [&told](const Answer& answer) {
            told = std::string(to_string(answer.fault)) + ":";
            for (const Reply& reply : answer.replies) told += " " + shown(reply);
          },
          {}};
}

}  // namespace

class ClusterMachinesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void commandsGoToTheSlotOfTheirKey_data() {
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("route");
    const QString foo = u"12182"_qs;  // as CLUSTER KEYSLOT says
    for (const char* command :
         {"GET foo", "get foo", "SET foo x PXAT 1 NX", "PTTL foo", "DEL foo bar", "XADD foo * a b", "ZADD foo 1 x",
          "HGET foo epoch", "EVAL script 1 foo x", "EVALSHA 00ff 2 foo bar x", "XREAD STREAMS foo 0",
          "XREAD COUNT 5 BLOCK 100 STREAMS foo bar 0 0", "XINFO STREAM foo", "OBJECT ENCODING foo", "MEMORY USAGE foo",
          "XREVRANGE foo + - COUNT 1", "GET {foo}.bar", "GET x{foo}{bar}"}) {
      QTest::newRow(command) << QString::fromLatin1(command) << foo;
    }
    for (const char* command : {"PING", "INFO", "INFO server", "TIME", "SLOWLOG GET 10", "CLUSTER SLOTS", "CLIENT LIST",
                                "EVAL script 0", "MEMORY DOCTOR", "ROLE", "ACL WHOAMI", "XREAD COUNT 5", "GET"}) {
      QTest::newRow(command) << QString::fromLatin1(command) << u"anywhere"_qs;
    }
    QTest::newRow("SCAN") << u"SCAN 0 MATCH foo"_qs << u"scan"_qs;
    QTest::newRow("WAIT") << u"WAIT 1 50"_qs << u"wait"_qs;
  }
  void commandsGoToTheSlotOfTheirKey() {
    QFETCH(QString, command);
    QFETCH(QString, route);
    const std::string text = command.toStdString();
    QCOMPARE(QString::fromStdString(shown(route_of(split(text)))), route);
  }

  void requestsAreTakenApart() {
    const std::string binary("\r\n$\0*3", 6);
    Request request{"SET", "key", binary};
    request.add({"PING"}).add({"GET", ""});
    CommandReader reader(request.bytes());
    std::vector<std::string_view> words;
    QVERIFY(reader.next(words));
    QCOMPARE(words.size(), std::size_t{3});
    QVERIFY(words[2] == binary);
    QVERIFY(reader.next(words));
    QCOMPARE(words.size(), std::size_t{1});
    QVERIFY(reader.next(words));
    QVERIFY(words[1].empty());
    QVERIFY(!reader.next(words));
    for (std::size_t size = 0; size < request.bytes().size(); ++size) {
      CommandReader cut(std::string_view(request.bytes()).substr(0, size));
      int commands = 0;
      while (cut.next(words)) ++commands;
      QVERIFY(commands < 3);
    }
  }

  void redirectionsAreRead_data() {
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("read");
    QTest::newRow("moved") << u"-MOVED 3999 10.0.0.2:7002|"_qs << u"moved 3999 10.0.0.2:7002"_qs;
    QTest::newRow("ask") << u"-ASK 3999 10.0.0.2:7002|"_qs << u"ask 3999 10.0.0.2:7002"_qs;
    QTest::newRow("the same host") << u"-MOVED 3999 :7002|"_qs << u"moved 3999 10.0.0.1:7002"_qs;
    QTest::newRow("a host name") << u"-MOVED 0 redis-2:7002|"_qs << u"moved 0 redis-2:7002"_qs;
    QTest::newRow("IPv6") << u"-MOVED 16383 fd00::2:7002|"_qs << u"moved 16383 [fd00::2]:7002"_qs;
    QTest::newRow("try again") << u"-TRYAGAIN Multiple keys request during rehashing of slot|"_qs << u"again"_qs;
    QTest::newRow("down") << u"-CLUSTERDOWN The cluster is down|"_qs << u"again"_qs;
    QTest::newRow("another error") << u"-ERR no such key|"_qs << u"-"_qs;
    QTest::newRow("crossed slots") << u"-CROSSSLOT Keys in request don't hash to the same slot|"_qs << u"-"_qs;
    QTest::newRow("no slot") << u"-MOVED|"_qs << u"-"_qs;
    QTest::newRow("no node") << u"-MOVED 3999|"_qs << u"-"_qs;
    QTest::newRow("a slot too high") << u"-MOVED 16384 10.0.0.2:7002|"_qs << u"-"_qs;
    QTest::newRow("no number") << u"-MOVED x 10.0.0.2:7002|"_qs << u"-"_qs;
    QTest::newRow("no port") << u"-MOVED 1 10.0.0.2|"_qs << u"-"_qs;
    QTest::newRow("an answer") << u"+MOVED 1 10.0.0.2:7002|"_qs << u"-"_qs;
  }
  void redirectionsAreRead() {
    QFETCH(QString, error);
    QFETCH(QString, read);
    const ReplyTree tree(error.toStdString());
    QVERIFY(tree);
    const auto said = read_redirection(*tree, {"10.0.0.1", 7001});
    std::string text = "-";
    if (said && said->kind == Redirection::Kind::again) text = "again";
    if (said && said->kind != Redirection::Kind::again) {
      text = (said->kind == Redirection::Kind::moved ? "moved " : "ask ") + std::to_string(said->slot) + " " +
             said->to.to_text();
    }
    QCOMPARE(QString::fromStdString(text), read);
  }

  void fiveHopsAreFollowedAndWaitsDontCount() {
    const Redirection moved{Redirection::Kind::moved, 1, {}}, ask{Redirection::Kind::ask, 1, {}}, again{};
    Journey journey;
    for (int i = 0; i < 100; ++i) QVERIFY(journey.take(again) == Journey::Next::wait);
    QVERIFY(journey.take(moved) == Journey::Next::resend);
    QVERIFY(journey.take(ask) == Journey::Next::asking);
    QVERIFY(journey.take(again) == Journey::Next::wait);
    for (int i = 0; i < 3; ++i) QVERIFY(journey.take(moved) == Journey::Next::resend);
    QVERIFY(journey.take(moved) == Journey::Next::done);
    QVERIFY(Journey().take(std::nullopt) == Journey::Next::done);
  }

  void aPauseIsTenToTwentyFiveMilliseconds() {
    vx11::SeededRandom random(3);
    std::chrono::nanoseconds shortest = 1h, longest = 0ns;
    for (int i = 0; i < 1000; ++i) {
      const auto pause = pause_before_again(random);
      shortest = std::min(shortest, pause);
      longest = std::max(longest, pause);
    }
    QVERIFY(shortest >= 10ms && shortest < 11ms);
    QVERIFY(longest > 24ms && longest <= 25ms);
  }

  void keptRepliesOutliveTheirs() {
    OwnedReplies owned;
    Reply kept;
    {
      const ReplyTree tree("*3|$3|abc|*2|:7|$-1|-ERR no|");
      kept = owned.keep(*tree);
    }
    const ReplyTree other("*3|$3|xyz|*2|:8|$-1|-ERR yo|");
    QCOMPARE(kept.count, std::size_t{3});
    QVERIFY(kept.first[0].text == "abc");
    QCOMPARE(kept.first[1].first[0].integer, std::int64_t{7});
    QVERIFY(kept.first[1].first[1].is_nil());
    QVERIFY(kept.first[2].is_error() && kept.first[2].text == "ERR no");
  }

  void partsArePutTogetherInTheOldOrder() {
    std::string told;
    Request request{"GET", "a"};
    request.add({"GET", "b"}).add({"GET", "c"}).add({"WAIT", "1", "50"});
    ClusterOperation operation = operation_of(request, told);
    const ReplyTree one("+1|"), two("+2|"), three("+3|"), few(":1|"), many(":4|");
    operation.answer(2, *three);
    operation.wait_reply({2, 3}, *many);
    QVERIFY(!operation.finish());
    operation.answer(0, *one);
    operation.wait_reply({0, 1, 3}, *few);
    operation.answer(1, *two);
    QVERIFY(operation.finish() == Fault::none);
    QCOMPARE(told, std::string("none: 1 2 3 [1 1 4 -]"));  // the replicas of each one's own master
    QVERIFY(!operation.finish());                          // once
  }

  void aPartWithoutAnAnswerCostsItsCommandsOnly() {
    std::string told;
    Request request{"GET", "a"};
    request.add({"GET", "b"}).add({"WAIT", "1", "50"});
    ClusterOperation partly = operation_of(request, told);
    const ReplyTree one("+1|"), replicas(":2|");
    partly.answer(0, *one);
    partly.wait_reply({0, 2}, *replicas);
    partly.fail({1, 2}, Fault::connection_lost, "10.0.0.1:7001 is gone");
    QVERIFY(partly.finish() == Fault::connection_lost);
    QCOMPARE(told, std::string("connection_lost: 1 NOANSWER 10.0.0.1:7001 is gone [2 - -]"));
    ClusterOperation none = operation_of(request, told);
    none.fail({0, 1, 2}, Fault::timed_out, "silence");
    QVERIFY(none.finish() == Fault::timed_out);
    QCOMPARE(told, std::string("timed_out:"));
    ClusterOperation refused = operation_of({"GET", "a"}, told);
    const ReplyTree down("-CLUSTERDOWN The cluster is down|");
    refused.keep(0, *down);
    refused.fail({0}, Fault::timed_out, {});
    QVERIFY(refused.finish() == Fault::cluster_down);  // its words are better than none
    QCOMPARE(told, std::string("cluster_down: CLUSTERDOWN The cluster is down"));
    QVERIFY(refused.refusal() == "CLUSTERDOWN The cluster is down");
    ClusterOperation nowhere = operation_of({"GET", "a"}, told);
    nowhere.fail({0}, Fault::cluster_down, "no node of the cluster serves the slot");
    QVERIFY(nowhere.finish() == Fault::cluster_down);
    QVERIFY(nowhere.refusal() == "no node of the cluster serves the slot");
  }

  void aPartIsWhatIsSentNow() {
    std::string told;
    Request request{"GET", "a"};
    request.add({"SCAN", "0-x-7", "COUNT", "10"}).add({"GET", "c"});
    ClusterOperation operation = operation_of(request, told);
    QCOMPARE(operation.part({0, 2}, false).bytes(), Request({"GET", "a"}).add({"GET", "c"}).bytes());
    QCOMPARE(operation.part({2}, true).bytes(), Request({"ASKING"}).add({"GET", "c"}).bytes());
    operation.commands()[1].scan = ScanPlace{0, 0, "x", "7"};
    QCOMPARE(operation.part({1}, false).bytes(), Request({"SCAN", "7", "COUNT", "10"}).bytes());
  }

  void aWalkGoesOnPastWhoDoesNotAnswer() {
    std::string told;
    ClusterOperation operation = operation_of({"SCAN", "0-a-7-0-1"}, told);
    operation.commands()[0].scan = ScanPlace{0, 0, "a", "7"};
    operation.commands()[0].past_it = "5461-b-0-0-1";
    operation.fail({0}, Fault::not_connected, "10.0.0.1:7001 is gone");
    QVERIFY(operation.finish() == Fault::not_connected);
    QCOMPARE(told, std::string("not_connected: [5461-b-0-0-1 []]"));
  }

  void whatWasRedirectedCountsWhereItWent() {
    std::string told;
    Request request{"SET", "a", "1"};
    request.add({"WAIT", "1", "50"});
    ClusterOperation operation = operation_of(request, told);
    const ReplyTree ok("+OK|"), none(":0|"), two(":2|"), no("-ERR no WAIT|");
    operation.wait_reply({0, 1}, *none);
    operation.wait_reply({0, 1}, *two);
    operation.answer(0, *ok);
    QVERIFY(operation.finish() == Fault::none);
    QCOMPARE(told, std::string("none: OK [2 -]"));
    ClusterOperation refused = operation_of(request, told);
    refused.wait_reply({0, 1}, *no);
    refused.answer(0, *ok);
    QVERIFY(refused.finish() == Fault::none);
    QCOMPARE(told, std::string("none: OK [- -]"));
  }

  void nodesAreRead() {
    const auto nodes = read_cluster_nodes(
        "07c3 10.0.0.4:7004@17004,redis-4 slave e7d1 0 1426238317239 4 connected\n"
        "67ed [fd00::2]:7002@17002 master - 0 1426238316232 2 connected 5461-10922 [93-<-e7d1]\r\n"
        "292f :7003@17003 myself,master - 0 1426238318243 3 connected 10923-16383 7\n"
        "e7d1 10.0.0.1:7001@17001,,tls-port=0 master,fail? - 1 0 1 disconnected 0-6 8-5460\n"
        "aaaa :0@0 master,noaddr - 1 0 1 disconnected\n"
        "bbbb 10.0.0.8:7008@17008 handshake - 1 0 0 disconnected\n"
        "cccc 10.0.0.7:7007@17007 slave,fail e7d1 1 0 1 disconnected\n"
        "rubbish\n\n",
        {"10.0.0.3", 7003});
    QStringList shown;
    for (const DataNode& node : nodes) {
      QString text = QString::fromStdString(node.id + " " + node.address + " " + node.role + " " + node.state + " " +
                                            (node.link_up ? "up" : "away") + " " + node.master);
      for (const SlotRange& range : node.slots) text += QStringLiteral(" %1-%2").arg(range.first).arg(range.last);
      shown.append(text);
    }
    QCOMPARE(shown, QStringList({u"07c3 10.0.0.4:7004 replica online up 10.0.0.1:7001"_qs,
                                 u"67ed [fd00::2]:7002 master online up  5461-10922"_qs,
                                 u"292f 10.0.0.3:7003 master online up  10923-16383 7-7"_qs,
                                 u"e7d1 10.0.0.1:7001 master suspected away  0-6 8-5460"_qs,
                                 u"bbbb 10.0.0.8:7008 replica handshake away "_qs,
                                 u"cccc 10.0.0.7:7007 replica failed away 10.0.0.1:7001"_qs}));
  }

  void theStateIsRead() {
    const ClusterState state = read_cluster_info(
        "cluster_enabled:1\r\ncluster_state:fail\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:10923\r\n"
        "cluster_slots_pfail:1\r\ncluster_slots_fail:5460\r\ncluster_known_nodes:6\r\ncluster_size:3\r\n"
        "cluster_current_epoch:7\r\nsomething_new:x\r\n");
    QCOMPARE(state.state, std::string("fail"));
    QCOMPARE(state.slots_assigned, std::int64_t{16'384});
    QCOMPARE(state.slots_ok, std::int64_t{10'923});
    QCOMPARE(state.slots_failing, std::int64_t{5461});
    QCOMPARE(state.known_nodes, std::int64_t{6});
    QCOMPARE(state.size, std::int64_t{3});
    QCOMPARE(state.epoch, std::int64_t{7});
    QVERIFY(read_cluster_info("").state.empty());
  }
};

QTEST_GUILESS_MAIN(ClusterMachinesTest)
#include "cluster_machines_test.moc"
