// The Overview over a cluster that does what the test says: first start, the first token, an instance that goes away.
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "core/cluster/fake_cluster.h"
#include "pages/later_page.h"
#include "pages/overview_cache.h"
#include "pages/overview_first.h"
#include "pages/overview_page.h"
#include "pages/overview_recent.h"
#include "pages/overview_steps.h"
#include "pages/overview_sums.h"
#include "pages/overview_tokens.h"
#include "widgets/figure.h"
#include "widgets/inline_bar.h"
#include "widgets/key_value.h"
#include "widgets/link_button.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::InstanceInfo;
using cluster::InstanceState;
using cluster::Metric;
using cluster::testing::FakeCluster;
using cluster::testing::makeRow;

namespace {

const QDateTime wall(QDate(2026, 11, 23), QTime(14, 32, 36));
constexpr qint64 now = 1'000'000;

InstanceInfo server() {
  InstanceInfo info;
  info.id = QStringLiteral("local");
  info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
  info.mode = QStringLiteral("memory");
  info.version = QStringLiteral("1.0.0");
  info.state = InstanceState::Live;
  info.answeredAt = now;
  info.answeredWhen = wall;
  info.liveTokens = info.streams = 0;
  info.issuedTotal = info.checkedTotal = info.acceptedTotal = info.refusedTotal = 0;
  info.issueRate = info.checkRate = info.refusedRate = info.localHitRate = info.localMissRate = 0;
  info.issueLatency = info.checkLatency = cluster::Quantiles{};
  info.uptimeSec = 8;
  info.startupMs = 41;
  info.ttlSec = 60;
  return info;
}

InstanceInfo busy() {
  InstanceInfo info = server();
  info.liveTokens = 184;
  info.streams = 24;
  info.issuedTotal = 4318;
  info.issueRate = 3.1;
  info.checkRate = 22.6;
  info.localHitRate = 21.4;
  info.localMissRate = 1.2;
  info.issueLatency = cluster::Quantiles{184, 0.1, 0.2, 0.3};
  info.checkLatency = cluster::Quantiles{1356, 0.1, 0.3, 0.9};
  info.uptimeSec = 3 * 3600.0;
  return info;
}

InstanceInfo gone(InstanceInfo info) {
  info.state = InstanceState::Unreachable;
  info.reason = QStringLiteral("connection_refused");
  info.answeredAt = now - 12'000;
  info.answeredWhen = wall.addSecs(-12);
  info.unreachableSince = now - 12'000;
  info.nextAttemptAt = now + 3'000;
  info.attempts = 4;
  return info;
}

QString everything(const QWidget& widget) {
  QStringList texts;
  for (const auto* child : widget.findChildren<QWidget*>()) {
    if (child->isVisible()) texts << child->accessibleName() << child->accessibleDescription() << child->toolTip();
    if (const auto* label = qobject_cast<const QLabel*>(child); label != nullptr && label->isVisible()) texts << label->text();
  }
  return texts.join(u'\n');
}

}  // namespace

class TestOverview : public QObject {
  Q_OBJECT
 private:
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<OverviewPage> page_;
  std::optional<QString> whyNoCluster_;

  void open(const QList<InstanceInfo>& instances, int revealMs = 15'000) {
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->setNow(now);
    cluster_->fakeTokens().setUpdatedAt(now);
    cluster_->fakeTokens().setIssuerNames({QStringLiteral("local")});
    for (const auto& info : instances) cluster_->addInstance(info);
    page_ = std::make_unique<OverviewPage>(Services{*cluster_, *themes_, *clipboard_},
                                           OverviewOptions{revealMs, [] { return wall; }, [this] { return whyNoCluster_; }});
    page_->resize(1064, 704);
    page_->show();
    page_->setInView(true);
  }
  /// The page gathers news for a quarter of a second.
  void update(const InstanceInfo& info) {
    cluster_->setInstance(info);
    QTest::qWait(300);
  }
  void addTraffic() {
    for (int s = 300; s > 0; --s) {
      const double wave = 1 + 0.2 * ((s * 7 % 13) / 13.0);
      cluster_->editHistory().add(0, wall.toMSecsSinceEpoch() - s * 1000,
                                  {{Metric::LiveTokens, 170 + 10 * wave}, {Metric::OpenStreams, 24},
                                   {Metric::IssueRate, 3 * wave}, {Metric::CheckRate, 20 * wave},
                                   {Metric::RefusedRate, s % 60 == 0 ? 1.0 : 0.0}, {Metric::CheckP95, 0.3 * wave},
                                   {Metric::LocalHitRate, 19 * wave}, {Metric::MissRate, 1 * wave},
                                   {Metric::HitRatio, 0.95}});
    }
  }
  void addTokens(int count) {
    QList<cluster::TokenRow> rows;
    for (int i = 0; i < count; ++i) {
      auto row = makeRow(0x14a0U + static_cast<quint32>(i) * 7919U, now + 60'000 - i * 5'500, 60'000, i);
      row.createdAt = wall.toMSecsSinceEpoch() - i * 5'500;
      row.issuer = 0;
      rows << row;
    }
    cluster_->fakeTokens().add(rows);
  }
  void save(const char* name) {
    const QString folder = qEnvironmentVariable("VX11_SHOTS");
    if (folder.isEmpty()) return;
    for (const QSize size : {QSize(1064, 704), QSize(976, 544)}) {
      page_->resize(size);
      for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
        themes_->choose(choice);
        QTest::qWait(50);
        page_->grab().save(QStringLiteral("%1/%2-%3-%4.png").arg(folder, QLatin1String(name)).arg(size.width())
                               .arg(choice == ThemeChoice::Dark ? QStringLiteral("dark") : QStringLiteral("light")));
      }
    }
    page_->resize(1064, 704);
  }

 private Q_SLOTS:
  void initTestCase() {
    themes_ = std::make_unique<ThemeManager>();
    themes_->choose(ThemeChoice::Light);
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

  void firstStartThenTheFirstToken() {
    open({server()});
    QVERIFY(page_->showsFirstStart());
    QCOMPARE(page_->findChild<PageHeader*>()->verdict(),
             QStringLiteral("Running. A local token service is up at 127.0.0.1:8011, in memory, for this computer only."));
    const QString text = everything(*page_);
    for (const char* part : {"http://127.0.0.1:8011", "none yet", "41 ms", "1.0.0, up 8 s", "Nothing is watched here."})
      QVERIFY2(text.contains(QLatin1String(part)), part);
    save("first-start");

    QSignalSpy issue(page_.get(), &OverviewPage::issueRequested);
    for (auto* button : page_->findChildren<QAbstractButton*>()) {
      if (button->isVisible() && button->text() == QStringLiteral("Issue token")) button->click();
    }
    QCOMPARE(issue.count(), 1);

    addTokens(1);
    QTRY_VERIFY(!page_->showsFirstStart());
    QTRY_VERIFY(!page_->findChild<SumStrip*>()->isHidden());
    QVERIFY(page_->findChild<FirstStartView*>()->isHidden());
    QVERIFY(page_->viewState().value(QStringLiteral("everIssued")).toBool());
  }

  void aClusterIsTriedOrConnectedToFromHere() {
    open({server()});
    QSignalSpy asked(page_.get(), &Page::actionRequested);
    const auto button = [&](const QString& text) {
      QAbstractButton* found = nullptr;
      for (auto* one : page_->findChildren<QAbstractButton*>())
        if (one->text() == text) found = one;
      return found;
    };
    QVERIFY(button(QStringLiteral("Try a cluster"))->isEnabled());
    button(QStringLiteral("Try a cluster"))->click();
    button(QStringLiteral("Add connection…"))->click();
    QCOMPARE(asked.count(), 2);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("profile.cluster"));
    QCOMPARE(asked[1][0].toString(), QStringLiteral("profile.new"));

    // Without a Redis program it says what to install, and finds one that is installed meanwhile.
    whyNoCluster_ = QStringLiteral("install redis-server");
    page_->setInView(false);
    page_->setInView(true);
    QVERIFY(!button(QStringLiteral("Try a cluster"))->isEnabled());
    QVERIFY(everything(*page_).contains(*whyNoCluster_));
    whyNoCluster_.reset();
    page_->setInView(false);
    page_->setInView(true);
    QVERIFY(button(QStringLiteral("Try a cluster"))->isEnabled());
  }

  void firstStepsCanBeHidden() {
    open({server()});
    for (auto* link : page_->findChildren<LinkButton*>()) {
      if (link->text() == QStringLiteral("Hide")) link->click();
    }
    QVERIFY(!page_->showsFirstStart());
    QVERIFY(!page_->findChild<SumStrip*>()->isHidden());
    const QVariantMap state = page_->viewState();
    open({server()});
    QVERIFY(page_->showsFirstStart());
    page_->restoreViewState(state);
    QVERIFY(!page_->showsFirstStart());
  }

  void normal() {
    open({busy()});
    addTraffic();
    addTokens(12);
    cluster_->journal().add({wall.addSecs(-46), cluster::Severity::Info, QStringLiteral("local"), QStringLiteral("issued"),
                             {{QStringLiteral("count"), 20}, {QStringLiteral("ttl_sec"), 60}}, {}});
    cluster_->journal().add({wall.addSecs(-5), cluster::Severity::Info, QStringLiteral("console"),
                             QStringLiteral("connected"), {}, {}});
    QTest::qWait(300);
    page_->setInView(false);
    page_->setInView(true);
    const auto* header = page_->findChild<PageHeader*>();
    QVERIFY(header->verdict().startsWith(QStringLiteral("Healthy. local is live at 127.0.0.1:8011 in memory mode")));
    QStringList figures;
    for (const auto* figure : page_->findChild<SumStrip*>()->findChildren<Figure*>())
      figures << figure->accessibleName() + u'|' + figure->accessibleDescription();
    QCOMPARE(figures.size(), 6);
    QCOMPARE(figures.at(0), QStringLiteral("Live tokens: 184|60 s each"));
    QCOMPARE(figures.at(1), QStringLiteral("Open streams: 24|all on local"));
    QCOMPARE(figures.at(2), QStringLiteral("Issued: 3.1/s|184 in the last minute"));
    QVERIFY(figures.at(3).startsWith(QStringLiteral("Checked: 22.6/s|99.9 % accepted")));
    QCOMPARE(figures.at(4), QStringLiteral("Check p95: 0.3 ms|p99 0.9 ms"));
    QCOMPARE(figures.at(5), QStringLiteral("Local hit ratio: 95 %|expected 100 %"));
    QVERIFY(everything(*page_->findChild<NewestTokens*>()).contains(QStringLiteral("60 s, local")));
    save("normal");
  }

  void nothingMeasuredIsNotZero() {
    InstanceInfo foreign = server();
    foreign.internalCalls = false;
    foreign.mode.clear();
    foreign.liveTokens = foreign.streams = std::nullopt;
    foreign.issueRate = foreign.checkRate = foreign.refusedRate = foreign.localHitRate = std::nullopt;
    foreign.issueLatency = foreign.checkLatency = std::nullopt;
    foreign.issuedTotal = 7;
    open({foreign});
    for (const auto* figure : page_->findChildren<Figure*>()) {
      if (figure->isVisible()) QVERIFY2(figure->text() == QStringLiteral("unknown"), qPrintable(figure->accessibleName()));
    }
    QVERIFY(everything(*page_).contains(QStringLiteral("not reported")));
    save("foreign");
    // With its calls answered but no check made, the percentile is "none", not 0.0 ms.
    InstanceInfo idle = server();
    idle.issuedTotal = 7;
    update(idle);
    QVERIFY(everything(*page_).contains(QStringLiteral("Check p95: none")));
  }

  void anInstanceThatGoesAwayKeepsItsValues() {
    open({busy()});
    addTraffic();
    addTokens(12);
    QSignalSpy badges(page_.get(), &Page::badgeChanged);
    update(gone(busy()));
    QCOMPARE(badges.count(), 1);
    QCOMPARE(badges.first().first().value<Badge>(), (Badge{QStringLiteral("1"), false, true}));

    const auto* header = page_->findChild<PageHeader*>();
    QCOMPARE(header->mark(), Mark::Unreachable);
    QVERIFY(header->verdict().endsWith(QStringLiteral("since 14:32:24; attempt 5 in 3 s.")));
    auto* bar = page_->findChild<InlineBar*>();
    QVERIFY(!bar->isHidden());
    QVERIFY(bar->text().startsWith(QStringLiteral("local at 127.0.0.1:8011 does not answer (connection refused).")));
    QVERIFY(bar->text().endsWith(QStringLiteral("Attempt 5 in 3 s.")));

    const auto figures = page_->findChild<SumStrip*>()->findChildren<Figure*>();
    QCOMPARE(figures.first()->accessibleName(), QStringLiteral("Live tokens: 184"));
    QCOMPARE(figures.first()->accessibleDescription(), QStringLiteral("12 s old"));
    QVERIFY(everything(*page_->findChild<SumStrip*>()).contains(QStringLiteral("0 of 1 instances report")));
    QVERIFY(everything(*page_).contains(QStringLiteral("Since 14:32:24, attempt 5 in 3 s")));
    save("unreachable");

    // Counted down each second, without news.
    cluster_->advance(1'000);
    QTRY_VERIFY_WITH_TIMEOUT(bar->text().endsWith(QStringLiteral("Attempt 5 in 2 s.")), 1'500);
    for (auto* button : bar->findChildren<QAbstractButton*>()) {
      if (button->text() == QStringLiteral("Retry now")) button->click();
    }
    QCOMPARE(cluster_->retries, 1);

    cluster_->setNow(now);
    update(busy());
    QVERIFY(bar->isHidden());
    QCOMPARE(badges.last().first().value<Badge>(), Badge{});
  }

  void theServerThatCouldNotStart() {
    InstanceInfo info = server();
    info.state = InstanceState::Stopped;
    info.answeredAt = -1;
    open({info});
    cluster_->failStart(QStringLiteral("No port is free."));
    QTRY_COMPARE(page_->findChild<PageHeader*>()->verdict(), QStringLiteral("Not started. No port is free."));
    QVERIFY(page_->findChild<InlineBar*>()->text().contains(QStringLiteral("could not start")));
  }

  void principalIsHiddenUntilTheEyeIsPressed() {
    open({server()}, 150);
    const QString secret = QStringLiteral("a-principal-of-this-test");
    const auto* card = page_->findChild<LocalServerCard*>();
    QVERIFY(!everything(*page_).contains(secret));
    QVERIFY(everything(*card).contains(QStringLiteral("••••••••••••")));
    IconButton* eye = nullptr;
    for (auto* button : card->findChildren<IconButton*>()) {
      if (button->accessibleName() == QStringLiteral("Reveal the principal")) eye = button;
    }
    QVERIFY(eye != nullptr);
    eye->click();
    QVERIFY(everything(*card).contains(secret));
    update(server());  // news don't hide it
    QTRY_VERIFY(!everything(*page_).contains(secret));
    eye->click();
    QVERIFY(everything(*card).contains(secret));
    page_->setInView(false);
    QVERIFY(!everything(*page_).contains(secret));
    eye->click();
    eye->click();
    QVERIFY(!everything(*page_).contains(secret));
  }

  void principalIsCopiedThroughTheGuard() {
    open({server()});
    for (auto* button : page_->findChildren<IconButton*>()) {
      if (button->accessibleName() == QStringLiteral("Copy principal")) button->click();
    }
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a-principal-of-this-test"));
    QVERIFY(clipboard_->holdsSecret());
    QCOMPARE(clipboard_->kind(), ClipboardGuard::Kind::Principal);
    QVERIFY(clipboard_->secondsLeft() >= 29 && clipboard_->secondsLeft() <= 30);
    clipboard_->clearNow();
  }

  void shellCommandsHoldNoSecret() {
    open({server()});
    QSignalSpy message(page_.get(), &Page::message);
    int copied = 0;
    for (auto* button : page_->findChildren<QAbstractButton*>()) {
      if (button->text() != QStringLiteral("Copy") && button->text() != QStringLiteral("Copy curl")) continue;
      button->click();
      ++copied;
      const QString text = QGuiApplication::clipboard()->text();
      QVERIFY(text.contains(QStringLiteral("$VX11_OPERATOR_TOKEN")));
      QVERIFY(!text.contains(QStringLiteral("a-principal-of-this-test")));
    }
    QCOMPARE(copied, 2);
    QCOMPARE(message.count(), 2);
  }

  void nothingIsDoneOutOfView() {
    open({busy()});
    page_->setInView(false);
    QVERIFY(!cluster_->fakeTokens().active());
    InstanceInfo more = busy();
    more.liveTokens = 200;
    update(more);
    const auto tokens = [&] { return page_->findChild<SumStrip*>()->findChildren<Figure*>().first()->text(); };
    QCOMPARE(tokens(), QStringLiteral("184"));
    page_->setInView(true);
    QVERIFY(cluster_->fakeTokens().active());
    QCOMPARE(tokens(), QStringLiteral("200"));
    page_->setPaused(true);
    more.liveTokens = 201;
    update(more);
    QCOMPARE(tokens(), QStringLiteral("200"));
    page_->setPaused(false);
    QCOMPARE(tokens(), QStringLiteral("201"));
  }

  void takesAnyNumberOfInstances() {
    QList<InstanceInfo> instances;
    for (int i = 0; i < 7; ++i) {
      InstanceInfo info = busy();
      info.id = QStringLiteral("fra-%1").arg(i + 1);
      instances << info;
    }
    instances[2].state = InstanceState::Degraded;
    instances[2].reason = QStringLiteral("redis_down");
    open(instances);
    QCOMPARE(page_->findChildren<InstanceCard*>().size(), 7);
    QVERIFY(everything(*page_).contains(QStringLiteral("worst of 7, fra-1")));
    save("seven");
    cluster_->clearInstances();
    QTRY_COMPARE(page_->findChild<PageHeader*>()->verdict(), QStringLiteral("Unknown. This profile has no instance yet."));
  }

  void neverWiderThanItsPlace() {
    for (const QSize size : {QSize(976, 544), QSize(1064, 704), QSize(2000, 1000)}) {
      for (const auto& info : {server(), busy()}) {
        open({info});
        page_->resize(size);
        QTest::qWait(20);
        const auto* scroll = page_->findChild<QScrollArea*>();
        QVERIFY2(scroll->widget()->width() <= scroll->viewport()->width(),
                 qPrintable(QString::number(scroll->widget()->width())));
      }
    }
  }

  void laterPageIsCalm() {
    open({server()});
    LaterPage later(Services{*cluster_, *themes_, *clipboard_}, QStringLiteral("Redis"), QStringLiteral("database"),
                    QStringLiteral("This profile has no Redis."));
    later.resize(800, 600);
    later.show();
    QVERIFY(everything(later).contains(QStringLiteral("This profile has no Redis.")));
  }
};

QTEST_MAIN(TestOverview)
#include "test_overview.moc"
