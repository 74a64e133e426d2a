// The Overview over one to ten instances: a card each, Redis, sums, the menu of what the console runs itself.
#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "cluster_scene.h"
#include "dialogs/confirm_dialog.h"
#include "pages/overview_balancer.h"
#include "pages/overview_page.h"
#include "pages/overview_power.h"
#include "pages/overview_redis.h"
#include "pages/overview_sums.h"
#include "widgets/figure.h"
#include "widgets/inline_bar.h"
#include "widgets/key_value.h"
#include "widgets/limit_bar.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

namespace {

const QDateTime wall(QDate(2026, 11, 23), QTime(14, 32, 36));

QString spoken(const QWidget& widget) {
  QStringList texts;
  for (const auto* child : widget.findChildren<QWidget*>()) {
    if (!child->isVisibleTo(&widget)) continue;
    texts << child->accessibleName() << child->accessibleDescription();
    if (const auto* label = qobject_cast<const QLabel*>(child); label != nullptr) texts << label->text();
  }
  return texts.join(u'\n');
}

}  // namespace

class TestOverviewCluster : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<OverviewPage> page_;

  void show() {
    page_ = std::make_unique<OverviewPage>(Services{*cluster_, *themes_, *clipboard_},
                                           OverviewOptions{15'000, [] { return wall; }});
    page_->resize(1064, 704);
    page_->show();
    page_->setInView(true);
  }
  void open(int instances) {
    page_.reset();
    cluster_ = std::make_unique<FakeCluster>();
    setUpHybrid(*cluster_, wall, instances);
    addTraffic(*cluster_, wall, 300);
    addTokens(*cluster_, wall, 20);
    show();
  }
  [[nodiscard]] RedisCard& redisCard() const { return *page_->findChild<RedisCard*>(); }
  void changeRedis(const std::function<void(RedisInfo&)>& change) {
    RedisInfo redis = cluster_->redis();
    change(redis);
    cluster_->setRedis(redis);
    QTest::qWait(300);
  }
  [[nodiscard]] static QAction* entry(QMenu& menu, const QString& text) {
    for (QAction* action : menu.actions()) {
      if (action->text() == text) return action;
    }
    return nullptr;
  }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    clipboard_ = std::make_unique<ClipboardGuard>();
  }
  void cleanup() {
    page_.reset();
    cluster_.reset();
  }
  void cleanupTestCase() {
    clipboard_.reset();
    themes_.reset();
  }

  void anyNumberFitsAnyWindow() {
    for (const int count : {1, 2, 3, 4, 5, 10}) {
      open(count);
      QCOMPARE(page_->findChildren<InstanceCard*>().size(), count);
      for (const QSize size : {QSize(976, 544), QSize(1064, 704), QSize(1704, 984), QSize(2500, 1200)}) {
        page_->resize(size);
        QTest::qWait(10);
        const auto* scroll = page_->findChild<QScrollArea*>();
        QVERIFY2(scroll->widget()->width() <= scroll->viewport()->width(), qPrintable(QString::number(count)));
        QList<QRect> places;
        for (const auto* card : page_->findChildren<Card*>()) {
          if (!card->isVisible()) continue;
          const QRect place(card->mapTo(page_.get(), QPoint()), card->size());
          for (const QRect& other : std::as_const(places)) {
            QVERIFY2(!other.intersects(place), qPrintable(card->accessibleName()));
          }
          places << place;
        }
      }
    }
  }

  void theStateOfOneThatNeverAnsweredIsNotCut() {
    open(3);
    auto info = cluster_->instances()[1];
    info.id = QStringLiteral("127.0.0.1:8012");
    info.mode.clear();
    makeUnreachable(info, wall);
    cluster_->setInstance(info);
    const auto* card = page_->findChildren<InstanceCard*>().at(1);
    const auto word = [&]() -> const QWidget* {
      for (const auto* label : card->findChildren<QLabel*>())
        if (label->text() == QStringLiteral("Unreachable")) return label;
      return nullptr;
    };
    QTRY_VERIFY(word() != nullptr);
    QTRY_VERIFY(word()->width() >= word()->sizeHint().width());
    // Its name is its address, which is said once.
    QTRY_VERIFY(page_->findChild<PageHeader*>()->verdict().startsWith(
        QStringLiteral("Unreachable. 127.0.0.1:8012 does not answer (connection refused) since")));
  }

  void redisEndsTheRowOfThree() {
    open(3);
    const auto instances = page_->findChildren<InstanceCard*>();
    QCOMPARE(redisCard().mapTo(page_.get(), QPoint()).y(), instances.first()->mapTo(page_.get(), QPoint()).y());
    QVERIFY(redisCard().mapTo(page_.get(), QPoint()).x() > instances.last()->mapTo(page_.get(), QPoint()).x());
    QTRY_VERIFY(!page_->findChild<QScrollArea*>()->verticalScrollBar()->isVisible());
  }

  void redisSaysWhatItIsAndWhoSaysSo() {
    open(3);
    QCOMPARE(redisCard().accessibleName(), QStringLiteral("Redis, Live"));
    const QString text = spoken(redisCard());
    for (const char* part : {"Memory: 1.4 of 64 MiB, 2 %", "Round trip: 0.1 ms", "Commands: 31.0/s", "Policy: noeviction",
                             "127.0.0.1:41877, by a"}) {
      QVERIFY2((text + redisCard().accessibleDescription()).contains(QLatin1String(part)), qPrintable(text));
    }
    changeRedis([](RedisInfo& redis) {
      redis.source = RedisInfo::Source::Direct;
      redis.roundTripMs = 0.2;
      redis.policy = QStringLiteral("allkeys-lru");
    });
    QCOMPARE(redisCard().accessibleName(), QStringLiteral("Redis, Warning"));
    QVERIFY(redisCard().accessibleDescription().contains(QStringLiteral("direct")));
    changeRedis([](RedisInfo& redis) {
      redis.policy.clear();
      redis.usedMemory.reset();
      redis.opsPerSec.reset();
    });
    for (const char* part : {"Memory: unknown", "Commands: unknown", "Policy: unknown"}) {
      QVERIFY2(spoken(redisCard()).contains(QLatin1String(part)), part);
    }
  }

  void redisThatIsAwayKeepsItsValuesAndSaysTheirAge() {
    open(3);
    changeRedis([](RedisInfo& redis) { makeDown(redis); });
    QCOMPARE(redisCard().accessibleName(), QStringLiteral("Redis, Unreachable"));
    QVERIFY(redisCard().accessibleDescription().endsWith(QStringLiteral("12 s old")));
    QVERIFY(spoken(redisCard()).contains(QStringLiteral("1.4 of 64 MiB")));
    auto* bar = page_->findChild<InlineBar*>();
    QVERIFY(bar->text().startsWith(QStringLiteral("Redis at 127.0.0.1:41877 does not answer (connection refused). Each "
                                                  "instance still accepts the tokens it has seen; for others it answers 503.")));
    for (const auto* card : page_->findChildren<InstanceCard*>())
      QVERIFY(card->accessibleName().endsWith(QStringLiteral("Degraded")));
    QSignalSpy opened(page_.get(), &Page::openPage);
    for (auto* button : bar->findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Open Redis")) button->click();
    }
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.first().first().value<PageId>(), PageId::Redis);
    changeRedis([](RedisInfo& redis) { redis = healthyRedis(3); });
    QVERIFY(bar->isHidden());
  }

  void withoutRedisItSaysWhy() {
    open(2);
    for (int slot = 0; slot < 2; ++slot) {
      auto info = cluster_->instances()[slot];
      info.mode = QStringLiteral("memory");
      info.redisConfigured = false;
      cluster_->setInstance(info);
    }
    changeRedis([](RedisInfo& redis) { redis = {}; });
    QVERIFY(spoken(redisCard()).contains(QStringLiteral("No Redis: memory mode.")) ||
            redisCard().accessibleDescription().contains(QStringLiteral("No Redis: memory mode.")));
    QVERIFY(page_->findChild<PageHeader*>()->verdict().contains(QStringLiteral("each knows only its own tokens")));
  }

  void aBackendWithThePublicCallsIsUnknownNotZero() {
    open(2);
    cluster_->addInstance(publicOnly(QStringLiteral("py-1"), 2, wall));
    QTest::qWait(300);
    const auto* card = page_->findChildren<InstanceCard*>().last();
    QStringList said;
    for (const auto* figure : card->findChildren<Figure*>()) said << figure->text();
    QCOMPARE(said, QStringList({QStringLiteral("26"), QStringLiteral("unknown"), QStringLiteral("unknown"),
                                QStringLiteral("unknown"), QStringLiteral("unknown")}));
    const QString sums = spoken(*page_->findChild<SumStrip*>());
    QVERIFY(sums.contains(QStringLiteral("2 of 3 instances report")));
    QVERIFY(sums.contains(QStringLiteral("Live tokens: 149")));
    QCOMPARE(page_->findChild<PageHeader*>()->mark(), Mark::Live);
  }

  void theBalancerIsThereWhenTheProfileHasOne() {
    open(2);
    QVERIFY(page_->findChild<BalancerCard*>()->isHidden());
    cluster::Profile profile = cluster_->profile();
    profile.balancer = QUrl(QStringLiteral("http://10.4.0.5:8080"));
    cluster_->setProfile(profile);
    QSignalSpy opened(page_.get(), &Page::openPage);
    cluster_->setInstance(cluster_->instances().first());
    QTRY_VERIFY(!page_->findChild<BalancerCard*>()->isHidden());
    QVERIFY(spoken(*page_->findChild<BalancerCard*>()).contains(QStringLiteral("cross-instance test")));
  }

  void theBadgeIsToldToWhoComesLater() {
    cluster_ = std::make_unique<FakeCluster>();
    setUpHybrid(*cluster_, wall, 3);
    auto info = cluster_->instances()[1];
    makeUnreachable(info, wall);
    cluster_->setInstance(info);
    page_ = std::make_unique<OverviewPage>(Services{*cluster_, *themes_, *clipboard_},
                                           OverviewOptions{15'000, [] { return wall; }});
    QSignalSpy badges(page_.get(), &Page::badgeChanged);
    page_->setInView(true);
    QVERIFY(!badges.isEmpty());
    QCOMPARE(badges.last().first().value<Badge>(), (Badge{QStringLiteral("1"), false, true}));
  }

  void whatCanBeDoneToAProcess_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<QStringList>("enabled");
    using State = cluster::NodeInfo::State;
    const auto row = [](const char* name, State state, const QStringList& enabled) {
      QTest::newRow(name) << static_cast<int>(state) << enabled;
    };
    row("running", State::Running, {QStringLiteral("Stop"), QStringLiteral("Pause"), QStringLiteral("Kill")});
    row("starting", State::Starting, {QStringLiteral("Stop"), QStringLiteral("Kill")});
    row("paused", State::Paused, {QStringLiteral("Resume"), QStringLiteral("Kill")});
    row("stopping", State::Stopping, {QStringLiteral("Kill")});
    row("stopped", State::Stopped, {QStringLiteral("Start")});
    row("failed", State::Failed, {QStringLiteral("Start")});
  }
  void whatCanBeDoneToAProcess() {
    QFETCH(int, state);
    QFETCH(QStringList, enabled);
    open(3);
    QMenu none;
    addPowerEntries(none, *cluster_, 1, page_.get());
    QVERIFY(none.actions().isEmpty());  // not ours: there is nothing to choose

    cluster_->supervise().setState(1, static_cast<cluster::NodeInfo::State>(state));
    QMenu menu;
    addPowerEntries(menu, *cluster_, 1, page_.get());
    QStringList can;
    for (const QAction* action : menu.actions()) {
      if (action->isSeparator()) continue;
      if (action->isEnabled()) can << action->text();
      else QVERIFY2(!action->toolTip().isEmpty() && action->toolTip() != action->text(), qPrintable(action->text()));
    }
    QCOMPARE(can, enabled);

    cluster_->setCanChange(false);
    QMenu readOnly;
    addPowerEntries(readOnly, *cluster_, 1, page_.get());
    for (const QAction* action : readOnly.actions()) {
      if (action->isSeparator()) continue;
      QVERIFY(!action->isEnabled() && action->toolTip().contains(QStringLiteral("Ctrl+Shift+L")));
    }
  }

  void whatEndsSomethingAsksFirst() {
    open(3);
    auto& supervisor = cluster_->supervise();
    QMenu menu;
    addPowerEntries(menu, *cluster_, 1, page_.get());
    entry(menu, QStringLiteral("Pause"))->trigger();
    QCOMPARE(supervisor.asked, QStringList{QStringLiteral("pause 1")});
    QPointer<ConfirmDialog> dialog;
    const auto ask = [&](QMenu& from, const QString& verb) {
      entry(from, verb)->trigger();
      dialog = page_->findChild<ConfirmDialog*>();
      return dialog != nullptr;
    };
    QVERIFY(ask(menu, QStringLiteral("Kill")));
    QCOMPARE(supervisor.asked.size(), 1);
    dialog->cancelButton()->click();
    QTRY_VERIFY(dialog.isNull());
    QCOMPARE(supervisor.asked.size(), 1);
    QVERIFY(ask(menu, QStringLiteral("Stop")));
    dialog->verbButton()->click();
    QCOMPARE(supervisor.asked.last(), QStringLiteral("stop 1"));
    QTRY_VERIFY(dialog.isNull());

    QMenu redis;
    addPowerEntries(redis, *cluster_, -1, page_.get());
    QVERIFY(ask(redis, QStringLiteral("Kill")));
    dialog->verbButton()->click();
    QCOMPARE(supervisor.asked.last(), QStringLiteral("kill 3"));
    QTRY_VERIFY(dialog.isNull());

    auto info = cluster_->instances()[1];
    info.streams = 1;
    cluster_->setInstance(info);
    QVERIFY(ask(menu, QStringLiteral("Kill")));
    QVERIFY(spoken(*dialog).contains(QStringLiteral("1 open stream")));
    QVERIFY(!spoken(*dialog).contains(QStringLiteral("1 open streams")));
    dialog->cancelButton()->click();
  }

  void theBarStartsAgainWhatRunsHere() {
    open(3);
    const auto& bar = *page_->findChild<InlineBar*>();
    const auto buttons = [&bar] {
      QStringList texts;
      for (const auto* each : bar.findChildren<QPushButton*>())
        if (each->isVisibleTo(&bar)) texts << each->text();
      return texts;
    };
    const auto press = [&bar](const QString& text) {
      for (auto* each : bar.findChildren<QPushButton*>())
        if (each->text() == text) return each->click();
    };
    auto info = cluster_->instances()[1];
    makeUnreachable(info, wall);
    cluster_->setInstance(info);
    QTRY_VERIFY(bar.isVisible());
    QCOMPARE(buttons().first(), QStringLiteral("Retry now"));  // it isn't ours

    auto& supervisor = cluster_->supervise();
    supervisor.setState(1, cluster::NodeInfo::State::Failed);
    cluster_->setInstance(info);
    QTRY_COMPARE(buttons().first(), QStringLiteral("Start b"));
    press(QStringLiteral("Start b"));
    QCOMPARE(supervisor.asked, QStringList{QStringLiteral("start 1")});
    supervisor.setState(1, cluster::NodeInfo::State::Paused);
    cluster_->setInstance(info);
    QTRY_COMPARE(buttons().first(), QStringLiteral("Resume b"));
    press(QStringLiteral("Resume b"));
    QCOMPARE(supervisor.asked.last(), QStringLiteral("resume 1"));

    supervisor.setState(1, cluster::NodeInfo::State::Running);
    auto well = hybridInstance(QStringLiteral("b"), 1, wall);
    well.slot = 1;
    cluster_->setInstance(well);
    supervisor.setState(3, cluster::NodeInfo::State::Stopped);
    changeRedis([](RedisInfo& redis) { makeDown(redis); });
    QTRY_COMPARE(buttons().first(), QStringLiteral("Start Redis"));
    press(QStringLiteral("Start Redis"));
    QCOMPARE(supervisor.asked.last(), QStringLiteral("start 3"));
  }
};

QTEST_MAIN(TestOverviewCluster)
#include "test_overview_cluster.moc"
