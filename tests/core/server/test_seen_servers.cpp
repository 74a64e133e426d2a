// Servers of a Sentinel group that were there once.
#include <QTest>
#include <initializer_list>

#include "server/seen_servers.h"

using namespace vx11;
using server::SeenServers;

namespace {

/// The first one is the master.
[[nodiscard]] std::vector<redis::DataNode> group(std::initializer_list<const char*> addresses) {
  std::vector<redis::DataNode> nodes;
  for (const char* address : addresses) {
    redis::DataNode& node = nodes.emplace_back();
    node.address = address;
    node.role = nodes.size() == 1 ? "master" : "replica";
  }
  return nodes;
}

[[nodiscard]] std::vector<redis::SentinelView> sentinels(std::initializer_list<int> replicas) {
  std::vector<redis::SentinelView> views;
  for (const int count : replicas) {
    redis::SentinelView& view = views.emplace_back();
    if (count >= 0) view.replicas = count;
  }
  return views;
}

[[nodiscard]] QString addresses_of(const std::vector<redis::DataNode>& nodes) {
  QStringList all;
  for (const redis::DataNode& node : nodes) all << QString::fromStdString(node.address);
  return all.join(' ');
}

}  // namespace

class TestSeenServers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aKilledMasterIsMissedAndComesBack() {
    SeenServers seen;
    seen.note(group({"a:1", "b:2", "c:3"}));
    QCOMPARE(addresses_of(seen.missing(group({"a:1", "b:2", "c:3"}), sentinels({2, 2, 2}))), QString());
    const auto now = group({"b:2", "c:3"});
    seen.note(now);
    const auto missing = seen.missing(now, sentinels({2, -1, 2}));
    QCOMPARE(addresses_of(missing), QString("a:1"));
    QCOMPARE(missing[0].role, std::string("replica"));
    QCOMPARE(missing[0].master, std::string("b:2"));
    QCOMPARE(missing[0].state, std::string("down"));
    QVERIFY(!missing[0].link_up);
    QCOMPARE(addresses_of(seen.missing(group({"b:2", "c:3", "a:1"}), sentinels({2, 2}))), QString());
  }

  void whatTheSentinelsForgotIsForgotten() {
    SeenServers seen;
    seen.note(group({"a:1", "b:2", "c:3"}));
    const auto now = group({"a:1", "b:2"});
    QCOMPARE(addresses_of(seen.missing(now, sentinels({2, 2}))), QString("c:3"));
    QCOMPARE(addresses_of(seen.missing(now, sentinels({1, 1}))), QString());
    QCOMPARE(addresses_of(seen.missing(now, {})), QString());
  }

  void theLastSeenComeFirst() {
    SeenServers seen;
    seen.note(group({"old:1", "b:2"}));
    seen.note(group({"b:2", "newer:3"}));
    seen.note(group({"b:2", "d:4"}));
    QCOMPARE(addresses_of(seen.missing(group({"b:2", "d:4"}), sentinels({2}))), QString("newer:3"));
    QCOMPARE(addresses_of(seen.missing(group({"b:2", "d:4"}), sentinels({3}))), QString("newer:3 old:1"));
  }

  void withoutAMasterNothingIsSaid() {
    SeenServers seen;
    seen.note(group({"a:1", "b:2"}));
    QCOMPARE(addresses_of(seen.missing({}, sentinels({1}))), QString());
  }
};

QTEST_GUILESS_MAIN(TestSeenServers)
#include "test_seen_servers.moc"
