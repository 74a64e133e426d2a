// Who is asked where the master is, in which order, and what is made of the answers.
#include <QTest>
#include <deque>
#include <string>
#include <vector>

#include "redis/ask_order.h"
#include "redis/sentinel_search.h"
#include "redis/sentinel_view.h"
#include "redis/slot_search.h"
#include "support/fake_redis_client.h"

using namespace vx11;
using namespace vx11::redis;
using test::Value;

namespace {

std::vector<Address> hosts(std::initializer_list<const char*> names) {
  std::vector<Address> all;
  for (const char* name : names) all.push_back({name, 26379});
  return all;
}

/// Everybody of a round: "a b c".
std::string all_of(AskOrder& order) {
  order.begin();
  std::string names;
  while (const auto address = order.next()) names += (names.empty() ? "" : " ") + address->host;
  return names;
}

bool tell(Search& search, const std::vector<Value>& values) {
  std::deque<std::vector<Reply>> pool;
  return search.take(answer_of(Value::replies(values, pool)));
}
bool silence(Search& search, Fault fault, const char* why) { return search.take({fault, why, {}}); }

std::string outcome(const AddressSearch& search) {
  const auto found = search.outcome();
  return found ? found->to_text() : std::string(to_string(found.error().fault)) + ": " + found.error().why;
}

Value sentinel(const char* host, const char* port, const char* id) {
  return Value::array({"name", id, "ip", host, "port", port, "runid", id, "flags", "sentinel", "quorum"});
}

Value node(const char* host, int port) {
  return Value::array({host, port, "07c37dfeb235213a872192d90877d0cd55635b91"});
}

}  // namespace

class SearchTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theSeedsAreAskedInTheirOrderAndThenThoseLearnt() {
    AskOrder order(hosts({"a", "b", "c"}));
    QCOMPARE(all_of(order), std::string("a b c"));
    QVERIFY(!order.next());
    order.learn(hosts({"d", "b", "e"}), false);
    QCOMPARE(all_of(order), std::string("a b c d e"));
    order.learn(hosts({"c", "f"}), true);
    QCOMPARE(all_of(order), std::string("c f a b"));
    order.begin();
    static_cast<void>(order.next());
    static_cast<void>(order.next());
    order.prefer_current();
    QCOMPARE(all_of(order), std::string("f c a b"));
  }

  void whoWasWrongIsAskedLastUntilHeIsRight() {
    AskOrder order(hosts({"a", "b", "c"}));
    order.begin();
    static_cast<void>(order.next());
    order.prefer_current();
    order.defer_current();
    QCOMPARE(all_of(order), std::string("b c a"));
    order.begin();
    static_cast<void>(order.next());
    order.defer_current();
    QCOMPARE(all_of(order), std::string("a c b"));
    order.begin();
    while (order.next()) {
    }
    order.prefer_current();
    QCOMPARE(all_of(order), std::string("b a c"));
  }

  void whatIsLearntIsBounded() {
    AskOrder order(hosts({"a"}));
    std::vector<Address> many;
    for (std::uint16_t port = 1; port < 1000; ++port) many.push_back({"x", port});
    order.learn(many, true);
    order.begin();
    std::size_t count = 0;
    Address last;
    for (; const auto address = order.next(); ++count) last = *address;
    QCOMPARE(count, AskOrder::most_learnt + 1);
    QCOMPARE(last.host, std::string("a"));  // a seed is never pushed out
  }

  void aSentinelIsAskedForTheMasterAndForTheOthers() {
    SentinelSearch search(hosts({"a"}), "mymaster");
    test::FakeRedisClient client;
    client.ask(search.question(), [](const Answer&) {});
    QCOMPARE(client.next(), std::string("SENTINEL GET-MASTER-ADDR-BY-NAME mymaster | SENTINEL SENTINELS mymaster | "
                                        "SENTINEL MASTER mymaster"));
  }

  void theOneThatKnewIsTheFirstNextTime() {
    SentinelSearch search(hosts({"a", "b"}), "mymaster");
    search.begin();
    QCOMPARE(search.next()->host, std::string("a"));
    QVERIFY(!silence(search, Fault::timed_out, "a:26379 doesn't answer"));
    QCOMPARE(search.next()->host, std::string("b"));
    QVERIFY(tell(search, {Value::array({"10.0.0.1", "6379"}),
                          Value::array({sentinel("c", "26380", "1"), sentinel("a", "26379", "2")})}));
    QCOMPARE(outcome(search), std::string("10.0.0.1:6379"));
    search.begin();
    std::string names;
    while (const auto next = search.next()) names += next->to_text() + " ";
    QCOMPARE(names, std::string("b:26379 a:26379 c:26380 "));
  }

  void whatEachAnsweredIsInTheSentence() {
    SentinelSearch search(hosts({"a", "b", "c", "d", "e", "f"}), "other");
    search.begin();
    QVERIFY(search.next());
    QVERIFY(!silence(search, Fault::not_connected, "can't connect to a:26379: Connection refused"));
    QVERIFY(search.next());
    QVERIFY(!tell(search, {Value::nil(), Value::error("ERR No such master with that name")}));
    QVERIFY(search.next());
    QVERIFY(!tell(search, {Value::error("NOPERM this user has no permissions to run the 'sentinel' command"),
                           Value::error("NOPERM")}));
    QVERIFY(search.next());
    QVERIFY(!tell(search, {Value::error("ERR unknown command 'SENTINEL', with args beginning with: "), 5}));
    QVERIFY(search.next());
    QVERIFY(!tell(search, {Value::array({"10.0.0.1", "none"}), 5}));
    QVERIFY(search.next());
    QVERIFY(!tell(search, {Value::error("IDONTKNOW anything"), 5}));
    QVERIFY(!search.next());
    QCOMPARE(outcome(search),
             std::string("no_permission: no sentinel knows the master \"other\": "
                         "can't connect to a:26379: Connection refused; b:26379 doesn't know it; c:26379 forbids to "
                         "ask: NOPERM this user has no permissions to run the 'sentinel' command; d:26379 is no "
                         "sentinel: ERR unknown command 'SENTINEL', with args beginning with: ; e:26379 answers with "
                         "something else; is it a sentinel?; f:26379 says IDONTKNOW anything"));
  }

  void withoutAnySentinelTheKnownMasterRemains() {
    SentinelSearch search(hosts({"a", "b"}), "mymaster");
    search.begin();
    QVERIFY(search.next());
    QVERIFY(tell(search, {Value::array({"::1", "6379"}), Value::array({})}));
    search.begin();
    while (search.next()) QVERIFY(!silence(search, Fault::not_connected, "refused"));
    QCOMPARE(outcome(search), std::string("[::1]:6379"));
    // One that answers is believed, also that there is none.
    search.begin();
    QVERIFY(search.next());
    QVERIFY(!silence(search, Fault::not_connected, "can't connect to a:26379: Connection refused"));
    QVERIFY(search.next());
    QVERIFY(!tell(search, {Value::nil(), Value::error("ERR No such master with that name")}));
    QCOMPARE(outcome(search),
             std::string("not_connected: no sentinel knows the master \"mymaster\": can't connect to a:26379: "
                         "Connection refused; b:26379 doesn't know it"));
  }

  void aSentinelThatWasCutOffIsNotBelieved() {
    SentinelSearch search(hosts({"a", "b"}), "mymaster");
    const auto told = [](const char* host, const char* epoch) {
      return std::vector<Value>{Value::array({host, "6379"}), Value::array({}),
                                Value::array({"name", "mymaster", "config-epoch", epoch, "flags", "master"})};
    };
    search.begin();
    QVERIFY(search.next());
    QVERIFY(tell(search, told("10.0.0.2", "7")));
    search.begin();
    QCOMPARE(search.next()->host, std::string("a"));
    QVERIFY(!tell(search, told("10.0.0.1", "6")));  // it has slept through a failover
    QCOMPARE(search.next()->host, std::string("b"));
    QVERIFY(tell(search, told("10.0.0.3", "8")));
    QCOMPARE(outcome(search), std::string("10.0.0.3:6379"));
    // As long as the master that is known can be reached, no older one will do.
    search.begin();
    QVERIFY(search.next() && !silence(search, Fault::not_connected, "refused"));
    QVERIFY(search.next() && !tell(search, told("10.0.0.1", "6")));
    QCOMPARE(outcome(search), std::string("10.0.0.3:6379"));
    search.doubt();  // there is nobody, so the sentinels may have been set up anew
    search.begin();
    QVERIFY(search.next() && !silence(search, Fault::not_connected, "refused"));
    QVERIFY(search.next() && tell(search, told("10.0.0.1", "6")));
    QCOMPARE(outcome(search), std::string("10.0.0.1:6379"));
    search.doubt();
    search.begin();
    QCOMPARE(search.next()->host, std::string("b"));  // "a" named it: it is asked last
  }

  void withoutAnEpochTheLastWordCounts() {
    SentinelSearch search(hosts({"a"}), "mymaster");
    for (const char* host : {"10.0.0.1", "10.0.0.2"}) {
      search.begin();
      QVERIFY(search.next());
      QVERIFY(
          tell(search, {Value::array({host, "6379"}), Value::array({}), Value::error("NOPERM this user has no …")}));
      QCOMPARE(outcome(search), std::string(host) + ":6379");
    }
  }

  void mastersAddresses_data() {
    QTest::addColumn<std::string>("host");
    QTest::addColumn<std::string>("port");
    QTest::addColumn<std::string>("address");
    QTest::newRow("v4") << std::string("10.0.0.1") << std::string("6379") << std::string("10.0.0.1:6379");
    QTest::newRow("v6") << std::string("fe80::1") << std::string("6379") << std::string("[fe80::1]:6379");
    QTest::newRow("name") << std::string("r1.example") << std::string("1") << std::string("r1.example:1");
    QTest::newRow("port 0") << std::string("10.0.0.1") << std::string("0") << std::string();
    QTest::newRow("large port") << std::string("10.0.0.1") << std::string("65536") << std::string();
    QTest::newRow("no port") << std::string("10.0.0.1") << std::string("") << std::string();
    QTest::newRow("more than a port") << std::string("10.0.0.1") << std::string("6379x") << std::string();
    QTest::newRow("no host") << std::string("") << std::string("6379") << std::string();
  }
  void mastersAddresses() {
    QFETCH(std::string, host);
    QFETCH(std::string, port);
    QFETCH(std::string, address);
    std::deque<std::vector<Reply>> pool;
    const Value value = Value::array({host, port});
    const auto found = master_address(value.reply(pool));
    QCOMPARE(found ? found->to_text() : std::string(), address);
  }

  void sentinelsThatMakeNoSenseAreLeftOut() {
    std::deque<std::vector<Reply>> pool;
    const Value reply = Value::array({sentinel("10.0.0.1", "26379", "1"), 5, Value::nil(), Value::array({"ip"}),
                                      sentinel("10.0.0.2", "x", "2"), sentinel("10.0.0.3", "26379", "3")});
    const auto others = other_sentinels(reply.reply(pool));
    QCOMPARE(others.size(), std::size_t{2});
    QCOMPARE(others[0].address.to_text(), std::string("10.0.0.1:26379"));
    QCOMPARE(others[0].id, std::string("1"));
    QCOMPARE(others[1].address.to_text(), std::string("10.0.0.3:26379"));
    QVERIFY(other_sentinels(Value::error("ERR").reply(pool)).empty());
  }

  void aSlotsMasterIsFoundByAnyNodeThatAnswers() {
    SlotSearch search(hosts({"a", "b"}), Slot{9000});
    search.begin();
    QCOMPARE(search.next()->host, std::string("a"));
    QVERIFY(!tell(search, {Value::error("ERR This instance has cluster support disabled")}));
    QCOMPARE(search.next()->host, std::string("b"));
    QVERIFY(tell(search, {Value::array({Value::array({0, 8191, node("10.0.0.1", 7000), node("10.0.0.3", 7000)}),
                                        Value::array({8192, 16383, node("10.0.0.2", 7001)})})}));
    QCOMPARE(outcome(search), std::string("10.0.0.2:7001"));
    search.begin();  // from the one that knew it on: the last map's, then the seeds
    std::string names;
    while (const auto next = search.next()) names += next->to_text() + " ";
    QCOMPARE(names, std::string("b:26379 10.0.0.1:7000 10.0.0.2:7001 10.0.0.3:7000 a:26379 "));
  }

  void aSlotThatNobodyServes() {
    SlotSearch search(hosts({"a", "b"}), Slot{16000});
    search.begin();
    QVERIFY(search.next());
    QVERIFY(!tell(search, {Value::array({Value::array({0, 8191, node("10.0.0.1", 7000)})})}));
    QVERIFY(search.next());
    QVERIFY(!silence(search, Fault::timed_out, "b:26379 doesn't answer"));
    QCOMPARE(outcome(search),
             std::string("timed_out: no node tells who serves the cluster's slots: a:26379 says that nobody serves "
                         "slot 16000; b:26379 doesn't answer"));
    SlotSearch any(hosts({"a"}));
    any.begin();
    QVERIFY(any.next());
    QVERIFY(tell(any, {Value::array({Value::array({0, 8191, node("10.0.0.1", 7000)})})}));
    QCOMPARE(any.map()->assigned(), std::size_t{8192});
    any.begin();
    QVERIFY(!any.map());
  }

  void whatASentinelSees_data() {
    QTest::addColumn<std::string>("flags");
    QTest::addColumn<std::string>("state");
    const auto row = [](const char* flags, const char* state) {
      QTest::newRow(flags) << std::string(flags) << std::string(state);
    };
    row("master", "ok");
    row("master,s_down", "suspected");
    row("s_down,master,disconnected", "suspected");
    row("s_down,o_down,master,disconnected", "down");
    row("s_down,o_down,master,disconnected,failover_in_progress,force_failover", "failing over");
  }
  void whatASentinelSees() {
    QFETCH(std::string, flags);
    QFETCH(std::string, state);
    std::deque<std::vector<Reply>> pool;
    const std::vector<Value> values{"b1f4",
                                    Value::array({"name", "mymaster", "ip", "10.0.0.1", "port", "6379", "flags", flags,
                                                  "num-slaves", "2", "num-other-sentinels", "4", "quorum", "3"}),
                                    Value::array({"10.0.0.1", "6379"}),
                                    Value::status("OK 5 usable Sentinels. Quorum and failover authorization …"),
                                    Value::array({sentinel("10.0.0.9", "26379", "77")})};
    const auto read = read_sentinel(answer_of(Value::replies(values, pool)), {"10.0.0.8", 26379}, "mymaster");
    QCOMPARE(read.id, std::string("b1f4"));
    QCOMPARE(read.view.address, std::string("10.0.0.8:26379"));
    QVERIFY(read.view.up);
    QCOMPARE(read.view.error, std::string());
    QCOMPARE(read.view.master, std::string("10.0.0.1:6379"));
    QCOMPARE(read.view.master_state, state);
    QCOMPARE(*read.view.quorum, std::int64_t{3});
    QCOMPARE(*read.view.other_sentinels, std::int64_t{4});
    QCOMPARE(*read.view.replicas, std::int64_t{2});
    QCOMPARE(*read.view.can_fail_over, true);
    QCOMPARE(read.others.size(), std::size_t{1});
  }

  void sentinelsThatDoNotKnowOrMayNotSay() {
    const Address address{"10.0.0.8", 26379};
    std::deque<std::vector<Reply>> pool;
    const Value none = Value::error("ERR No such master with that name");
    auto read = read_sentinel(answer_of(Value::replies({"id", none, Value::nil(), none, none}, pool)), address, "x");
    QVERIFY(read.view.up && read.view.master.empty() && !read.view.can_fail_over);
    QCOMPARE(read.view.error, std::string("10.0.0.8:26379 doesn't know the master \"x\""));
    const Value forbidden = Value::error("NOPERM this user has no permissions to run the 'sentinel|master' command");
    read = read_sentinel(
        answer_of(Value::replies({"id", forbidden, Value::array({"10.0.0.1", "6379"}), forbidden, forbidden}, pool)),
        address, "x");
    QVERIFY(read.view.up && !read.view.quorum && !read.view.can_fail_over);
    QCOMPARE(read.view.master, std::string("10.0.0.1:6379"));
    QCOMPARE(read.view.error, std::string("NOPERM this user has no permissions to run the 'sentinel|master' command"));
    const Value lost = Value::error("NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the quorum");
    read =
        read_sentinel(answer_of(Value::replies(
                          {"id", Value::array({}), Value::array({"10.0.0.1", "6379"}), lost, Value::array({})}, pool)),
                      address, "x");
    QCOMPARE(*read.view.can_fail_over, false);
    QVERIFY(read.view.error.starts_with("NOQUORUM 1 usable"));
    read = read_sentinel({Fault::timed_out, "10.0.0.8:26379 doesn't answer", {}}, address, "x");
    QVERIFY(!read.view.up);
    QCOMPARE(read.view.error, std::string("10.0.0.8:26379 doesn't answer"));
  }
};

QTEST_GUILESS_MAIN(SearchTest)
#include "search_test.moc"
