// Maps of a cluster's slots: tables of what nodes answer, and what is to be read from it.
#include <QTest>
#include <algorithm>
#include <string>
#include <vector>

#include "core/redis/reply_tree.h"
#include "redis/scan_cursor.h"
#include "redis/slot_map.h"
#include "redis/takeovers.h"

using namespace vx11::redis;
using vx11::test::ReplyTree;

namespace {

const Address asked{"10.0.0.9", 7000};

/// "0-5460 a@10.0.0.1:7001 r@10.0.0.4:7004, 5461-16383 b@…": owners and their replicas.
std::string shown(const SlotMap& map) {
  std::string text;
  for (const SlotOwner& owner : map.owners()) {
    text += (text.empty() ? "" : ", ") + std::to_string(owner.slots._Find_first()) + "+" +
            std::to_string(owner.slots.count()) + " " + owner.master.id + "@" + owner.master.address.to_text();
    for (const ClusterMember& replica : owner.replicas) text += " " + replica.id + "@" + replica.address.to_text();
  }
  return text;
}

std::string member(const std::string& host, int port, const std::string& id) {
  return "*3|$" + std::to_string(host.size()) + "|" + host + "|:" + std::to_string(port) + "|$" +
         std::to_string(id.size()) + "|" + id + "|";
}

struct Range {
  int first, last;
  std::string master, replica = {};
};

/// Hosts are "10.0.0.<port>"; an id is a letter and the port follows from it: "a" is on 7001.
SlotMap map_of(const std::vector<Range>& ranges) {
  const auto node = [](const std::string& id) { return member("10.0.0.1", 7000 + id[0] - 'a' + 1, id); };
  std::string text = "*" + std::to_string(ranges.size()) + "|";
  for (const Range& range : ranges) {
    text += std::string(range.replica.empty() ? "*3" : "*4") + "|:" + std::to_string(range.first) +
            "|:" + std::to_string(range.last) + "|" + node(range.master);
    if (!range.replica.empty()) text += node(range.replica);
  }
  const ReplyTree tree(text);
  auto map = SlotMap::read(*tree, asked);
  return map ? std::move(*map) : SlotMap();
}

/// Whom a walk visits whose masters have all on one page, while the map is another one at each step; the last one
/// stays.
std::string walked(const std::vector<const SlotMap*>& maps) {
  std::string walk, cursor = "0";
  for (std::size_t step = 0; step < 100; ++step) {
    const SlotMap& map = *maps[std::min(step, maps.size() - 1)];
    const auto place = scan_place(map, cursor);
    if (!place) return walk + "?";
    walk += map.owners()[place->owner].master.id + " ";
    cursor = scan_cursor(map, *place, "0");
    if (cursor == "0") break;
  }
  return walk;
}

}  // namespace

class SlotMapTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatNodesAnswerIsRead_data() {
    QTest::addColumn<QString>("reply");
    QTest::addColumn<QString>("map");
    const auto row = [](const char* name, const std::string& reply, const std::string& map) {
      QTest::newRow(name) << QString::fromStdString(reply) << QString::fromStdString(map);
    };
    row("two masters",
        "*2|*3|:8192|:16383|" + member("10.0.0.2", 7002, "b") + "*4|:0|:8191|" + member("10.0.0.1", 7001, "a") +
            member("10.0.0.3", 7003, "c"),
        "0+8192 a@10.0.0.1:7001 c@10.0.0.3:7003, 8192+8192 b@10.0.0.2:7002");
    row("a master with two ranges and a hole",
        "*2|*3|:0|:99|" + member("10.0.0.1", 7001, "a") + "*3|:200|:200|" + member("10.0.0.1", 7001, "a"),
        "0+101 a@10.0.0.1:7001");
    row("Redis 7 adds what else it knows of the node",
        "*1|*3|:0|:16383|*4|$8|10.0.0.1|:7001|$1|a|*2|$8|hostname|$6|node-a|", "0+16384 a@10.0.0.1:7001");
    row("Redis 6.2: no host yet is an empty one", "*1|*3|:0|:9|" + member("", 7001, "a"), "0+10 a@10.0.0.9:7001");
    row("an unknown endpoint is nil", "*1|*3|:0|:9|*4|$-1|:7001|$1|a|*0|", "0+10 a@10.0.0.9:7001");
    row("an unknown host name is a question mark", "*1|*3|:0|:9|" + member("?", 7001, "a"), "0+10 a@10.0.0.9:7001");
    row("IPv6", "*1|*3|:0|:9|" + member("fd00::1", 7001, "a"), "0+10 a@[fd00::1]:7001");
    row("a name", "*1|*3|:0|:9|" + member("redis-1.example", 7001, "a"), "0+10 a@redis-1.example:7001");
    row("no id", "*1|*3|:0|:9|*2|$8|10.0.0.1|:7001|", "0+10 @10.0.0.1:7001");
    row("no slots", "*0|", "! belongs to a cluster whose slots nobody serves");
    const std::string else_ = "! answers CLUSTER SLOTS with something else; is it a Redis?";
    row("a text", "$2|no|", else_);
    row("a range of one", "*1|*1|:1|", else_);
    row("a slot too high", "*1|*3|:0|:16384|" + member("h", 1, "a"), else_);
    row("a slot below nothing", "*1|*3|:-1|:5|" + member("h", 1, "a"), else_);
    row("a range the wrong way round", "*1|*3|:7|:5|" + member("h", 1, "a"), else_);
    row("port 0", "*1|*3|:0|:5|" + member("h", 0, "a"), else_);
    row("a port too high", "*1|*3|:0|:5|" + member("h", 65'536, "a"), else_);
    row("a node that is a number", "*1|*3|:0|:5|:7|", else_);
    row("a replica that is a text", "*1|*4|:0|:5|" + member("h", 1, "a") + "$1|x|", else_);
    row("no cluster", "-ERR This instance has cluster support disabled|",
        "! is no cluster: ERR This instance has cluster support disabled");
    row("forbidden", "-NOPERM this user has no permissions to run the 'cluster' command|",
        "! forbids CLUSTER SLOTS: NOPERM this user has no permissions to run the 'cluster' command");
  }
  void whatNodesAnswerIsRead() {
    QFETCH(QString, reply);
    QFETCH(QString, map);
    const ReplyTree tree(reply.toStdString());
    QVERIFY(tree);
    const auto read = SlotMap::read(*tree, asked);
    QCOMPARE(QString::fromStdString(read ? shown(*read) : "! " + read.error()), map);
  }

  void everySlotHasItsOwner() {
    const SlotMap map = map_of({{0, 5460, "a", "d"}, {5461, 10'922, "b"}, {10'923, 16'383, "c"}});
    QCOMPARE(map.assigned(), slot_count);
    for (unsigned slot = 0; slot < slot_count; ++slot) {
      const auto* owner = map.owner_of(static_cast<Slot>(slot));
      QVERIFY(owner != nullptr);
      QCOMPARE(owner->master.id, std::string(slot <= 5460 ? "a" : slot <= 10'922 ? "b" : "c"));
      QVERIFY(owner->slots[slot]);
    }
    QCOMPARE(map.nodes().size(), std::size_t{4});
    QCOMPARE(map.nodes().back().port, std::uint16_t{7004});
    QVERIFY(SlotMap().owner_of(0) == nullptr);
    QVERIFY(map_of({{5, 9, "a"}}).owner_of(4) == nullptr);
  }

  void aRedirectionMovesOneSlot() {
    SlotMap map = map_of({{0, 8191, "a"}, {8192, 16'383, "b"}});
    map.move(7, {"10.0.0.1", 7002});
    QCOMPARE(map.owner_of(7)->master.id, std::string("b"));
    QCOMPARE(map.owner_of(6)->master.id, std::string("a"));
    map.move(8, {"10.0.0.1", 7009});
    QCOMPARE(map.owner_of(8)->master.address.port, std::uint16_t{7009});
    QCOMPARE(map.owner_of(8)->slots.count(), std::size_t{1});
    QCOMPARE(map.assigned(), slot_count);
    SlotMap empty;
    empty.move(3, {"10.0.0.1", 7001});
    QCOMPARE(empty.assigned(), std::size_t{1});
  }

  void addressesAreRead_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    QTest::newRow("address") << u"10.0.0.1:6379"_qs << u"10.0.0.1:6379"_qs;
    QTest::newRow("name") << u"redis-1:6379"_qs << u"redis-1:6379"_qs;
    QTest::newRow("IPv6 as in a URL") << u"[fd00::1]:6379"_qs << u"[fd00::1]:6379"_qs;
    QTest::newRow("IPv6 as in MOVED") << u"fd00::1:6379"_qs << u"[fd00::1]:6379"_qs;
    QTest::newRow("the same host") << u":6380"_qs << u"10.0.0.9:6380"_qs;
    QTest::newRow("an unknown name") << u"?:6380"_qs << u"10.0.0.9:6380"_qs;
    QTest::newRow("no port") << u"10.0.0.1"_qs << u"-"_qs;
    QTest::newRow("port 0") << u"10.0.0.1:0"_qs << u"-"_qs;
    QTest::newRow("a port too high") << u"10.0.0.1:65536"_qs << u"-"_qs;
    QTest::newRow("a port with more") << u"10.0.0.1:63x"_qs << u"-"_qs;
  }
  void addressesAreRead() {
    QFETCH(QString, text);
    QFETCH(QString, address);
    const auto read = read_node_address(text.toStdString(), asked);
    QCOMPARE(QString::fromStdString(read ? read->to_text() : "-"), address);
  }

  // ---- SCAN over all masters

  void aWalkVisitsEachMasterInTheOrderOfTheirSlots() {
    const SlotMap map = map_of({{10'923, 16'383, "c"}, {0, 5460, "a"}, {5461, 10'922, "b"}});
    std::string walk, cursor = "0";
    do {
      const auto place = scan_place(map, cursor);
      QVERIFY(place.has_value());
      walk += map.owners()[place->owner].master.id + place->cursor + " ";
      cursor = scan_cursor(map, *place, place->cursor == "0" ? "17" : "0");
    } while (cursor != "0" && walk.size() < 100);
    QCOMPARE(walk, std::string("a0 a17 b0 b17 c0 c17 "));
  }

  void aWalkGoesOnWhenMastersChange() {
    const SlotMap before = map_of({{0, 5460, "a"}, {5461, 10'922, "b"}, {10'923, 16'383, "c"}});
    const std::string at_b = scan_cursor(before, *scan_place(before, "0"), "0");
    const std::string cursor = scan_cursor(before, *scan_place(before, at_b), "17");
    QVERIFY2(cursor.starts_with("5461-b-17-0-"), cursor.c_str());
    const SlotMap failed_over = map_of({{0, 5460, "a"}, {5461, 10'922, "d"}, {10'923, 16'383, "c"}});
    auto place = scan_place(failed_over, cursor);
    QVERIFY(place.has_value());
    QCOMPARE(failed_over.owners()[place->owner].master.id, std::string("d"));
    QCOMPARE(place->cursor, std::string("0"));  // another table: another order
    const std::string at_c = scan_cursor(failed_over, *place, "0");
    QVERIFY2(at_c.starts_with("10923-c-0-0-"), at_c.c_str());
    QCOMPARE(scan_cursor(failed_over, *scan_place(failed_over, at_c), "0"), std::string("0"));
    const SlotMap resharded = map_of({{0, 5500, "a"}, {5501, 10'922, "b"}, {10'923, 16'383, "c"}});
    place = scan_place(resharded, cursor);
    QVERIFY(place.has_value());
    QCOMPARE(resharded.owners()[place->owner].master.id, std::string("b"));
    QCOMPARE(place->cursor, std::string("17"));
  }

  void slotsThatMoveBringAnotherRound() {
    const SlotMap before = map_of({{0, 5460, "a"}, {5461, 10'922, "b"}, {10'923, 16'383, "c"}});
    // The last one has the lowest slots now: the walk is past them.
    const SlotMap after = map_of({{0, 100, "c"}, {101, 5460, "a"}, {5461, 10'922, "b"}, {10'923, 16'383, "c"}});
    QVERIFY(before.layout() != after.layout());
    QCOMPARE(walked({&before, &after}), std::string("a b c a b "));
    const SlotMap with_another =
        map_of({{0, 5460, "a"}, {5461, 10'922, "b"}, {10'923, 16'000, "c"}, {16'001, 16'383, "d"}});
    QCOMPARE(walked({&before, &before, &with_another}), std::string("a b c d a b c d "));
    std::vector<const SlotMap*> restless;  // a walk ends all the same
    for (int i = 0; i < 20; ++i) restless.push_back(i % 2 == 0 ? &before : &after);
    QVERIFY(walked(restless).size() < 4 * 8);
  }

  void theLayoutIsTheSameWhoeverServes() {
    const SlotMap map = map_of({{0, 5460, "a"}, {5461, 16'383, "b"}});
    QCOMPARE(map_of({{0, 5460, "d"}, {5461, 16'383, "a"}}).layout(), map.layout());
    SlotMap moved = map;
    moved.move(7, {"10.0.0.1", 7003});
    QVERIFY(moved.layout() != map.layout());
    moved.move(7, {"10.0.0.1", 7001});
    QCOMPARE(moved.layout(), map.layout());
    QVERIFY(map_of({{0, 5460, "a"}, {5462, 16'383, "b"}}).layout() != map.layout());
  }

  void whatIsNoCursorIsRefused() {
    const SlotMap map = map_of({{0, 8000, "a"}, {8002, 16'383, "b"}});
    QVERIFY(is_scan_cursor("0") && is_scan_cursor("5-a-1-0-1f") && scan_place(map, "5-a-1-0-1f"));
    for (const char* text : {"",
                             "17",
                             "x",
                             "00",
                             "5-a",
                             "5-a-1",
                             "5-a-1-0",
                             "5-a--0-1",
                             "5-a-x-0-1",
                             "5-a-1-x-1",
                             "5-a-1-0-x",
                             "5-a-1-0-",
                             "16384-a-1-0-1",
                             "-a-1-0-1",
                             "5-g-1-0-1",
                             "5-123456789-1-0-1",
                             "5-a-18446744073709551616-0-1",
                             "5-a-1-4-1",
                             "5-a-1-0-123456789",
                             "5-a-1-0-1-1"}) {
      QVERIFY2(!is_scan_cursor(text) && !scan_place(map, text), text);
    }
    QVERIFY(is_scan_cursor("8001-c-5-0-1") && !scan_place(map, "8001-c-5-0-1"));  // nobody serves that
    QVERIFY(!scan_place(SlotMap(), "0"));
  }

  // ---- Takeovers

  void onlyAReplacedMasterIsATakeover_data() {
    QTest::addColumn<QString>("after");
    QTest::addColumn<bool>("answers");
    QTest::addColumn<QString>("found");
    QTest::newRow("nothing changed") << u"a b"_qs << true << QString();
    QTest::newRow("its replica is the master now") << u"d b"_qs << false << u"a>d 8192"_qs;
    QTest::newRow("its replica was told to take over") << u"d b"_qs << true << u"a>d 8192"_qs;
    QTest::newRow("a replica that came later") << u"e b"_qs << false << u"a>e 8192"_qs;
    QTest::newRow("all slots were moved to a new master") << u"e b"_qs << true << QString();
    QTest::newRow("all slots were moved to another master") << u"b b"_qs << true << QString();
    QTest::newRow("some slots were moved") << u"a a"_qs << true << QString();
    QTest::newRow("both") << u"d e"_qs << false << u"a>d 8192, b>e 8192"_qs;
  }
  void onlyAReplacedMasterIsATakeover() {
    QFETCH(QString, after);
    QFETCH(bool, answers);
    QFETCH(QString, found);
    const SlotMap before = map_of({{0, 8191, "a", "d"}, {8192, 16'383, "b"}});
    const std::string ids = after.toStdString();
    const SlotMap now = map_of({{0, 8191, ids.substr(0, 1)}, {8192, 16'383, ids.substr(2, 1)}});
    QString text;
    for (const Takeover& one : takeovers(before, now, [answers](const Address&) { return answers; })) {
      text += (text.isEmpty() ? u""_qs : u", "_qs) + QString::fromStdString(one.from.id + ">" + one.to.id) + u" "_qs +
              QString::number(one.slots.count());
    }
    QCOMPARE(text, found);
  }

  void aRedirectionToTheReplicaIsATakeover() {
    const SlotMap map = map_of({{0, 8000, "a", "d"}, {8002, 16'383, "b"}});
    const auto one = takeover_of(map, 5, {"10.0.0.1", 7004});
    QVERIFY(one && one->from.id == "a" && one->to.id == "d");
    QCOMPARE(one->slots.count(), std::size_t{8001});
    QVERIFY(!takeover_of(map, 5, {"10.0.0.1", 7002}));  // a reshard
    QVERIFY(!takeover_of(map, 5, {"10.0.0.1", 7001}));
    QVERIFY(!takeover_of(map, 8002, {"10.0.0.1", 7004}));  // another master's replica
    QVERIFY(!takeover_of(map, 8001, {"10.0.0.1", 7004}));
    QVERIFY(!takeover_of(SlotMap(), 5, {"10.0.0.1", 7004}));
  }
};

QTEST_GUILESS_MAIN(SlotMapTest)
#include "slot_map_test.moc"
