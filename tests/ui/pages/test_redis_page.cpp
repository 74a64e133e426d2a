// The Redis page over a Sentinel group and a cluster: what it says in each kind of trouble, and that it fits. With
// VX11_SHOTS each situation is drawn, in both themes and three sizes.
#include <QApplication>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "redis_scene.h"

#include "cluster_stage.h"
#include "pages/fact_table.h"
#include "pages/overview_page.h"
#include "pages/overview_power.h"
#include "pages/redis_facts.h"
#include "pages/redis_group.h"
#include "pages/redis_page.h"
#include "pages/redis_topology.h"
#include "widgets/inline_bar.h"
#include "widgets/key_value.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;
namespace stage = vx11::ui::testing;

namespace {

const QDateTime now(QDate(2026, 11, 23), QTime(14, 32, 36));
using Change = std::function<void(RedisInfo&)>;

struct Situation {
  const char* name;
  bool cluster;
  Change change;
  const char* phrase;  ///< the verdict's
  QStringList says;    ///< all of it stands in the verdict, the bar or the tree
  Mark mark;
};

QList<Situation> situations() {
  const auto first = [](RedisInfo& info) -> RedisNode& { return info.servers.nodes[0]; };
  const auto second = [](RedisInfo& info) -> RedisNode& { return info.servers.nodes[1]; };
  return {
      {"redis-sentinel",
       false,
       [](RedisInfo&) {},
       "Healthy.",
       {QStringLiteral("Sentinel: master 10.4.0.21:6379, 2 replicas, 3 sentinels"),
        QStringLiteral("quorum 2 of 3, all agree"), QStringLiteral("no failover seen")},
       Mark::Live},
      {"redis-sentinel-failing-over",
       false,
       makeMasterFailOver,
       "Down.",
       {QStringLiteral("The sentinels replace the master 10.4.0.21:6379"), QStringLiteral("Failing over")},
       Mark::Unreachable},
      {"redis-sentinel-failed-over",
       false,
       [](RedisInfo& info) { makeFailedOver(info, now); },
       "Warning.",
       {QStringLiteral("A replica that the sentinels know is not connected"),
        QStringLiteral("1 failover, the last 12 s ago"), QStringLiteral("Master 10.4.0.22:6379: Live")},
       Mark::Warning},
      {"redis-sentinel-link-down",
       false,
       [=](RedisInfo& info) { second(info).linkUp = false; },
       "Warning.",
       {QStringLiteral("The replica 10.4.0.22:6379 has lost its master"), QStringLiteral("Link down")},
       Mark::Warning},
      {"redis-sentinel-slow",
       false,
       [=](RedisInfo& info) {
         second(info).lagSec = 4;
         second(info).lagBytes = 120'000;
       },
       "Warning.",
       {QStringLiteral("The replica 10.4.0.22:6379 is behind"), QStringLiteral("lag 4 s, 117 KiB behind")},
       Mark::Warning},
      {"redis-sentinel-silent",
       false,
       [](RedisInfo& info) { makeSilent(info.servers.sentinels[2]); },
       "Warning.",
       {QStringLiteral("The sentinel 10.4.0.33:26379 does not answer"), QStringLiteral("2 of 3 agree"),
        QStringLiteral("10.4.0.33:26379 no answer")},
       Mark::Warning},
      {"redis-sentinels-all-silent",
       false,
       [](RedisInfo& info) {
         for (RedisSentinel& one : info.servers.sentinels) {
           one.up = false;
           one.error = QStringLiteral("connection refused");
         }
       },
       "Warning.",
       {QStringLiteral("No sentinel answers"), QStringLiteral("0 of 3 agree")},
       Mark::Warning},
      {"redis-sentinels-disagree",
       false,
       [](RedisInfo& info) { info.servers.sentinels[1].master = secondServer; },
       "Warning.",
       {QStringLiteral("The sentinels don’t agree on the master: 10.4.0.21:6379 and 10.4.0.22:6379"),
        QStringLiteral("2 of 3 agree"), QStringLiteral("names another master")},
       Mark::Warning},
      {"redis-sentinel-no-quorum",
       false,
       [](RedisInfo& info) {
         for (RedisSentinel& one : info.servers.sentinels) one.canFailOver = false;
       },
       "Warning.",
       {QStringLiteral("The sentinels are too few for a failover")},
       Mark::Warning},
      {"redis-sentinel-stranger",
       false,
       [](RedisInfo& info) { info.servers.sentinels[0].master.clear(); },
       "Warning.",
       {QStringLiteral("10.4.0.31:26379 doesn’t know the master \"mymaster\"")},
       Mark::Warning},
      {"redis-sentinel-no-replica",
       false,
       [](RedisInfo& info) { info.servers.nodes.resize(1); },
       "Warning.",
       {QStringLiteral("The master has no replica")},
       Mark::Warning},
      {"redis-refused",
       false,
       [](RedisInfo& info) {
         info.servers.refused = QStringLiteral("NOPERM this user has no permissions to run the 'xread' command");
       },
       "Warning.",
       {QStringLiteral("Redis refuses a command: NOPERM"), QStringLiteral("'xread' command"),
        QStringLiteral("packaging/redis/users.acl")},
       Mark::Warning},
      {"redis-takes-no-writes",
       false,
       [](RedisInfo& info) { info.servers.refused = QStringLiteral("NOREPLICAS Not enough good replicas to write."); },
       "Warning.",
       {QStringLiteral("Redis refuses a command: NOREPLICAS Not enough good replicas to write"),
        QStringLiteral("takes no writes until enough replicas follow it (min-replicas-to-write)")},
       Mark::Warning},
      {"redis-too-few-replicas",
       false,
       [](RedisInfo& info) {
         info.servers.wait = 3;
         info.servers.fewestReplicas = 2;
       },
       "Warning.",
       {QStringLiteral("Writes wait for 3 replicas, and a master has 2")},
       Mark::Warning},
      {"redis-cluster",
       true,
       [](RedisInfo&) {},
       "Healthy.",
       {QStringLiteral("Cluster: 3 masters, 3 replicas"), QStringLiteral("slots 0–5460, 428 keys"),
        QStringLiteral("state ok, 16,384 of 16,384 slots served, 6 nodes")},
       Mark::Live},
      {"redis-cluster-master-failed",
       true,
       [=](RedisInfo& info) {
         first(info).state = QStringLiteral("failed");
         first(info).linkUp = false;
         info.up = false;
         info.error = QStringLiteral("10.4.0.41:6379 is away");
         info.servers.partly = true;
         info.servers.state->state = QStringLiteral("fail");
         info.servers.state->slotsOk = 10'923;
       },
       "Partly down.",
       {QStringLiteral("The master 10.4.0.41:6379 is down"), QStringLiteral("can’t be told (503)"),
        QStringLiteral("state fail, 10,923 of 16,384 slots served")},
       Mark::Unreachable},
      {"redis-cluster-replaced",
       true,
       [=](RedisInfo& info) {
         first(info).state = QStringLiteral("failed");
         first(info).slotRanges.clear();
         second(info).role = QStringLiteral("master");
         second(info).slotRanges = QStringLiteral("0-5460");
         info.servers.failovers = 1;
         info.servers.lastFailoverAt = now.toSecsSinceEpoch() - 240;
       },
       "Warning.",
       {QStringLiteral("10.4.0.41:6379 is down and has been replaced"), QStringLiteral("no slots"),
        QStringLiteral("1 failover, the last 4 min ago")},
       Mark::Warning},
      {"redis-cluster-suspected",
       true,
       [=](RedisInfo& info) { first(info).state = QStringLiteral("suspected"); },
       "Warning.",
       {QStringLiteral("10.4.0.41:6379 is not reached by a part of the others")},
       Mark::Warning},
      {"redis-cluster-slots-missing",
       true,
       [=](RedisInfo& info) {
         first(info).slotRanges = QStringLiteral("0-100 200-300 400-500 600-5460");
         info.servers.state->slotsAssigned = info.servers.state->slotsOk = 16'087;
         info.servers.state->state = QStringLiteral("fail");
       },
       "Partly down.",
       {QStringLiteral("297 of 16,384 slots belong to nobody"), QStringLiteral("in 4 ranges")},
       Mark::Unreachable},
      {"redis-cluster-replica-down",
       true,
       [=](RedisInfo& info) { second(info).state = QStringLiteral("failed"); },
       "Warning.",
       {QStringLiteral("The replica 10.4.0.51:6379 is down"), QStringLiteral("It can’t take over")},
       Mark::Warning},
  };
}

}  // namespace

class TestRedisPage : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<RedisPage> page_;

  void open(const RedisInfo& redis) {
    cluster_ = std::make_unique<FakeCluster>();
    setUpHybrid(*cluster_, now);
    cluster_->setRedis(redis);
    page_ = std::make_unique<RedisPage>(Services{*cluster_, *themes_, *clipboard_}, nullptr, [] { return now; });
    page_->resize(1063, 703);
    page_->show();
    page_->setInView(true);
  }
  [[nodiscard]] RedisTopology& topology() const { return *page_->findChild<RedisTopology*>(); }
  [[nodiscard]] PageHeader& header() const { return *page_->findChild<PageHeader*>(); }
  /// Verdict, bar and tree: whatever a person reads of it.
  [[nodiscard]] QString said() const { return header().verdict() + u'\n' + stage::textOf(*page_); }

 private Q_SLOTS:
  void init() {
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    themes_ = std::make_unique<ThemeManager>();
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) themes_->choose(choice);
    clipboard_ = std::make_unique<ClipboardGuard>();
  }
  void cleanup() {
    page_.reset();
    cluster_.reset();
  }

  void saysWhatIsWrong_data() {
    QTest::addColumn<int>("number");
    const auto all = situations();
    for (int i = 0; i < all.size(); ++i) QTest::newRow(all[i].name) << i;
  }
  void saysWhatIsWrong() {
    QFETCH(int, number);
    const Situation situation = situations()[number];
    RedisInfo redis = situation.cluster ? redisCluster() : sentinelGroup();
    situation.change(redis);
    open(redis);
    addTraffic(*cluster_, now, 400);
    cluster_->setRedis(redis);
    QVERIFY2(header().verdict().startsWith(QLatin1String(situation.phrase)), qPrintable(header().verdict()));
    QCOMPARE(header().mark(), situation.mark);
    for (const QString& words : situation.says)
      QVERIFY2(said().contains(words), qPrintable(words + QStringLiteral("\nnot in:\n") + said()));
    stage::shoot(*page_, *themes_, QLatin1String(situation.name));
  }

  void whatIsWrongStandsOnTheOverviewToo() {
    RedisInfo redis = sentinelGroup();
    makeSilent(redis.servers.sentinels[2]);
    open(redis);
    OverviewPage overview(Services{*cluster_, *themes_, *clipboard_}, OverviewOptions{15'000, [] { return now; }});
    overview.resize(1063, 703);
    overview.show();
    overview.setInView(true);
    const QString text = stage::textOf(overview);
    QVERIFY2(overview.findChild<PageHeader*>()->verdict().contains(
                 QStringLiteral("The sentinel 10.4.0.33:26379 does not answer")),
             qPrintable(overview.findChild<PageHeader*>()->verdict()));
    QVERIFY2(text.contains(QStringLiteral("Sentinel: master 10.4.0.21:6379, 2 replicas, 2 of 3 sentinels")),
             qPrintable(text));
    stage::shoot(overview, *themes_, QStringLiteral("overview-sentinel"));
  }

  void differentMastersForAMomentAreNoDifference() {
    RedisInfo redis = sentinelGroup();
    makeFailedOver(redis, now);  // one instance still names the former one
    open(redis);
    QVERIFY2(!said().contains(QStringLiteral("fra-1 uses")) && !said().contains(QStringLiteral(" uses 10.4")),
             qPrintable(said()));
  }

  void theServersStayWhenNobodyTells() {
    RedisInfo redis = sentinelGroup();
    open(redis);
    cluster_->setNow(sceneNow + 60'000);
    redis.up.reset();
    redis.error = QStringLiteral("no instance answers that could tell");
    cluster_->setRedis(redis);
    page_->tick();
    QVERIFY(topology().accessibleName().contains(QStringLiteral("Replica 10.4.0.22:6379: Unknown")));
    QVERIFY(topology().accessibleName().contains(QStringLiteral("10.4.0.31:26379")));
    stage::shoot(*page_, *themes_, QStringLiteral("redis-sentinel-old"));
  }

  void theCountsSayWhatIsLeft() {
    RedisInfo group = sentinelGroup();
    QCOMPARE(redis::groupCounts(group), QStringLiteral("2 replicas, 3 sentinels"));
    group.servers.nodes[1].state = QStringLiteral("down");
    makeSilent(group.servers.sentinels[2]);
    QCOMPARE(redis::groupCounts(group), QStringLiteral("1 of 2 replicas, 2 of 3 sentinels"));
  }

  void itCountsTheTokensOfForeignIssuers() {
    const auto row = [this] {
      for (auto* each : page_->findChildren<KeyValueRow*>())
        if (each->accessibleName().startsWith(QStringLiteral("Tokens: "))) return each;
      return static_cast<KeyValueRow*>(nullptr);
    };
    open(healthyRedis(3));
    QVERIFY(row() != nullptr);
    auto& tokens = cluster_->fakeTokens();
    tokens.setIssuerNames({cluster_->instances().first().id, QStringLiteral("py-1"), QStringLiteral("py-2")});
    QList<cluster::TokenRow> rows;
    for (quint32 i = 0; i < 398; ++i) {
      rows << cluster::testing::makeRow(i);
      rows.last().issuer = i < 26 ? 1 : 0;
    }
    tokens.reset(rows);
    cluster_->setRedis(healthyRedis(3));
    QCOMPARE(row()->value(), QStringLiteral("398 live, 26 by py-1 (foreign)"));
    stage::shoot(*page_, *themes_, QStringLiteral("redis-foreign"));
    rows[0].issuer = 2;
    rows[1].issuer = -1;
    tokens.reset(rows);
    cluster_->setRedis(healthyRedis(3));
    QCOMPARE(row()->value(), QStringLiteral("398 live, 26 by 3 foreign issuers"));
    QVERIFY(row()->toolTip().contains(QStringLiteral("py-1: 24\nan issuer without a name: 1\npy-2: 1")));
    QVERIFY(row()->accessibleDescription().contains(QStringLiteral("py-1: 24")));
    tokens.setUpdatedAt(-1);
    cluster_->setRedis(healthyRedis(3));
    QCOMPARE(row()->value(), QStringLiteral("unknown"));
  }

  void roundTripsHaveTheirDigitsByWhatIsWritten() {
    RedisInfo one = healthyRedis(3);
    one.seenBy[0].roundTripP50 = 0.09;
    one.seenBy[1].roundTripP50 = 0.0987;
    one.seenBy[2].roundTripP50 = 9.97;
    open(one);
    QStringList written;
    for (const QList<Fact>& line : redis::roundTrips(one, cluster_->instances())) written << line.at(1).text;
    QCOMPARE(written, (QStringList{QStringLiteral("0.09"), QStringLiteral("0.1"), QStringLiteral("10")}));
  }

  void itsTablesKeepTheirWidths() {
    const auto tables = [this] { return page_->findChildren<FactTable*>(); };
    open(sentinelGroup());
    const QVariantMap first = page_->viewState();
    QCOMPARE(tables().size(), 2);
    for (FactTable* table : tables()) table->setColumnWidth(1, 137);
    const QVariantMap kept = page_->viewState();
    QVERIFY(kept != first);
    open(sentinelGroup());
    page_->restoreViewState(kept);
    for (FactTable* table : tables()) QCOMPARE(table->columnWidth(1), 137);
    page_->restoreViewState({{kept.firstKey(), QVariantList{-1, 100'000, QStringLiteral("broad")}}});
    for (FactTable* table : tables()) QCOMPARE(table->columnWidth(1), 137);
    page_->restoreViewState(first);
    QCOMPARE(page_->viewState(), first);
  }

  void theBarStartsTheServerThatIsGone() {
    RedisInfo group = sentinelGroup();
    makeFailedOver(group, now);
    open(group);
    auto& supervisor = cluster_->supervise();
    using Kind = cluster::NodeInfo::Kind;
    using State = cluster::NodeInfo::State;
    supervisor.setNodes({{QStringLiteral("redis-1"), Kind::Redis, State::Failed, -1, 0, {}, firstServer},
                         {QStringLiteral("redis-2"), Kind::Redis, State::Running, -1, 12, {}, secondServer}});
    cluster_->setRedis(group);
    QPushButton* button = nullptr;
    for (auto* each : page_->findChild<InlineBar*>()->findChildren<QPushButton*>())
      if (each->text() == QStringLiteral("Start redis-1")) button = each;
    QVERIFY(button != nullptr);
    button->click();
    QCOMPARE(supervisor.asked, QStringList{QStringLiteral("start 0")});

    RedisInfo halved = sentinelGroup();
    makeSilent(halved.servers.sentinels[2]);
    supervisor.setNodes({{QStringLiteral("redis-1"), Kind::Redis, State::Running, -1, 11, {}, firstServer},
                         {QStringLiteral("sentinel-3"), Kind::Sentinel, State::Paused, -1, 13, {}, {}}});
    cluster_->setRedis(halved);
    QVERIFY(stage::buttonOf(*page_->findChild<InlineBar*>(), QStringLiteral("Resume sentinel-3")));
  }

  void itIsAsHighAsItsBoxesNeed() {
    open(sentinelGroup());
    const int group = topology().minimumSizeHint().height();
    page_.reset();
    open(redisCluster());
    const int cluster = topology().minimumSizeHint().height();
    QVERIFY2(cluster > group, qPrintable(QStringLiteral("%1 %2").arg(cluster).arg(group)));
    QVERIFY(topology().height() >= cluster);
    RedisInfo many = redisCluster();
    for (int i = 0; i < 60; ++i)
      many.servers.nodes << masterNode(QStringLiteral("10.5.0.%1:6379").arg(i), QString::number(i));
    cluster_->setRedis(many);
    QCOMPARE(topology().tree().rows.size(), 32);
    QCOMPARE(topology().tree().leftOut, 31);
  }

  void aServerThatRunsHereCanBeKilledFromItsBox() {
    open(sentinelGroup());
    QMenu none;
    QVERIFY(!addServerEntries(none, *cluster_, firstServer, page_.get()));
    auto& supervisor = cluster_->supervise();
    QList<cluster::NodeInfo> nodes = supervisor.nodes();
    nodes.removeLast();
    using Kind = cluster::NodeInfo::Kind;
    using State = cluster::NodeInfo::State;
    nodes.append({QStringLiteral("redis-1"), Kind::Redis, State::Running, -1, 11, {}, firstServer});
    nodes.append({QStringLiteral("redis-2"), Kind::Redis, State::Running, -1, 12, {}, secondServer});
    nodes.append({QStringLiteral("sentinel-1"), Kind::Sentinel, State::Running, -1, 13, {}, QStringLiteral("s:1")});
    supervisor.setNodes(nodes);
    QMenu menu;
    QVERIFY(addServerEntries(menu, *cluster_, secondServer, page_.get()));
    QStringList verbs;
    for (const QAction* action : menu.actions())
      if (!action->isSeparator()) verbs << action->text();
    QCOMPARE(verbs, (QStringList{QStringLiteral("Start"), QStringLiteral("Stop"), QStringLiteral("Pause"),
                                 QStringLiteral("Resume"), QStringLiteral("Kill")}));
    QMenu all;
    addPowerEntries(all, *cluster_, -1, page_.get());
    QStringList names;
    for (const QAction* action : all.actions())
      if (action->menu() != nullptr) names << action->text();
    QCOMPARE(names, (QStringList{QStringLiteral("redis-1, 10.4.0.21:6379"), QStringLiteral("redis-2, 10.4.0.22:6379"),
                                 QStringLiteral("sentinel-1, s:1")}));
  }
};

QTEST_MAIN(TestRedisPage)
#include "test_redis_page.moc"
